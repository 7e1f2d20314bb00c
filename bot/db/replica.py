"""A copy of the database that only reads, for pages that count much; never older than seconds."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.db.engine import make_engine, reading

log = structlog.get_logger(__name__)

BEHIND_SECONDS = 3.0
"""More than this, and nobody reads it."""
QUIET_SECONDS = 15.0
"""So long nothing may have come to replay, though all that came is replayed: a worker's sign of
life comes every five seconds, so that a replica cut off is known by it."""
LOOK_SECONDS = 1.0
AWAY_SECONDS = 10.0
CONNECT_SECONDS = 2
_LAG = text(
    "SELECT pg_is_in_recovery(),"
    " coalesce(extract(epoch FROM now() - pg_last_xact_replay_timestamp()), 1e9)::float,"
    " coalesce(pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn(), false)"
)


class Replica:
    """A streaming replica of PostgreSQL, looked at once a second while it is asked for."""

    def __init__(self, engine: Engine, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Take the engine of the replica; nothing is asked of it yet."""
        self._engine = engine
        self._monotonic = monotonic
        self._look_again = 0.0
        self._fresh = False
        self._looking = threading.Lock()

    def is_fresh(self) -> bool:
        """Say whether it may be read now: it is there, and seconds behind at the most."""
        with self._looking:
            if self._monotonic() >= self._look_again:
                self._look()
            return self._fresh

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session that only reads; where the replica fails, it is left alone a while."""
        try:
            with reading(self._engine) as session:
                yield session
        except SQLAlchemyError:
            self._leave_alone()
            raise

    def _look(self) -> None:
        try:
            with self._engine.connect() as connection:
                copies, seconds, caught_up = connection.execute(_LAG).one()
        except SQLAlchemyError as error:
            log.warning("replica_away", error=type(error).__name__)
            self._leave_alone()
            return
        most = QUIET_SECONDS if caught_up else BEHIND_SECONDS
        fresh = bool(copies) and seconds <= most
        if fresh != self._fresh:
            log.info("replica", fresh=fresh, seconds=round(min(seconds, 1e6), 1))
        self._fresh, self._look_again = fresh, self._monotonic() + LOOK_SECONDS

    def _leave_alone(self) -> None:
        self._fresh, self._look_again = False, self._monotonic() + AWAY_SECONDS


def make_replica(url: str) -> Replica | None:
    """Return the replica at *url*; None where there is no address."""
    if not url:
        return None
    return Replica(make_engine(url, connect_seconds=CONNECT_SECONDS))
