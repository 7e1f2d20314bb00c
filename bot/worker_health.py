"""The worker's own `/healthy` and `/metrics`, for this machine."""

import json
import threading
from collections.abc import Iterable
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import StartResponse, WSGIEnvironment

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.health import check
from bot.line import Line


class _Server(ThreadingMixIn, WSGIServer):
    """Answers several at once, so that one slow caller hides nothing."""

    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    """Writes no line for each call."""

    def log_message(self, *_: Any) -> None:  # noqa: ANN401 (the library's signature)
        """Say nothing."""


def serve_health(line: Line, *, host: str, port: int) -> WSGIServer:
    """Answer in the background until the process ends; return the server."""

    def app(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/healthy":
            return _healthy(line, start)
        if path == "/metrics":
            start("200 OK", [("Content-Type", CONTENT_TYPE_LATEST)])
            return [generate_latest()]
        start("404 Not Found", [("Content-Type", "text/plain")])
        return [b""]

    server = make_server(host, port, app, server_class=_Server, handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
    return server


def _healthy(line: Line, start: StartResponse) -> Iterable[bytes]:
    health = check(line.engine, now=line.now())
    status = "200 OK" if health.ok else "503 Service Unavailable"
    start(status, [("Content-Type", "application/json")])
    return [json.dumps({"ok": health.ok, "parts": dict(health.parts)}).encode()]
