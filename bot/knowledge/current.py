"""The index of this process, renewed in the background while messages are answered."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot import memory
from bot.knowledge import revision
from bot.knowledge.renewing import Renewing, State

log = structlog.get_logger(__name__)
EVERY_SECONDS = 0.5
"""How often a process looks whether something was published."""
Reading = Callable[[], AbstractContextManager[Session]]


class Current:
    """The newest index there is; safe for many threads."""

    def __init__(self) -> None:
        self._state: tuple[int, State] | None = None
        self._renewing = threading.Lock()
        self._next = Renewing()
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
                    state = (number, self._next.read(session))
                    self._state = state
                    memory.give_back()
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
