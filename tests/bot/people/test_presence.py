"""Who is away, whose turn it is, and how much of a time somebody was there."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from bot.people.presence import away, lately, on_roster, presence
from bot.people.tables import DutyRole, DutyShift, Leave, LeaveKind, Staff
from tests.builders import a_caseworker
from tests.conftest import NOW

DAY = timedelta(days=1)


def a_leave(session: Session, staff: Staff, first: float, last: float, **columns: object) -> Leave:
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
    ("leaves", "there"),
    [
        ([], (1, 1, 1)),
        ([(-2, 0)], (0, 0, 1)),
        ([(-1.5, 5)], (0, 0.5, 1)),
        ([(-2.5, -1.5), (-2, -1.25)], (1, 0.25, 0.5)),
        ([(-9, -2), (-8, -2.5)], (1, 1, 0)),
        ([(-30, 30)], (0, 0, 0)),
    ],
)
def test_presence_is_the_part_of_each_day_not_on_leave(
    session: Session, leaves: list[tuple[float, float]], there: tuple[float, ...]
) -> None:
    staff = a_caseworker(session)
    staff.created_at = NOW - 100 * DAY
    for first, last in leaves:
        a_leave(session, staff, first, last)

    found = presence(lately(session, now=NOW, days=3), [staff], now=NOW, days=3)

    assert found[staff.id] == pytest.approx(there)


def test_who_came_lately_was_not_there_before(session: Session) -> None:
    staff = a_caseworker(session)
    staff.created_at = NOW - 1.25 * DAY

    assert presence({}, [staff], now=NOW, days=3)[staff.id] == pytest.approx((1, 0.25, 0))
