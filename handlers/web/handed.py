"""Noting which passive replies left, after they left and without holding them up."""

import atexit
import queue
import threading

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import Clock
from bot.db.engine import transaction
from bot.inbox import mark_handed

CLOSING_SECONDS = 5.0
GATHER_SECONDS = 0.1
"""After a note the next waits so long: under load a transaction each would cost a tenth of all."""
log = structlog.get_logger(__name__)


class Handed:
    """
    Writes `handed_at` in the background, many rows in one transaction under load.

    A reply that is never noted here is sent again by the outbox, so the moment
    between leaving and noting is short (a tenth of a second at most under load),
    and a process that is told to stop writes what it has before it ends.
    """

    def __init__(self, engine: Engine, now: Clock) -> None:
        """Start the writing thread."""
        self._engine = engine
        self._now = now
        self._ids: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="handed", daemon=True)
        self._thread.start()
        atexit.register(self.close)

    def note(self, inbound_id: int) -> None:
        """Let the row be marked soon."""
        self._ids.put(inbound_id)

    def close(self) -> None:
        """Write what is left, and no more after that."""
        atexit.unregister(self.close)
        self._ids.put(None)
        self._closing.set()
        self._thread.join(CLOSING_SECONDS)

    def _run(self) -> None:
        found: list[int | None] = []
        while None not in found:
            found = [self._ids.get()]
            while not self._ids.empty():
                found.append(self._ids.get())
            ids = [one for one in found if one is not None]
            if not ids:
                return
            try:
                with transaction(self._engine) as session:
                    mark_handed(session, ids, now=self._now())
            except SQLAlchemyError as error:
                # The outbox sends these once more; a doubled reply is better than a lost one.
                log.warning("handed_not_noted", count=len(ids), error=type(error).__name__)
            if None not in found:
                self._closing.wait(GATHER_SECONDS)
