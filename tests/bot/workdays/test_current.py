"""A process that serves keeps working days and hours, and has what is new of them soon."""

import time
from datetime import date

from sqlalchemy import Engine

from bot.db.engine import reading, transaction
from bot.people.tables import OfficeShift
from bot.workdays import current
from bot.workdays.tables import CalendarDay
from tests.conftest import NOW

DAY = date(2026, 3, 2)


def closes(engine: Engine) -> None:
    with transaction(engine) as session:
        session.add(CalendarDay(day=DAY, list_year=0, works=False, why="停电", noted_at=NOW))
        session.add(OfficeShift(starts="09:00", ends="12:00"))


def shut(engine: Engine) -> tuple[bool, int]:
    with reading(engine) as session:
        found = current.known(session)
    return DAY in found.own, len(found.hours(None))


def test_where_nobody_watches_every_look_is_at_the_database(engine: Engine) -> None:
    before = shut(engine)

    closes(engine)

    assert (before, shut(engine)) == ((False, 0), (True, 1))


def test_a_process_that_watches_has_what_changed_soon(engine: Engine) -> None:
    current.watch(engine, lambda: reading(engine))

    closes(engine)
    until = time.monotonic() + 60
    while not shut(engine)[0] and time.monotonic() < until:
        time.sleep(0.05)

    assert shut(engine) == (True, 1)
