"""What a resident does with their ticket, in the chat."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.conversation.tables import Speaker
from bot.people.tables import Staff
from bot.settings import Settings
from bot.tickets import lookup
from bot.tickets.allowed import refuse_unless_allowed
from bot.tickets.change import enter, heard, let_speak, locked, note_event, route, start_clock
from bot.tickets.tables import CloseCode, State, Ticket


def resident_wrote(session: Session, ticket: Ticket, *, now: datetime, settings: Settings) -> None:
    """Note that the resident wrote: an answer is owed, and nobody waits for them any longer."""
    heard(session, locked(session, ticket, now=now), now=now, settings=settings)
    session.flush()


def withdraw(session: Session, ticket: Ticket, *, now: datetime) -> Ticket:
    """Close the ticket at the resident's word."""
    locked(session, ticket, now=now)
    refuse_unless_allowed(ticket, "withdraw")
    _close(session, ticket, CloseCode.WITHDRAWN, now)
    note_event(session, ticket, "withdrawn", now=now, by="resident")
    return ticket


def rate(
    session: Session,
    ticket: Ticket,
    *,
    solved: bool,
    now: datetime,
    settings: Settings,
) -> Ticket:
    """
    Close the ticket as solved, or let the same person go on with it.

    Returns:
        The ticket it goes on in: another where the resident has a live one.
    """
    locked(session, ticket, now=now)
    refuse_unless_allowed(ticket, "rate_solved" if solved else "rate_unsolved")
    note_event(session, ticket, "rated", now=now, by="resident", solved=solved)
    if solved:
        _close(session, ticket, CloseCode.SOLVED, now)
        return ticket
    live = lookup.live(session, ticket.resident_id)
    if live is not None:
        return _go_on_in(session, live, ticket, now)
    ticket.resolved_at = None
    ticket.reopened += 1
    ticket.last_resident_at = now
    enter(ticket, State.IN_PROGRESS, now=now)
    start_clock(session, ticket, now=now, settings=settings)
    session.flush()
    person = session.get(Staff, ticket.assignee_id) if ticket.assignee_id else None
    if person is None or not person.active:
        route(session, ticket, now=now)
    return ticket


def _close(session: Session, ticket: Ticket, code: CloseCode, now: datetime) -> None:
    ticket.close_code, ticket.closed_at = code, now
    enter(ticket, State.CLOSED, now=now)
    let_speak(session, ticket, Speaker.BOT, now=now)


def _go_on_in(session: Session, live: Ticket, ticket: Ticket, now: datetime) -> Ticket:
    """A resident has one live matter: what is not solved joins it."""
    ticket.close_code, ticket.closed_at = CloseCode.DUPLICATE, now
    enter(ticket, State.CLOSED, now=now)
    note_event(session, ticket, "merged", now=now, into=live.number)
    note_event(session, live, "merged", now=now, other=ticket.number)
    return live
