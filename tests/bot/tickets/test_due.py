"""The timetable's work on tickets: late or twice is harmless."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.contracts import Urgency
from bot.outbox import OutboundMessage
from bot.settings import Settings
from bot.tickets import due, waiting
from bot.tickets.tables import CloseCode, State, TicketEvent
from bot.wechat import budget
from tests.builders import a_caseworker, a_ticket
from tests.conftest import NOW

HOUR = timedelta(hours=1)


def test_the_queue_is_given_away_when_somebody_comes(session: Session, settings: Settings) -> None:
    ticket = a_ticket(session, state="triage")
    nobody = waiting.drain(session, now=NOW, settings=settings)
    staff = a_caseworker(session)

    assert nobody == 0
    assert waiting.drain(session, now=NOW, settings=settings) == 1
    assert waiting.drain(session, now=NOW, settings=settings) == 0
    assert (ticket.state, ticket.assignee_id) == (State.DISPATCHED, staff.id)


def test_the_most_urgent_and_then_the_oldest_leave_the_queue_first(
    session: Session, settings: Settings
) -> None:
    new = a_ticket(session, state="triage", opened_at=NOW)
    old = a_ticket(session, state="triage", opened_at=NOW - HOUR)
    crisis = a_ticket(session, state="triage", urgency=Urgency.CRISIS)
    a_caseworker(session)

    waiting.drain(session, now=NOW, settings=settings)

    order = session.scalars(
        select(TicketEvent.ticket_id)
        .where(TicketEvent.kind == "assigned")
        .order_by(TicketEvent.id)
    ).all()
    assert order == [crisis.id, old.id, new.id]


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
