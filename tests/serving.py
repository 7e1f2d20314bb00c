"""An application behind a real port, for a browser or another process."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.serving import make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


@contextmanager
def serving(app: Flask) -> Iterator[int]:
    """Serve *app* on a free port; yields the port."""
    server = make_server("127.0.0.1", 0, _whole(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _whole(app: Flask) -> "WSGIApplication":
    """Read answers to their end at once: this server leaves open what a browser hangs up on."""

    def read(environ: "WSGIEnvironment", start_response: "StartResponse") -> list[bytes]:
        answer = app(environ, start_response)
        try:
            return list(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()

    return read
