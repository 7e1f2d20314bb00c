"""The index of this process, renewed in the background while messages are answered."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.knowledge import revision
from bot.knowledge.heard import shipped
from bot.knowledge.index import Index
from bot.knowledge.published import published, published_passages
from bot.knowledge.scope import Shelf, shelve
from bot.knowledge.vectors import known

log = structlog.get_logger(__name__)
EVERY_SECONDS = 0.5
"""How often a process looks whether something was published."""
Reading = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True, slots=True)
class State:
    """What is published, ready to be searched."""

    index: Index
    shelf: Shelf
    passages: Index
    """Of policy documents, apart: they are never answered with."""


class Current:
    """The newest index there is; safe for many threads."""

    def __init__(self) -> None:
        self._state: tuple[int, State] | None = None
        self._renewing = threading.Lock()
        self._watcher: threading.Thread | None = None
        self._closed = threading.Event()

    def get(self, session: Session) -> State:
        """
        Return the index of what is published.

        Where somebody watches, an index that has just become old is good enough:
        nobody waits for the next one, or asks whether there is one.
        """
        state = self._state
        if state is None or self._watcher is None:
            return self.renew(session)
        return state[1]

    def renew(self, session: Session) -> State:
        """Build the index of what is published, unless it is there already."""
        number = revision.current(session)
        state = self._state
        if state is None or state[0] != number:
            with self._renewing:
                state = self._state
                if state is None or state[0] != number:
                    # Read after the number: what is published in between is read again later.
                    state = (number, _read(session))
                    self._state = state
        return state[1]

    def watch(self, read: Reading) -> None:
        """Renew from now on within a second of a publish, in a thread of its own."""
        if self._watcher is None:
            self._closed.clear()
            self._watcher = threading.Thread(
                target=self._watch, args=(read,), name="knowledge-index", daemon=True
            )
            self._watcher.start()

    def close(self) -> None:
        """Watch no longer; every message looks for itself again."""
        self._closed.set()
        if self._watcher is not None:
            self._watcher.join()
            self._watcher = None

    def _watch(self, read: Reading) -> None:
        while not self._closed.wait(EVERY_SECONDS):
            try:
                with read() as session:
                    self.renew(session)
            except SQLAlchemyError as error:
                log.warning("index_not_renewed", error=type(error).__name__)


def _read(session: Session) -> State:
    shelf, vectors = shelve(published(session)), known(session)
    passages = Index(published_passages(session), vectors)
    return State(Index(shelf.heads, vectors, shipped().unanswered), shelf, passages)
