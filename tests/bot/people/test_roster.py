"""The duty roster."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from bot.errors import InvalidInputError, NotAllowedError
from bot.people import roster
from bot.people.leaves import Span
from bot.people.presence import on_roster
from bot.people.tables import DutyRole, DutyShift, Leave, LeaveKind, Role, Staff
from tests.builders import a_caseworker, two_houses
from tests.conftest import NOW

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 3, 2)
DAY = timedelta(days=1)


@pytest.fixture
def boss(session: Session) -> Staff:
    return a_caseworker(session, role=Role.SUPERVISOR)


def hours(day: int, start: float, end: float) -> Span:
    midnight = datetime(2026, 3, 2, tzinfo=ZONE) + day * DAY
    return Span(midnight + timedelta(hours=start), midnight + timedelta(hours=end))


def set_crisis(
    session: Session, boss: Staff, person: Staff, span: Span, *, rung: int = 1
) -> DutyShift:
    return roster.set_shift(
        session, person, role=DutyRole.CRISIS, rung=rung, span=span, by=boss, now=NOW
    )


def test_a_night_stands_on_both_its_days(session: Session, boss: Staff) -> None:
    worker = a_caseworker(session, name="杨梅")
    set_crisis(session, boss, worker, hours(0, 18, 32.5))

    week = roster.week(session, MONDAY, zone=ZONE)

    assert [[turn.person.name for turn in day.turns] for day in week] == [
        ["杨梅"],
        ["杨梅"],
        *[[]] * 5,
    ]
    assert on_roster(session, DutyRole.CRISIS, hours(1, 3, 3).starts_at) == {worker.id: 1}
    assert on_roster(session, DutyRole.CRISIS, hours(1, 8.5, 8.5).starts_at) == {}


def test_the_hours_nobody_has_are_named(session: Session, boss: Staff) -> None:
    first, second = a_caseworker(session), a_caseworker(session)
    set_crisis(session, boss, first, hours(0, -2, 60))
    set_crisis(session, boss, second, hours(2, 0, 24))
    set_crisis(session, boss, second, hours(5, 12, 48))

    gaps = roster.uncovered(session, MONDAY, zone=ZONE)

    assert gaps == [hours(3, 0, 60)]


def test_a_whole_empty_week_is_one_gap(session: Session) -> None:
    assert roster.uncovered(session, MONDAY, zone=ZONE) == [hours(0, 0, 7 * 24)]


def test_a_turn_of_somebody_on_leave_is_marked(session: Session, boss: Staff) -> None:
    worker = a_caseworker(session)
    set_crisis(session, boss, worker, hours(0, 18, 32))
    set_crisis(session, boss, worker, hours(4, 18, 32))
    session.add(
        Leave(
            staff_id=worker.id,
            starts_at=hours(1, 0, 0).starts_at,
            ends_at=hours(2, 0, 0).starts_at,
            kind=LeaveKind.SICK,
            set_at=NOW,
        )
    )

    turns = [turn for day in roster.week(session, MONDAY, zone=ZONE) for turn in day.turns]

    assert [turn.away for turn in turns] == [True, True, False, False]


def test_a_week_is_copied_once(session: Session, boss: Staff) -> None:
    worker, gone = a_caseworker(session), a_caseworker(session)
    set_crisis(session, boss, worker, hours(0, 18, 32))
    set_crisis(session, boss, gone, hours(2, 18, 32), rung=2)
    gone.active = False

    assert roster.copy_week(session, MONDAY, zone=ZONE, by=boss, now=NOW) == 1
    assert roster.copy_week(session, MONDAY, zone=ZONE, by=boss, now=NOW) == 0
    following = roster.week(session, MONDAY + roster.WEEK, zone=ZONE)
    assert following[0].turns[0].shift.starts_at == hours(7, 18, 18).starts_at


def test_what_cannot_be_meant_is_refused(session: Session, boss: Staff) -> None:
    worker, admin = a_caseworker(session), a_caseworker(session, role=Role.ADMIN)
    set_crisis(session, boss, worker, hours(0, 8, 12))

    for person, span, rung, said in (
        (worker, hours(0, 11, 13), 1, "已经排了危机值班"),
        (admin, hours(1, 8, 12), 1, "不接工单"),
        (worker, hours(1, 12, 8), 1, "结束要在开始以后"),
        (worker, hours(1, 0, 24 * 8), 1, "最多排七天"),
        (worker, hours(1, 8, 12), 9, "第几个"),
    ):
        with pytest.raises(InvalidInputError, match=said):
            set_crisis(session, boss, person, span, rung=rung)


def test_caseworkers_do_not_change_the_roster(session: Session, boss: Staff) -> None:
    worker = a_caseworker(session)
    shift = set_crisis(session, boss, worker, hours(0, 8, 12))

    with pytest.raises(NotAllowedError):
        set_crisis(session, worker, worker, hours(1, 8, 12))
    with pytest.raises(NotAllowedError):
        roster.take_off(session, shift.id, by=worker, now=NOW)
    roster.take_off(session, shift.id, by=boss, now=NOW)
    assert on_roster(session, DutyRole.CRISIS, hours(0, 9, 9).starts_at) == {}


def test_a_supervisor_plans_their_own_house_and_who_belongs_to_none(
    session: Session, boss: Staff
) -> None:
    here, there = two_houses(session)
    boss.organisation_id = here.id
    own, other, free = (a_caseworker(session) for _ in range(3))
    own.organisation_id, other.organisation_id = here.id, there.id

    for person in (own, free):
        set_crisis(session, boss, person, hours(0, 8, 12))

    assert on_roster(session, DutyRole.CRISIS, hours(0, 9, 9).starts_at) == {own.id: 1, free.id: 1}
    with pytest.raises(NotAllowedError, match="本机构"):
        set_crisis(session, boss, other, hours(0, 8, 12))
