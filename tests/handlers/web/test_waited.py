"""WeChat's five seconds run while a call waits for a thread."""

import socket
import threading

from handlers.web.waited import waited


def test_a_call_that_lay_there_is_known_to_have_waited() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as caller,
    ):
        caller.sendall(b"POST")
        threading.Event().wait(0.2)
        accepted, _ = server.accept()
        with accepted:
            late = waited({"gunicorn.socket": accepted})

    assert late >= 0.1


def test_without_a_connection_nobody_can_say() -> None:
    one, other = socket.socketpair()
    with one, other:
        assert waited({"gunicorn.socket": one}) == 0
    assert waited({}) == 0
