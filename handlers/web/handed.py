"""Noting which passive replies left, after they left and without holding them up."""

import queue
import threading

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import Clock
from bot.db.engine import transaction
from bot.inbox import mark_handed

log = structlog.get_logger(__name__)


class Handed:
    """
    Writes `handed_at` in the background, many rows in one transaction under load.

    A reply that is never noted here is sent again by the outbox, so the moment
    between leaving and noting is kept as short as a thread's wake-up.
    """

    def __init__(self, engine: Engine, now: Clock) -> None:
        """Start the writing thread."""
        self._engine = engine
        self._now = now
        self._ids: queue.SimpleQueue[int] = queue.SimpleQueue()
        threading.Thread(target=self._run, name="handed", daemon=True).start()

    def note(self, inbound_id: int) -> None:
        """Let the row be marked soon."""
        self._ids.put(inbound_id)

    def _run(self) -> None:
        while True:
            ids = [self._ids.get()]
            while not self._ids.empty():
                ids.append(self._ids.get())
            try:
                with transaction(self._engine) as session:
                    mark_handed(session, ids, now=self._now())
            except SQLAlchemyError as error:
                # The outbox sends these once more; a doubled reply is better than a lost one.
                log.warning("handed_not_noted", count=len(ids), error=type(error).__name__)
