"""A local HTTP server that answers as a test tells it to."""

import base64
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[BaseHTTPRequestHandler], None]

GOOD: dict[str, Any] = {
    "text": "老板不给钱",
    "intent": {"name": "dispute", "confidence": 0.8},
    "intent_ranking": [
        {"name": "dispute", "confidence": 0.8},
        {"name": "help_request", "confidence": 0.1},
    ],
    "topic": {"name": "wages", "confidence": 0.7},
    "topic_ranking": [
        {"name": "wages", "confidence": 0.7},
        {"name": "labour_contract", "confidence": 0.2},
    ],
    "entities": [],
}


def a_vector(first: float = 1.0) -> str:
    """Return a vector along the first axis as the NLU writes it."""
    return base64.b64encode(struct.pack("<384e", first, *[0.0] * 383)).decode()


VECTORS: dict[str, Any] = {"model": "an encoder", "vectors": [a_vector(), a_vector(-1.0)]}


@dataclass
class AServer:
    """What it will answer, and what it was asked."""

    answer: Answer
    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    connections: set[int] = field(default_factory=set)


def says(document: object, *, status: int = 200) -> Answer:
    """Answer with JSON."""
    return says_bytes(json.dumps(document).encode(), status=status)


def says_bytes(
    body: bytes, *, status: int = 200, kind: str = "application/json", location: str = ""
) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(body)))
        if location:
            handler.send_header("Location", location)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def drips(body: bytes, stop: threading.Event) -> Answer:
    """Send a byte every 20 ms until the test is over."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for byte in body:
            if stop.wait(0.02):
                return
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()

    return answer


def waits(stop: threading.Event) -> Answer:
    """Say nothing until the test is over."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        stop.wait(10)
        handler.close_connection = True

    return answer


@contextmanager
def a_server(answer: Answer) -> Iterator[AServer]:
    server = AServer(answer)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            server.asked.append(json.loads(self.rfile.read(length)))
            server.paths.append(self.path)
            server.connections.add(self.client_address[1])
            try:
                server.answer(self)
            except ConnectionError:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        httpd.daemon_threads = True
        thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        server.url = f"http://127.0.0.1:{httpd.server_port}"
        try:
            yield server
        finally:
            httpd.shutdown()
            thread.join()


def a_closed_port() -> str:
    """Return the address of a port on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"
