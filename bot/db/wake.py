"""
Waking workers the moment there is work, where the database can: PostgreSQL's NOTIFY.

SQLite has one machine and a worker that looks twice a second.  With PostgreSQL
a word goes with the commit of the work itself, so it is never too early, and a
rolled-back transaction wakes nobody.
"""

import threading
from collections.abc import Callable
from typing import Any

import structlog
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

log = structlog.get_logger(__name__)

CHANNEL = "yunqiao_work"
LOOK_UP_SECONDS = 1.0
AGAIN_AFTER_SECONDS = 2.0
GATHER_SECONDS = 0.05


class Bell:
    """Lets threads that pause be woken together."""

    def __init__(self) -> None:
        """Make a bell at which nobody waits."""
        self._rung = threading.Condition()

    def ring(self) -> None:
        """Wake all who wait now."""
        with self._rung:
            self._rung.notify_all()

    def ring_one(self) -> None:
        """Wake one of those who wait now, if anybody does."""
        with self._rung:
            self._rung.notify()

    def wait(self, seconds: float) -> None:
        """Pause until the bell rings, *seconds* at the most."""
        with self._rung:
            self._rung.wait(seconds)


def announce(session: Session) -> None:
    """Let workers know of new work when this transaction commits."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"NOTIFY {CHANNEL}"))


def listen(engine: Engine, rung: Callable[[], None], *, stop: threading.Event) -> None:
    """Call *rung* at every announcement until *stop*; a lost connection is made anew."""
    if engine.dialect.name != "postgresql":
        return
    address = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    driver: Any = engine.dialect.loaded_dbapi  # six megabytes, which SQLite does without
    while not stop.is_set():
        try:
            _hear(driver, address, rung, stop)
        except driver.Error as error:
            log.warning("not_listening", error=type(error).__name__)
            stop.wait(AGAIN_AFTER_SECONDS)


def _hear(
    driver: Any,  # noqa: ANN401 (psycopg)
    address: str,
    rung: Callable[[], None],
    stop: threading.Event,
) -> None:
    with driver.connect(address, autocommit=True, connect_timeout=5) as connection:
        connection.execute(f"LISTEN {CHANNEL}")
        rung()  # for what was announced while nobody listened
        while not stop.is_set():
            if list(connection.notifies(timeout=LOOK_UP_SECONDS, stop_after=1)):
                rung()
                # Under load every message announces something: one ring does for them all.
                stop.wait(GATHER_SECONDS)
