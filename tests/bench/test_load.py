import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.bench.load import put
from tests.bench.served import Server


class Echo(BaseHTTPRequestHandler):
    """Answers what it was sent; refuses what asks for it."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(500 if "refuse" in body.decode() else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name)
        pass


@contextmanager
def echo() -> Iterator[Server]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Server(server.server_port, "t", 0, 0.0)
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("clients", [1, 8])
def test_every_text_is_sent_once_and_answered_in_its_place(clients: int) -> None:
    texts = [f"message {number}" for number in range(50)]

    with echo() as server:
        load, answers = put(server, texts, clients=clients)

    assert [text in body.decode() for text, body in zip(texts, answers, strict=True)] == [
        True
    ] * 50
    assert (load.clients, load.requests) == (clients, 50)
    assert 0 < load.p50_ms <= load.p99_ms
    assert load.per_second > 0


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_request_that_is_refused_ends_the_measurement() -> None:
    with echo() as server, pytest.raises(RuntimeError, match="3 of 4"):
        put(server, ["a", "refuse", "b", "c"], clients=1)
