"""Leave: who may set it, what is refused, how it ends."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from bot.errors import InvalidInputError, NotAllowedError
from bot.people import leaves
from bot.people.leaves import Span
from bot.people.presence import away
from bot.people.staff import set_duty
from bot.people.tables import Leave, LeaveKind, Role, Staff
from tests.builders import a_caseworker, two_houses
from tests.conftest import NOW

DAY = timedelta(days=1)
SPAN = Span(NOW + DAY, NOW + 3 * DAY)


@pytest.fixture
def worker(session: Session) -> Staff:
    return a_caseworker(session)


def asked(
    session: Session,
    worker: Staff,
    span: Span = SPAN,
    *,
    by: Staff | None = None,
    kind: str = LeaveKind.ANNUAL,
) -> Leave:
    return leaves.set_leave(session, worker, span=span, kind=kind, by=by or worker, now=NOW)


def test_everybody_sets_their_own_and_supervisors_that_of_others(
    session: Session, worker: Staff
) -> None:
    boss, colleague = a_caseworker(session, role=Role.SUPERVISOR), a_caseworker(session)

    own = asked(session, worker)
    others = asked(session, colleague, by=boss)

    assert [leave.id for leave, _ in leaves.coming(session, NOW)] == [own.id, others.id]
    with pytest.raises(NotAllowedError):
        asked(session, colleague, by=worker)
    with pytest.raises(NotAllowedError):
        leaves.end(session, others.id, by=worker, now=NOW)


def test_a_supervisor_sets_no_leave_in_another_house(session: Session, worker: Staff) -> None:
    here, there = two_houses(session)
    boss = a_caseworker(session, role=Role.SUPERVISOR)
    boss.organisation_id, worker.organisation_id = here.id, there.id

    with pytest.raises(NotAllowedError, match="本机构"):
        asked(session, worker, by=boss)
    with pytest.raises(NotAllowedError, match="本机构"):
        set_duty(session, worker, on=False, by=boss, now=NOW)
    assert worker.on_duty


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (Span(NOW + 2 * DAY, NOW + DAY), "回来的时间要在开始以后"),
        (Span(NOW + DAY, NOW + DAY), "回来的时间要在开始以后"),
        (Span(NOW - 2 * DAY, NOW - DAY), "回来的时间已经过了"),
        (Span(NOW, NOW + 400 * DAY), "最多请一年"),
    ],
)
def test_a_time_that_cannot_be_meant_is_refused(
    session: Session, worker: Staff, span: Span, said: str
) -> None:
    with pytest.raises(InvalidInputError, match=said):
        asked(session, worker, span)


def test_two_leaves_of_one_person_do_not_overlap(session: Session, worker: Staff) -> None:
    asked(session, worker)

    with pytest.raises(InvalidInputError, match="已经请过假"):
        asked(session, worker, Span(NOW + 2 * DAY, NOW + 5 * DAY))
    asked(session, worker, Span(SPAN.ends_at, NOW + 5 * DAY))


def test_an_unknown_kind_is_refused(session: Session, worker: Staff) -> None:
    with pytest.raises(InvalidInputError, match="类别"):
        asked(session, worker, kind="holiday")


def test_a_leave_to_come_is_cancelled_and_a_running_one_ends(
    session: Session, worker: Staff
) -> None:
    first = asked(session, worker)
    assert leaves.end(session, first.id, by=worker, now=NOW).cancelled_at == NOW

    second = asked(session, worker)
    middle = NOW + 2 * DAY
    assert worker.id in away(session, middle)
    leaves.end(session, second.id, by=worker, now=middle)

    assert second.ends_at == middle
    assert worker.id not in away(session, middle)
    assert leaves.end(session, second.id, by=worker, now=middle + DAY).ends_at == middle
    assert leaves.last_begun(session, worker.id, middle) is second
