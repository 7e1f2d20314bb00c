"""What every change of a ticket is made of: the locked row, the new state, the event."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.contracts import Urgency
from bot.conversation.tables import Conversation, Speaker
from bot.db.types import JsonObject
from bot.finding import index
from bot.people.residents import lock_conversation
from bot.people.tables import Staff
from bot.settings import Settings
from bot.tickets import hours, routing
from bot.tickets.tables import State, Ticket, TicketEvent


def note_event(
    session: Session,
    ticket: Ticket,
    kind: str,
    *,
    now: datetime,
    staff: Staff | None = None,
    text: str = "",
    **data: object,
) -> TicketEvent:
    """Add an event to the ticket's history."""
    details: JsonObject = dict(data)
    event = TicketEvent(
        ticket_id=ticket.id,
        kind=kind,
        staff_id=staff.id if staff else None,
        text=text,
        data=details,
        at=now,
    )
    session.add(event)
    session.flush()
    index.add(session, ticket.id, text)
    return event


def locked(session: Session, ticket: Ticket, *, now: datetime) -> Ticket:
    """
    Return the ticket as it is now, locked until the transaction ends.

    The conversation is always locked first, as a turn does: two who lock in
    different orders may wait for each other for ever.
    """
    lock_conversation(session, ticket.resident_id, now=now)
    session.refresh(ticket, with_for_update=True)
    return ticket


def locked_if_free(session: Session, ticket: Ticket, *, now: datetime) -> bool:
    """
    Lock the ticket as `locked` does, unless somebody is at work on it.

    For whoever takes one ticket after another: waiting for one while holding
    others could be waiting for ever.
    """
    conversation = select(Conversation.resident_id).where(
        Conversation.resident_id == ticket.resident_id
    )
    free = session.scalar(conversation.with_for_update(skip_locked=True)) is not None
    if not free and session.scalar(conversation) is not None:
        return False
    locked(session, ticket, now=now)
    return True


def enter(ticket: Ticket, state: State, *, now: datetime) -> None:
    """Put the ticket into *state*."""
    if ticket.state != state:
        ticket.state = state
        ticket.state_at = now


def let_speak(session: Session, ticket: Ticket, speaker: Speaker, *, now: datetime) -> None:
    """Say who talks to the resident from now on."""
    conversation = lock_conversation(session, ticket.resident_id, now=now)
    conversation.speaker = speaker


def start_clock(session: Session, ticket: Ticket, *, now: datetime, settings: Settings) -> None:
    """Promise an answer from now on, with reminders to come."""
    office = hours.office(session, settings)
    ticket.reply_due_at = hours.due(now, urgency=ticket.urgency, office=office)
    ticket.reminded_at = None
    ticket.escalated_at = None


def heard(session: Session, ticket: Ticket, *, now: datetime, settings: Settings) -> None:
    """Note that the resident wrote: who waits for them goes on, and an answer is owed again."""
    if not owes_answer(ticket):
        start_clock(session, ticket, now=now, settings=settings)
    ticket.last_resident_at = now
    if ticket.state == State.WAITING_RESIDENT:
        enter(ticket, State.IN_PROGRESS, now=now)


def owes_answer(ticket: Ticket) -> bool:
    """Say whether the resident's last words have no answer by a person yet."""
    return ticket.last_reply_at is None or ticket.last_resident_at > ticket.last_reply_at


def give(
    session: Session,
    ticket: Ticket,
    staff_id: int,
    *,
    reason: str,
    now: datetime,
    basis: JsonObject | None = None,
) -> None:
    """Put the ticket into somebody's hands, to be accepted; *basis* is what a pick rested on."""
    ticket.assignee_id = staff_id
    ticket.assigned_at = now
    ticket.accepted_at = None
    ticket.seen_at = None
    ticket.reason = reason
    enter(ticket, State.DISPATCHED, now=now)
    let_speak(session, ticket, Speaker.BOT, now=now)
    note_event(session, ticket, "assigned", now=now, text=reason, to=staff_id, basis=basis or {})


def route(
    session: Session, ticket: Ticket, *, now: datetime, exclude: frozenset[int] = frozenset()
) -> bool:
    """
    Give the ticket to whom the rules pick; False when they pick nobody.

    Who handed it back is not picked again.  Where nobody is picked, a ticket
    in somebody's hands stays there, and another waits to be assigned.
    """
    returned = routing.handed_back(session, [ticket.id]).get(ticket.id, [])
    if len(returned) > routing.MOST_HAND_BACKS and ticket.urgency != Urgency.CRISIS:
        ticket.reason = f"已退单{len(returned)}次，等督导分派"
        return False
    wanted = routing.wanted_for(ticket, now=now, exclude=exclude | set(returned))
    found = routing.pick(session, wanted)
    if found.staff_id is not None:
        give(session, ticket, found.staff_id, reason=found.reason, now=now, basis=found.basis)
    elif ticket.assignee_id is None:
        ticket.reason = found.reason
    return found.staff_id is not None


def last_event_id(session: Session, ticket_id: int) -> int:
    """Return how far the ticket's history has come: what a page passes back as `version`."""
    newest = select(func.max(TicketEvent.id)).where(TicketEvent.ticket_id == ticket_id)
    return session.scalar(newest) or 0
