"""Who is away, whose turn it is, and how much of a time somebody was there."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from bot.people.presence import away, on_roster, presence
from bot.people.tables import DutyRole, DutyShift, Leave, LeaveKind, Staff
from tests.builders import a_caseworker
from tests.conftest import NOW

DAY = timedelta(days=1)


def a_leave(session: Session, staff: Staff, first: int, last: int, **columns: object) -> Leave:
    """A leave from so many days after now to so many."""
    leave = Leave(
        staff_id=staff.id,
        starts_at=NOW + first * DAY,
        ends_at=NOW + last * DAY,
        kind=LeaveKind.ANNUAL,
        set_at=NOW,
        **columns,
    )
    session.add(leave)
    session.flush()
    return leave


def test_a_leave_lasts_from_its_first_moment_to_just_before_its_last(session: Session) -> None:
    staff = a_caseworker(session)
    leave = a_leave(session, staff, 1, 3)

    assert staff.id not in away(session, NOW)
    assert away(session, leave.starts_at) == {staff.id: leave}
    assert staff.id not in away(session, leave.ends_at)


def test_a_cancelled_leave_is_none(session: Session) -> None:
    staff = a_caseworker(session)
    a_leave(session, staff, -1, 3, cancelled_at=NOW)

    assert away(session, NOW) == {}


def test_the_roster_names_who_is_called_first(session: Session) -> None:
    first, second, later = (a_caseworker(session) for _ in range(3))
    for staff, rung, start in ((second, 2, -1), (first, 1, -1), (later, 1, 1)):
        session.add(
            DutyShift(
                staff_id=staff.id,
                role=DutyRole.CRISIS,
                rung=rung,
                starts_at=NOW + start * DAY,
                ends_at=NOW + (start + 2) * DAY,
            )
        )

    assert list(on_roster(session, DutyRole.CRISIS, NOW).items()) == [
        (first.id, 1),
        (second.id, 2),
    ]
    assert on_roster(session, DutyRole.DESK, NOW) == {}


@pytest.mark.parametrize(
    ("leaves", "share"),
    [
        ([], 1.0),
        ([(-5, 0)], 0.5),
        ([(-5, 5)], 0.5),
        ([(-6, -4), (-5, -3)], 0.7),
        ([(-9, -2), (-8, -4)], 0.3),
        ([(-30, 30)], 0.0),
    ],
)
def test_presence_is_the_time_not_on_leave(
    session: Session, leaves: list[tuple[int, int]], share: float
) -> None:
    staff = a_caseworker(session)
    staff.created_at = NOW - 100 * DAY
    for first, last in leaves:
        a_leave(session, staff, first, last)

    there = presence(session, [staff], since=NOW - 10 * DAY, now=NOW)

    assert there[staff.id] == pytest.approx(share)


def test_who_came_lately_was_not_there_before(session: Session) -> None:
    staff = a_caseworker(session)
    staff.created_at = NOW - 2 * DAY

    there = presence(session, [staff], since=NOW - 10 * DAY, now=NOW)

    assert there[staff.id] == pytest.approx(0.2)
