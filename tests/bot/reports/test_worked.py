"""The database counts working time as the calendar does."""

import random
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.db.engine import transaction
from bot.reports.worked import epoch, worked
from bot.settings import Settings
from bot.tickets import hours
from bot.tickets.tables import Ticket
from bot.workdays.calendar import Calendar
from tests.builders import a_ticket
from tests.conftest import NOW

DICE = random.Random(7)


class TwoShifts(hours.Office):
    """An office with a break at noon, and work late into the evening."""

    def shifts(self, day: date) -> tuple[hours.Shift, ...]:
        if not self.calendar.works(day):
            return ()
        at = datetime(day.year, day.month, day.day, tzinfo=self.settings.zone)
        spans = ((6, 12), (14, 23))
        return tuple((at + timedelta(hours=a), at + timedelta(hours=b)) for a, b in spans)


def some_tickets(session: Session) -> None:
    """Spans over nights, weekends and the holidays of spring."""
    for _ in range(60):
        start = NOW - timedelta(minutes=DICE.randrange(40 * 1440))
        end = start + timedelta(minutes=DICE.randrange(20 * 1440))
        a_ticket(session, opened_at=start, first_reply_at=end)
    a_ticket(session, opened_at=NOW, first_reply_at=NOW - timedelta(hours=1))
    a_ticket(session, opened_at=NOW, first_reply_at=None)


def check(engine: Engine, office: hours.Office) -> None:
    with transaction(engine) as session:
        some_tickets(session)
    first, last = date(2026, 1, 1), date(2026, 3, 31)
    with transaction(engine) as session:
        rows = select(
            Ticket.opened_at, Ticket.first_reply_at,
            epoch(Ticket.opened_at).label("since"), epoch(Ticket.first_reply_at).label("until"),
        ).cte()  # fmt: skip
        joined, seconds = worked(office, first, last).between(rows)
        wanted = select(rows.c.opened_at, rows.c.first_reply_at, seconds).select_from(joined)
        found = session.execute(wanted).all()

    assert len(found) == 62
    for start, end, counted in found:
        if end is None:
            assert counted is None
        elif end >= start:
            expected = hours.between(start, end, office).total_seconds()
            assert counted == int(expected)


@pytest.fixture(params=["one shift", "two shifts"])
def office(request: pytest.FixtureRequest, settings: Settings) -> hours.Office:
    kind = hours.Office if request.param == "one shift" else TwoShifts
    return kind(Calendar(frozenset({1, 2, 3, 4, 5}), {}, {}), settings)


def test_sqlite_counts_as_the_calendar_does(engine: Engine, office: hours.Office) -> None:
    check(engine, office)


def test_postgresql_counts_as_the_calendar_does(
    postgres_engine: Engine, office: hours.Office
) -> None:
    check(postgres_engine, office)
