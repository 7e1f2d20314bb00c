"""What is said of a day, by whom, and which goes before which."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.audit import AuditEvent
from bot.errors import InvalidInputError, NotFoundError
from bot.people.tables import Staff
from bot.settings import Settings
from bot.workdays import calendar, change
from bot.workdays.calendar import Mark, Origin
from bot.workdays.lists import read_list
from bot.workdays.tables import CalendarDay
from tests.bot.workdays.announcement import as_csv
from tests.builders import a_caseworker
from tests.conftest import NOW

TORCHES = date(2026, 8, 7)  # a Friday
MAKE_UP_SUNDAY = date(2026, 9, 20)


@pytest.fixture
def admin(session: Session) -> Staff:
    return a_caseworker(session)


def test_what_nobody_changed(session: Session, settings: Settings) -> None:
    found = calendar.load(session, settings)

    assert found.mark(date(2026, 10, 7)) == Mark(
        works=False, why="国庆节", origin=Origin.ANNOUNCED
    )
    assert found.mark(MAKE_UP_SUNDAY) == Mark(works=True, why="国庆节", origin=Origin.ANNOUNCED)
    assert found.mark(date(2027, 10, 3)) == Mark(
        works=False, why="国庆节", origin=Origin.STATUTORY
    )
    assert found.mark(date(2027, 10, 4)) is None
    assert (found.provisional(2026), found.provisional(2027)) == (False, True)
    assert [found.works(date(2026, 3, day)) for day in (6, 7)] == [True, False]


def test_a_day_of_our_own_goes_before_all_until_it_is_taken_back(
    session: Session, settings: Settings, admin: Staff
) -> None:
    for day, works in ((TORCHES, False), (MAKE_UP_SUNDAY, False), (date(2026, 10, 1), True)):
        change.put_day(session, day, works=works, why=" 火把节 ", by=admin, now=NOW)
    change.put_day(session, TORCHES, works=False, why="火把节放假", by=admin, now=NOW)
    changed = calendar.load(session, settings)
    change.remove_day(session, MAKE_UP_SUNDAY, by=admin, now=NOW)
    back = calendar.load(session, settings)

    assert changed.mark(TORCHES) == Mark(works=False, why="火把节放假", origin=Origin.OWN)
    assert not changed.works(MAKE_UP_SUNDAY)
    assert changed.works(date(2026, 10, 1))
    assert back.works(MAKE_UP_SUNDAY)
    assert not changed.provisional(2026)
    assert [(row.day, who) for row, who in change.own_days(session, 2026)] == [
        (TORCHES, admin.name),
        (date(2026, 10, 1), admin.name),
    ]


def test_a_day_of_our_own_does_not_make_a_year_announced(
    session: Session, settings: Settings, admin: Staff
) -> None:
    change.put_day(session, date(2027, 8, 6), works=False, why="火把节", by=admin, now=NOW)

    assert calendar.load(session, settings).provisional(2027)
    assert calendar.overdue_lists(session, today=date(2027, 1, 1)) == [2027]


def test_a_list_is_in_force_and_days_of_our_own_stay(
    session: Session, settings: Settings, admin: Staff
) -> None:
    change.put_day(session, date(2027, 2, 20), works=False, why="值班", by=admin, now=NOW)
    announced = read_list(as_csv("2026-12-31,off,元旦"))
    before = calendar.load(session, settings)

    change.load_list(session, announced, by=admin, now=NOW)

    after = calendar.load(session, settings)
    assert not after.provisional(2027)
    assert after.mark(date(2026, 12, 31)) == Mark(works=False, why="元旦", origin=Origin.ANNOUNCED)
    assert not after.works(date(2027, 10, 7))
    assert after.works(date(2027, 10, 9))
    assert not after.works(date(2027, 2, 20))
    told = {it.day: it.works for it in change.changes(before, announced)}
    both = [date(2026, 12, 31) + timedelta(days=n) for n in range(366)]
    assert told == {d: after.works(d) for d in both if before.works(d) != after.works(d)}
    assert len(told) > 10


def test_a_later_list_replaces_the_one_of_its_year(
    session: Session, settings: Settings, admin: Staff
) -> None:
    change.load_list(session, read_list(as_csv("2027-11-06,work,x")), by=admin, now=NOW)
    change.load_list(session, read_list(as_csv()), by=admin, now=NOW)

    assert not calendar.load(session, settings).works(date(2027, 11, 6))


def test_a_list_taken_back_leaves_what_is_built_in(
    session: Session, settings: Settings, admin: Staff
) -> None:
    change.load_list(session, read_list(as_csv()), by=admin, now=NOW)
    change.drop_list(session, 2027, by=admin, now=NOW)

    assert calendar.load(session, settings).provisional(2027)
    assert session.scalar(select(func.count()).select_from(CalendarDay)) == 0
    with pytest.raises(NotFoundError):
        change.drop_list(session, 2027, by=admin, now=NOW)


def test_every_change_is_in_the_record(session: Session, admin: Staff) -> None:
    change.put_day(session, TORCHES, works=False, why="火把节", by=admin, now=NOW)
    change.remove_day(session, TORCHES, by=admin, now=NOW)
    change.load_list(session, read_list(as_csv()), by=None, now=NOW)
    change.drop_list(session, 2027, by=admin, now=NOW)

    events = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert [(event.deed, event.subject, event.staff_id) for event in events] == [
        ("calendar.put", "2026-08-07 放假", admin.id),
        ("calendar.remove", "2026-08-07", admin.id),
        ("calendar.load", "2027", None),
        ("calendar.drop", "2027", admin.id),
    ]


@pytest.mark.parametrize(
    ("day", "why", "says"),
    [
        (date(2062, 8, 7), "火把节", "核对年份"),
        (date(2006, 8, 7), "火把节", "核对年份"),
        (TORCHES, "  ", "说明"),
        (TORCHES, "长" * 41, "说明"),
    ],
)
def test_a_day_that_cannot_be_meant_is_refused(
    session: Session, admin: Staff, day: date, why: str, says: str
) -> None:
    with pytest.raises(InvalidInputError, match=says):
        change.put_day(session, day, works=False, why=why, by=admin, now=NOW)


def test_a_day_that_is_not_there_cannot_be_taken_back(session: Session, admin: Staff) -> None:
    with pytest.raises(NotFoundError):
        change.remove_day(session, TORCHES, by=admin, now=NOW)


def test_the_next_year_is_missed_from_december_on(session: Session) -> None:
    assert calendar.overdue_lists(session, today=date(2026, 11, 30)) == []
    assert calendar.overdue_lists(session, today=date(2026, 12, 1)) == [2027]
    assert calendar.overdue_lists(session, today=date(2027, 6, 1)) == [2027]
