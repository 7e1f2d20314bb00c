"""The timetable's work on tickets: late or twice is harmless."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.contracts import Urgency
from bot.outbox import OutboundMessage
from bot.people.tables import Role
from bot.settings import Settings
from bot.tickets import due, moves
from bot.tickets.tables import CloseCode, State, TicketEvent
from bot.wechat import budget
from tests.builders import a_caseworker, a_ticket
from tests.conftest import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def count(session: Session, kind: str) -> int:
    events = select(func.count()).where(TicketEvent.kind == kind)
    return session.scalar(events) or 0


def test_the_queue_is_given_away_when_somebody_comes(session: Session, settings: Settings) -> None:
    ticket = a_ticket(session, state="triage")
    nobody = due.drain(session, now=NOW, settings=settings)
    staff = a_caseworker(session)

    assert nobody == 0
    assert due.drain(session, now=NOW, settings=settings) == 1
    assert due.drain(session, now=NOW, settings=settings) == 0
    assert (ticket.state, ticket.assignee_id) == (State.DISPATCHED, staff.id)


def test_the_most_urgent_and_then_the_oldest_leave_the_queue_first(
    session: Session, settings: Settings
) -> None:
    new = a_ticket(session, state="triage", opened_at=NOW)
    old = a_ticket(session, state="triage", opened_at=NOW - HOUR)
    crisis = a_ticket(session, state="triage", urgency=Urgency.CRISIS)
    a_caseworker(session)

    due.drain(session, now=NOW, settings=settings)

    order = session.scalars(
        select(TicketEvent.ticket_id)
        .where(TicketEvent.kind == "assigned")
        .order_by(TicketEvent.id)
    ).all()
    assert order == [crisis.id, old.id, new.id]


def test_an_unaccepted_ticket_is_reminded_of_once_past_half_its_time(
    session: Session, settings: Settings
) -> None:
    a_ticket(session, state="dispatched", reply_due_at=NOW + 4 * HOUR)

    early = due.remind(session, now=NOW + HOUR, settings=settings)
    done = [due.remind(session, now=NOW + 3 * HOUR, settings=settings) for _ in range(2)]

    assert early == 0
    assert done == [1, 0]
    assert count(session, "reminded") == 1


def test_a_holiday_is_no_part_of_the_time_that_is_half_gone(
    session: Session, settings: Settings
) -> None:
    # From 16:30 on the last day before National Day's week to the evening after it.
    start = datetime(2026, 9, 30, 8, 30, tzinfo=UTC)
    after = datetime(2026, 10, 8, 9, 30, tzinfo=UTC)
    a_ticket(session, last_resident_at=start, reply_due_at=after)

    on_holiday = due.remind(session, now=after - 2 * DAY, settings=settings)
    morning = due.remind(session, now=after - 6 * HOUR, settings=settings)

    assert (on_holiday, morning) == (0, 0)
    assert due.remind(session, now=after - 4 * HOUR, settings=settings) == 1


def test_half_of_a_crisis_time_is_gone_at_any_hour(session: Session, settings: Settings) -> None:
    night = datetime(2026, 10, 3, 19, 0, tzinfo=UTC)
    soon = timedelta(minutes=15)
    a_ticket(session, urgency=Urgency.CRISIS, last_resident_at=night, reply_due_at=night + soon)

    early = due.remind(session, now=night + soon / 3, settings=settings)

    assert early == 0
    assert due.remind(session, now=night + soon / 2, settings=settings) == 1


def test_words_that_were_looked_at_are_not_reminded_of(
    session: Session, settings: Settings
) -> None:
    a_ticket(session, reply_due_at=NOW + 4 * HOUR, seen_at=NOW)
    a_ticket(session, reply_due_at=NOW + 4 * HOUR, last_reply_at=NOW)

    assert due.remind(session, now=NOW + 3 * HOUR, settings=settings) == 0


def test_an_overdue_ticket_is_escalated_once(session: Session, settings: Settings) -> None:
    ticket = a_ticket(session, reply_due_at=NOW)

    done = [due.escalate(session, now=NOW + HOUR, settings=settings) for _ in range(2)]

    assert done == [1, 0]
    assert ticket.escalated_at == NOW + HOUR


def test_what_nobody_accepted_in_time_goes_to_somebody_else(
    session: Session, settings: Settings
) -> None:
    asleep = a_caseworker(session)
    awake = a_caseworker(session)
    ticket = a_ticket(session, assignee=asleep, state="dispatched", reply_due_at=NOW)

    due.escalate(session, now=NOW + HOUR, settings=settings)

    assert (ticket.assignee_id, ticket.state) == (awake.id, State.DISPATCHED)


def test_with_nobody_else_an_overdue_ticket_stays_where_it_is(
    session: Session, settings: Settings
) -> None:
    asleep = a_caseworker(session)
    ticket = a_ticket(session, assignee=asleep, state="dispatched", reply_due_at=NOW)

    due.escalate(session, now=NOW + HOUR, settings=settings)

    assert ticket.assignee_id == asleep.id


def test_an_answered_ticket_is_not_overdue(session: Session, settings: Settings) -> None:
    a_ticket(session, reply_due_at=NOW, last_reply_at=NOW)

    assert due.escalate(session, now=NOW + HOUR, settings=settings) == 0


def test_a_crisis_goes_on_until_somebody_accepts_it(session: Session, settings: Settings) -> None:
    first, second = a_caseworker(session), a_caseworker(session)
    ticket = a_ticket(
        session,
        assignee=first,
        state="dispatched",
        urgency=Urgency.CRISIS,
        reply_due_at=NOW,
    )
    owners = []

    for minutes in (1, 5, 16, 31):
        due.escalate(session, now=NOW + timedelta(minutes=minutes), settings=settings)
        owners.append(ticket.assignee_id)
    act = moves.Act(first, 10_000, NOW + timedelta(minutes=32))
    ticket.assignee_id = first.id
    moves.accept(session, ticket.number, by=act)

    assert owners == [second.id, second.id, first.id, second.id]
    assert due.escalate(session, now=NOW + 3 * HOUR, settings=settings) == 0


def test_a_day_of_standstill_is_made_up_for_once(session: Session, settings: Settings) -> None:
    a_caseworker(session, role=Role.SUPERVISOR)
    for _ in range(3):
        a_ticket(session, reply_due_at=NOW)

    done = [due.escalate(session, now=NOW + 24 * HOUR, settings=settings) for _ in range(2)]

    assert done == [3, 0]


def test_what_is_never_confirmed_is_closed_and_not_called_solved(
    session: Session, settings: Settings
) -> None:
    ticket = a_ticket(session, state="resolved", resolved_at=NOW)

    early = due.tidy(session, now=NOW + timedelta(days=9), settings=settings)
    done = [due.tidy(session, now=NOW + timedelta(days=10), settings=settings) for _ in range(2)]

    assert (early, done) == (0, [1, 0])
    assert (ticket.state, ticket.close_code) == (State.CLOSED, CloseCode.ANSWERED_UNCONFIRMED)


def test_who_lets_us_wait_is_reminded_once(session: Session, settings: Settings) -> None:
    ticket = a_ticket(session, state="waiting_resident")
    week = NOW + timedelta(days=7)
    budget.opened_by_message(session, ticket.resident_id, now=week)

    done = [due.tidy(session, now=week, settings=settings) for _ in range(2)]

    assert done == [1, 0]
    [text] = session.scalars(select(OutboundMessage.text))
    assert ticket.number in text


def test_a_reminder_wechat_would_not_take_is_only_noted(
    session: Session, settings: Settings
) -> None:
    a_ticket(session, state="waiting_resident")

    due.tidy(session, now=NOW + timedelta(days=7), settings=settings)

    assert session.scalars(select(OutboundMessage)).all() == []
    [event] = session.scalars(select(TicketEvent).where(TicketEvent.kind == "nudged"))
    assert event.data["sent"] is False
