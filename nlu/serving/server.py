"""Starts the thin server, and says in one line why it cannot."""

import argparse
import logging
import os
import socket
import sys
from pathlib import Path

from aiohttp import web

from nlu.serving.app import make_app
from nlu.serving.model import ModelError, load
from nlu.training.choice import chosen

TOKEN = "YUNQIAO_NLU__TOKEN"  # noqa: S105  (the variable's name)
_HOST = "127.0.0.1"


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to stop; return the exit status."""
    options = _options(arguments)
    token = os.environ.get(TOKEN, "")
    if not token:
        return _complain(f"set {TOKEN}: without a token anybody here could swap the model")
    model = _wanted(options.model)
    if model is None:
        return _complain(f"no model at {options.model}: run nlu/train.py first")
    _configure_logging()
    try:
        door = _bound(options.port)
    except OSError as error:
        return _complain(f"cannot listen on {_HOST}:{options.port}: {error.strerror}")
    with door:
        return _serve(model, options.model, token, door)


def _serve(path: Path, wanted: Path, token: str, door: socket.socket) -> int:
    try:
        model = load(path)
        # Another may have been chosen meanwhile, and nobody can tell us before we listen.
        newer = _wanted(wanted)
        if newer and newer != path:
            model = load(newer)
    except ModelError as error:
        return _complain(str(error))
    app = make_app(model, token=token)
    print(f"nlu: {model.name} on http://{_HOST}:{door.getsockname()[1]}", flush=True)
    web.run_app(app, sock=door, print=None, access_log=None, handler_cancellation=True)
    return 0


def _wanted(place: Path) -> Path | None:
    """Return the model at *place*, which is its archive or the folder in which it is chosen."""
    if place.is_dir():
        return chosen(place)
    return place if place.is_file() else None


def _bound(port: int) -> socket.socket:
    """Hold *port* without listening: until the model is loaded a caller is refused at once."""
    door = socket.socket()
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((_HOST, port))
    except OSError:
        door.close()
        raise
    return door


def _configure_logging() -> None:
    # Rasa logs at DEBUG what a person wrote; warnings never hold it.
    logging.basicConfig(level=logging.WARNING, format="nlu: %(levelname)s %(name)s %(message)s")


def _complain(reason: str) -> int:
    print(f"nlu: {reason}", file=sys.stderr)
    return 1


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="nlu/serve.py", description=__doc__)
    models = Path("var/models/nlu")
    parser.add_argument("--model", type=Path, default=models, help="a model, or their folder")
    parser.add_argument("--port", type=int, default=5005)
    return parser.parse_args(arguments)
