"""Asking the NLU processes what a text means, within a deadline."""

import itertools
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeVar
from urllib.parse import quote, urlsplit

from bot.contracts import Understanding, Vector
from bot.errors import NluUnavailableError
from bot.settings import Nlu as NluSettings
from bot.understanding.answer import read_answer
from bot.understanding.breaker import Breaker
from bot.understanding.normalise import normalise
from bot.understanding.vectors import read_vectors
from bot.understanding.wire import Wire

LONGEST = 4_000
"""The NLU process refuses more than 5,000 characters; WeChat sends far fewer."""
MOST_EMBEDDED = 32
"""Texts that one call of `embed` may hold."""
_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class _Server:
    name: str
    wire: Wire
    breaker: Breaker


class RasaNlu:
    """Rasa's HTTP contract, over one or more servers asked in turn; safe for many threads."""

    def __init__(self, settings: NluSettings) -> None:
        token = settings.token.get_secret_value()
        self._query = f"?token={quote(token, safe='')}" if token else ""
        self._seconds = settings.deadline_ms / 1000
        self._servers = tuple(_server(url) for url in settings.urls)
        self._turn = itertools.count()

    def understand(
        self,
        text: str,
        *,
        now: datetime,
        within_ms: int | None = None,
        by_words: bool = False,
    ) -> Understanding:
        """
        Say what *text* means; all tries together take at most `nlu.deadline_ms`, or *within_ms*.

        A failure in less than the usual time is not held against a server.  *by_words*: no
        sentence vector is made (the thin server's own; `rasa run` does not know of it).

        Raises:
            NluUnavailableError: no server gave a usable answer in time.
        """
        sent = normalise(text)[:LONGEST]
        seconds = self._seconds if within_ms is None else min(within_ms / 1000, self._seconds)
        return self._ask_in_turn(
            "/model/parse",
            {"text": sent, "hurried": True} if by_words else {"text": sent},
            lambda body: read_answer(body, now),
            seconds,
            held=seconds == self._seconds,
        )

    def embed(
        self, texts: Sequence[str], *, kind: Literal["query", "passage"], within_ms: int
    ) -> tuple[Vector, ...]:
        """
        Return a vector for each of 1 to MOST_EMBEDDED *texts*; all tries take at most *within_ms*.

        A question is a `query`, what may answer it a `passage`. No failure is held against a
        server: one that has no encoder reads messages all the same.

        Raises:
            NluUnavailableError: no server gave them in time, or none has an encoder.
        """
        sent = [normalise(text)[:LONGEST] for text in texts]
        return self._ask_in_turn(
            "/embed",
            {"texts": sent, "kind": kind},
            lambda body: read_vectors(body, count=len(sent)),
            within_ms / 1000,
            held=False,
        )

    def health(self) -> dict[str, dict[str, object]]:
        """Return by host:port `ok`, `resting`, `failures` in a row and the last `problem`."""
        return {server.name: server.breaker.state() for server in self._servers}

    def close(self) -> None:
        """Hang up every connection that is not in use."""
        for server in self._servers:
            server.wire.close()

    def _ask_in_turn(
        self,
        path: str,
        question: dict[str, object],
        read: Callable[[bytes], _Read],
        seconds: float,
        *,
        held: bool,
    ) -> _Read:
        """Return the first usable answer; where failures are *held*, the breakers count them."""
        body = json.dumps(question, ensure_ascii=False).encode()
        deadline = time.monotonic() + seconds
        problem = "every server is resting after failures"
        for server, share in self._candidates():
            asked_at = time.monotonic()
            part = asked_at + (deadline - asked_at) / share  # leave the others theirs
            try:
                answer = read(server.wire.post(path + self._query, body, deadline=part))
            except NluUnavailableError as error:
                problem = str(error)
                if held:
                    server.breaker.failed(problem, asked_at=asked_at)
            else:
                server.breaker.succeeded()
                return answer
        raise NluUnavailableError(problem)

    def _candidates(self) -> Iterator[tuple[_Server, int]]:
        """
        Yield the servers that may be asked, each with how many could still come.

        Who rests is looked up anew each time: one may be back since the question came.
        """
        start = next(self._turn) % len(self._servers) if self._servers else 0
        left = [*self._servers[start:], *self._servers[:start]]
        while awake := [server for server in left if not server.breaker.rests()]:
            left.remove(awake[0])
            if awake[0].breaker.allows():
                yield awake[0], len(awake)


def _server(url: str) -> _Server:
    address = urlsplit(url)
    return _Server(f"{address.hostname}:{address.port or 80}", Wire(url), Breaker())
