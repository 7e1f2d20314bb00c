"""What nobody has: who gets it first, and who hears of it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.notices.tables import NoticeKind, StaffNotice
from bot.people.tables import Role
from bot.settings import Settings
from bot.tickets import waiting
from bot.tickets.change import note_event, route
from bot.tickets.tables import State, Ticket, TicketEvent
from tests.builders import a_caseworker, a_ticket
from tests.conftest import NOW

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def assigned(session: Session) -> list[int]:
    return list(
        session.scalars(
            select(TicketEvent.ticket_id)
            .where(TicketEvent.kind == "assigned")
            .order_by(TicketEvent.id)
        )
    )


def close(session: Session, ticket: Ticket) -> None:
    note_event(session, ticket, "closed", now=NOW, code="solved")


def test_each_freed_place_goes_to_what_waited_longest(
    session: Session, settings: Settings
) -> None:
    staff = a_caseworker(session, capacity=1)
    first = a_ticket(session, assignee=staff)
    queue = [a_ticket(session, state="triage", opened_at=NOW - age * HOUR) for age in (1, 3, 2)]

    assert waiting.drain(session, now=NOW, settings=settings) == 0
    for ticket in (first, queue[1], queue[2]):
        close(session, ticket)
        assert waiting.drain(session, now=NOW, settings=settings) == 1

    assert assigned(session) == [queue[1].id, queue[2].id, queue[0].id]


def test_a_newcomer_waits_behind_an_older_one_of_the_same_level(session: Session) -> None:
    a_caseworker(session, capacity=1)
    old = a_ticket(session, state="triage", opened_at=NOW - HOUR, number="2603-9001")
    new = a_ticket(session, state="triage", opened_at=NOW)

    assert not route(session, new, now=NOW)
    assert new.reason == "更早的2603-9001还在等，先给那一件，这一件排在后面"
    assert route(session, old, now=NOW)


def test_what_nobody_can_have_holds_up_nobody_and_the_reason_says_so(
    session: Session, settings: Settings
) -> None:
    a_caseworker(session, services=["教育"])
    stuck = a_ticket(
        session, state="triage", opened_at=NOW - HOUR, service="法律援助", number="2603-9002"
    )
    new = a_ticket(session, state="triage", opened_at=NOW, service="教育")

    assert waiting.drain(session, now=NOW, settings=settings) == 1

    assert stuck.state == State.TRIAGE
    assert new.reason.endswith("；更早的2603-9002没有合适的人，仍在等")
    event = session.scalars(select(TicketEvent).where(TicketEvent.kind == "assigned")).one()
    assert event.data["basis"]["passed"] == ["2603-9002"]


def test_a_newcomer_passes_what_its_person_could_not_have(session: Session) -> None:
    a_caseworker(session, services=["教育"])
    a_ticket(session, state="triage", opened_at=NOW - HOUR, service="法律援助", number="2603-9003")
    new = a_ticket(session, state="triage", opened_at=NOW, service="教育")

    assert route(session, new, now=NOW)
    assert "更早的2603-9003没有合适的人" in new.reason


@pytest.mark.parametrize("stuck", ["urgent", "normal"])
def test_a_newcomer_waits_behind_an_older_one_however_many_others_wait(
    session: Session, stuck: str
) -> None:
    a_caseworker(session, services=["教育"])
    for _ in range(60):
        a_ticket(session, state="triage", opened_at=NOW - HOUR, service="法律援助", urgency=stuck)
    a_ticket(session, state="triage", opened_at=NOW - MINUTE, service="教育", number="2603-9005")
    new = a_ticket(session, state="triage", opened_at=NOW, service="教育")

    assert not route(session, new, now=NOW)
    assert "更早的2603-9005还在等" in new.reason


def test_a_crisis_never_waits_behind_anything(session: Session) -> None:
    a_caseworker(session, capacity=1)
    a_ticket(session, state="triage", opened_at=NOW - HOUR, urgency="crisis")
    new = a_ticket(session, state="triage", opened_at=NOW, urgency="crisis")

    assert route(session, new, now=NOW)


def test_what_was_handed_back_too_often_waits_for_a_supervisor_and_holds_up_nobody(
    session: Session, settings: Settings
) -> None:
    a_caseworker(session)
    unwanted = a_ticket(session, state="triage", opened_at=NOW - HOUR, hand_backs=3)
    new = a_ticket(session, state="triage", opened_at=NOW)

    assert waiting.drain(session, now=NOW, settings=settings) == 1
    assert new.state == State.DISPATCHED
    assert unwanted.reason == "已退单3次，等督导分派"


def test_draining_again_and_again_writes_nothing_new(session: Session, settings: Settings) -> None:
    a_ticket(session, state="triage")
    for _ in range(3):
        waiting.drain(session, now=NOW, settings=settings)

    queued = select(func.count()).where(TicketEvent.kind == "queued")
    assert session.scalar(queued) == 1


@pytest.mark.parametrize(
    ("urgency", "first", "second"),
    [
        ("crisis", 5 * MINUTE, 15 * MINUTE),
        ("urgent", 20 * MINUTE, HOUR),
        ("normal", 2 * HOUR, None),
    ],
)
def test_supervisors_hear_of_what_waits_once_for_each_threshold(
    session: Session,
    settings: Settings,
    urgency: str,
    first: timedelta,
    second: timedelta | None,
) -> None:
    boss = a_caseworker(session, role=Role.SUPERVISOR, on_duty=False)
    a_caseworker(session, on_duty=False)
    ticket = a_ticket(session, state="triage", urgency=urgency)

    def rung(after: timedelta) -> int:
        return waiting.sound_alarm(session, now=NOW + after, settings=settings)

    assert rung(first - MINUTE) == 0
    assert [rung(first), rung(first)] == [1, 0]
    told = session.scalars(
        select(StaffNotice).where(StaffNotice.kind == NoticeKind.UNASSIGNED_AGE)
    ).all()
    assert [(it.staff_id, it.ticket_id) for it in told] == [(boss.id, ticket.id)]
    if second:
        assert [rung(second), rung(second)] == [1, 0]


def test_nights_do_not_count_for_what_is_ordinary(session: Session, settings: Settings) -> None:
    a_caseworker(session, role=Role.SUPERVISOR)
    a_ticket(session, state="triage", state_at=NOW + 7 * HOUR)  # half an hour before closing

    night = waiting.sound_alarm(session, now=NOW + 20 * HOUR, settings=settings)
    morning = waiting.sound_alarm(session, now=NOW + 24.5 * HOUR, settings=settings)

    assert (night, morning) == (0, 1)


def test_after_a_day_without_a_scheduler_the_alarm_rings_once(
    session: Session, settings: Settings
) -> None:
    a_caseworker(session, role=Role.SUPERVISOR)
    a_ticket(session, state="triage", urgency="urgent")

    rung = [waiting.sound_alarm(session, now=NOW + 24 * HOUR, settings=settings) for _ in "ab"]

    assert rung == [1, 0]
