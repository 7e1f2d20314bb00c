"""Deadlines ignore working hours, lunch breaks and holidays."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from bot.people.tables import OfficeShift, Organisation
from bot.settings import Settings
from bot.tickets import hours
from bot.tickets.clocks.timing import promised
from bot.tickets.tables import Level
from tests.conftest import NOW

# From, level, until: on the clock in Kunming, by the holidays announced for 2026.
SPLIT_DAY = [("08:30", "12:00"), ("14:00", "17:30")]
CASES = [
    ("over lunch", "2026-03-02 11:30", Level.URGENT, "2026-03-02 15:30"),
    ("in the lunch break", "2026-03-02 12:40", Level.URGENT, "2026-03-02 16:00"),
    ("over the evening", "2026-03-02 16:30", Level.URGENT, "2026-03-03 09:30"),
    ("over a weekend", "2026-03-06 17:00", Level.URGENT, "2026-03-09 10:00"),
    ("over Spring Festival", "2026-02-14 17:00", Level.URGENT, "2026-02-24 10:00"),
    ("on a Saturday worked for it", "2026-02-28 09:00", Level.URGENT, "2026-02-28 11:00"),
    ("over National Day", "2026-09-30 16:30", Level.URGENT, "2026-10-08 09:30"),
    ("until the next working day ends", "2026-09-30 09:00", Level.ORDINARY, "2026-10-08 17:30"),
    ("a crisis, on a holiday at night", "2026-10-02 02:00", Level.CRISIS, "2026-10-02 02:15"),
]


def at(text: str, settings: Settings) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=settings.zone)


@pytest.mark.parametrize(
    ("start", "level", "until"), [it[1:] for it in CASES], ids=[it[0] for it in CASES]
)
def test_a_promise_is_counted_in_the_hours_people_are_there(
    session: Session, settings: Settings, start: str, level: Level, until: str
) -> None:
    session.add_all(OfficeShift(starts=opens, ends=shuts) for opens, shuts in SPLIT_DAY)
    session.flush()

    found = promised(at(start, settings), level=level, office=hours.office(session, settings))

    assert found == at(until, settings)


def test_a_night_shift_of_one_organisation_counts_for_it_alone(
    session: Session, settings: Settings
) -> None:
    theirs = Organisation(name="夜班站", created_at=NOW)
    session.add(theirs)
    session.flush()
    session.add(OfficeShift(organisation_id=theirs.id, starts="22:00", ends="06:00"))
    session.flush()
    start = at("2026-03-02 23:30", settings)

    own = hours.office(session, settings, organisation_id=theirs.id)
    others = hours.office(session, settings)

    assert promised(start, level=Level.URGENT, office=own) == at("2026-03-03 01:30", settings)
    assert promised(start, level=Level.URGENT, office=others) == at("2026-03-03 10:30", settings)
    assert hours.is_open(at("2026-03-03 02:00", settings), office=own)
    assert not hours.is_open(datetime(2026, 3, 2, 18, 0, tzinfo=UTC), office=others)
