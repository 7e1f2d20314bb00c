"""One HTTP call with an end: however a server dawdles, the answer is here by the deadline."""

import contextlib
import http.client
import io
import socket
import threading
import time
from http import HTTPStatus
from typing import BinaryIO, cast
from urllib.parse import urlsplit

from bot.errors import NluUnavailableError

_LARGEST = 262_144
_IDLE_KEPT = 32
_LEAST = 0.001


class Wire:
    """Keep-alive connections to one server; safe for many threads."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self._secure = address.scheme == "https"
        self._host = address.hostname or ""
        self._port = address.port
        self._prefix = address.path.rstrip("/")
        self._idle: list[_Connection] = []
        self._lock = threading.Lock()

    def post(self, path: str, body: bytes, *, deadline: float) -> bytes:
        """
        Return the body of a 200 answer; *deadline* is a reading of `time.monotonic`.

        Raises:
            NluUnavailableError: anything else happened; the text names neither address nor body.
        """
        try:
            return self._post(path, body, deadline)
        except TimeoutError:
            reason = "no answer in time"
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = type(error).__name__
        raise NluUnavailableError(reason)

    def close(self) -> None:
        """Hang up every connection that is not in use."""
        connection = self._take()
        while connection:
            connection.close()
            connection = self._take()

    def _post(self, path: str, body: bytes, deadline: float) -> bytes:
        connection = self._take()
        while connection:
            # A kept connection may have been closed meanwhile; that is no failure of the server.
            with contextlib.suppress(http.client.RemoteDisconnected, ConnectionError):
                return self._exchange(connection, path, body, deadline=deadline)
            connection = self._take()
        return self._exchange(self._new(), path, body, deadline=deadline)

    def _exchange(
        self, connection: "_Connection", path: str, body: bytes, *, deadline: float
    ) -> bytes:
        try:
            answer = connection.exchange(self._prefix + path, body, deadline)
        except BaseException:
            connection.close()
            raise
        self._give_back(connection)
        return answer

    def _take(self) -> "_Connection | None":
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _give_back(self, connection: "_Connection") -> None:
        with self._lock:
            if connection.reusable and len(self._idle) < _IDLE_KEPT:
                self._idle.append(connection)
                return
        connection.close()

    def _new(self) -> "_Connection":
        kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        return _Connection(kind(self._host, self._port))


class _Connection:
    """http.client with its socket under a deadline."""

    def __init__(self, raw: http.client.HTTPConnection) -> None:
        self._raw = raw
        self._socket: _DeadlineSocket | None = None
        self.reusable = False

    def exchange(self, path: str, body: bytes, deadline: float) -> bytes:
        self._ready(deadline).deadline = deadline
        self._raw.request("POST", path, body, {"Content-Type": "application/json"})
        response = self._raw.getresponse()
        answer = response.read(_LARGEST + 1)
        if response.status != HTTPStatus.OK:
            msg = f"answered {response.status}"
            raise NluUnavailableError(msg)
        if len(answer) > _LARGEST:
            msg = "answered too much"
            raise NluUnavailableError(msg)
        self.reusable = not response.will_close and response.isclosed()
        return answer

    def close(self) -> None:
        self._raw.close()
        if self._socket:
            self._socket.hang_up()

    def _ready(self, deadline: float) -> "_DeadlineSocket":
        if self._socket is None:
            # Looking up a host name is the one step that nothing here can cut short.
            self._raw.timeout = _left(deadline)
            self._raw.connect()
            self._socket = _DeadlineSocket(self._raw.sock, deadline)
            self._raw.sock = cast("socket.socket", self._socket)
        return self._socket


class _DeadlineSocket:
    """A socket whose reads and writes together end by one moment: a drip does not extend it."""

    def __init__(self, raw: socket.socket, deadline: float) -> None:
        self._raw = raw
        self.deadline = deadline

    def sendall(self, data: bytes) -> None:
        self._raw.settimeout(_left(self.deadline))
        self._raw.sendall(data)

    def makefile(self, mode: str) -> BinaryIO:
        del mode
        return cast("BinaryIO", io.BufferedReader(_Reading(self)))

    def receive(self, buffer: bytearray) -> int:
        self._raw.settimeout(_left(self.deadline))
        return self._raw.recv_into(buffer)

    def close(self) -> None:
        """Do nothing: http.client calls this while the answer is still to be read."""

    def hang_up(self) -> None:
        self._raw.close()


class _Reading(io.RawIOBase):
    def __init__(self, connection: _DeadlineSocket) -> None:
        self._connection = connection

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        return self._connection.receive(buffer)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left < _LEAST:
        raise TimeoutError
    return left
