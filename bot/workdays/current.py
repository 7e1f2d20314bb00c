"""Working days and hours as a process knows them, read again every second where it serves."""

import threading
import time as clock
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, time, timedelta
from weakref import WeakKeyDictionary

import structlog
from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.people.tables import OfficeShift
from bot.workdays import calendar
from bot.workdays.calendar import Mark

log = structlog.get_logger(__name__)
EVERY_SECONDS = 1.0
KNOWN_WITHIN = timedelta(seconds=10)
"""So long after a change no process goes by the old days any more; far more than it takes."""
Hours = tuple[tuple[time, time], ...]
Reading = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True, slots=True)
class Known:
    """What the database says of working days and hours."""

    shifts: Mapping[int | None, Hours]
    """By organisation; nobody's are those of whoever has none."""
    own: Mapping[date, Mark]
    lists: Mapping[int, Mapping[date, Mark]]

    def hours(self, organisation_id: int | None) -> Hours:
        """Return an organisation's shifts of a working day; none: those of the settings."""
        return self.shifts.get(organisation_id) or self.shifts.get(None, ())


_WATCHED: WeakKeyDictionary[Engine, Known] = WeakKeyDictionary()


def known(session: Session) -> Known:
    """Return working days and hours: where they are watched, as they were a moment ago."""
    return _WATCHED.get(session.get_bind().engine) or read(session)


def read(session: Session) -> Known:
    """Return working days and hours as they are now."""
    shifts: dict[int | None, Hours] = {}
    for row in session.execute(
        select(OfficeShift.organisation_id, OfficeShift.starts, OfficeShift.ends)
    ):
        shift = (time.fromisoformat(row.starts), time.fromisoformat(row.ends))
        shifts[row.organisation_id] = (*shifts.get(row.organisation_id, ()), shift)
    own, lists = calendar.days(session)
    return Known(shifts, own, lists)


def renew(engine: Engine, opened: Reading) -> None:
    """Keep what is known now in this process; *opened* gives a session."""
    try:
        with opened() as session:
            _WATCHED[engine] = read(session)
    except SQLAlchemyError as error:
        log.warning("working_days_not_renewed", error=type(error).__name__)


def watch(engine: Engine, opened: Reading) -> None:
    """Renew from now on within two seconds of a change, in a thread of its own."""
    renew(engine, opened)
    threading.Thread(
        target=_watch, args=(engine, opened), name="working-days", daemon=True
    ).start()


def _watch(engine: Engine, opened: Reading) -> None:
    while True:
        clock.sleep(EVERY_SECONDS)
        renew(engine, opened)
