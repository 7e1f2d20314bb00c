"""Asking the NLU processes what a text means, within a deadline."""

import itertools
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlsplit

from bot.contracts import Understanding
from bot.errors import NluUnavailableError
from bot.settings import Nlu as NluSettings
from bot.understanding.answer import read_answer
from bot.understanding.breaker import Breaker
from bot.understanding.normalise import normalise
from bot.understanding.wire import Wire

LONGEST = 4_000
"""The NLU process refuses more than 5,000 characters; WeChat sends far fewer."""


@dataclass(frozen=True, slots=True)
class _Server:
    name: str
    wire: Wire
    breaker: Breaker


class RasaNlu:
    """Rasa's HTTP contract, over one or more servers asked in turn; safe for many threads."""

    def __init__(self, settings: NluSettings) -> None:
        token = settings.token.get_secret_value()
        self._path = "/model/parse" + (f"?token={quote(token, safe='')}" if token else "")
        self._seconds = settings.deadline_ms / 1000
        self._servers = tuple(_server(url) for url in settings.urls)
        self._turn = itertools.count()

    def understand(
        self, text: str, *, now: datetime, within_ms: int | None = None
    ) -> Understanding:
        """
        Say what *text* means; all tries together take at most `nlu.deadline_ms`, or *within_ms*.

        A failure in less than the usual time is not held against a server.

        Raises:
            NluUnavailableError: no server gave a usable answer in time.
        """
        del now
        sent = normalise(text)[:LONGEST]
        body = json.dumps({"text": sent}, ensure_ascii=False).encode()
        seconds = self._seconds if within_ms is None else min(within_ms / 1000, self._seconds)
        deadline = time.monotonic() + seconds
        problem = "every server is resting after failures"
        for server, share in self._candidates():
            try:
                return self._ask(server, body, deadline=_part(deadline, share))
            except NluUnavailableError as error:
                problem = str(error)
                if seconds == self._seconds:
                    server.breaker.failed(problem)
        raise NluUnavailableError(problem)

    def health(self) -> dict[str, dict[str, object]]:
        """Return by host:port `ok`, `resting`, `failures` in a row and the last `problem`."""
        return {server.name: server.breaker.state() for server in self._servers}

    def close(self) -> None:
        """Hang up every connection that is not in use."""
        for server in self._servers:
            server.wire.close()

    def _candidates(self) -> Iterator[tuple[_Server, int]]:
        """Yield the servers that may be asked, each with how many could still come."""
        count = len(self._servers)
        start = next(self._turn) % count if count else 0
        for step in range(count):
            server = self._servers[(start + step) % count]
            if server.breaker.allows():
                yield server, count - step

    def _ask(self, server: _Server, body: bytes, *, deadline: float) -> Understanding:
        understanding = read_answer(server.wire.post(self._path, body, deadline=deadline))
        server.breaker.succeeded()
        return understanding


def _part(deadline: float, share: int) -> float:
    """Leave the servers after this one their part of the time."""
    now = time.monotonic()
    return now + (deadline - now) / share


def _server(url: str) -> _Server:
    address = urlsplit(url)
    return _Server(f"{address.hostname}:{address.port or 80}", Wire(url), Breaker())
