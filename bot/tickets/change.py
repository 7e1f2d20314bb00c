"""What every change of a ticket is made of: the locked row, the event, and what follows."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import audit
from bot.conversation.tables import Conversation, Speaker
from bot.db.held import held, hold
from bot.db.types import JsonObject
from bot.finding import index
from bot.notices.queue import notify
from bot.notices.tables import NoticeKind
from bot.people.residents import lock_conversation
from bot.people.tables import Staff
from bot.tickets import routing
from bot.tickets.alarm.calling import call
from bot.tickets.hours import Office
from bot.tickets.projection import project
from bot.tickets.tables import LIVE, Level, State, Ticket, TicketEvent

RECORDED_APART = frozenset({"printed", "unsealed"})
"""Events that whoever notes them puts on record with more to say."""


def note_event(  # noqa: PLR0913 (all of it is what an event is)
    session: Session,
    ticket: Ticket,
    kind: str,
    *,
    now: datetime,
    staff: Staff | None = None,
    text: str = "",
    office: Office | None = None,
    **data: object,
) -> TicketEvent:
    """
    Add an event to the ticket's history; the ticket and its clocks follow from it.

    *office* spares reading the calendar where a clock has to be set.  The event is written, and
    has its id, with what the transaction writes next; at once where somebody of us did it.
    """
    event = TicketEvent(
        ticket_id=ticket.id,
        kind=kind,
        staff_id=staff.id if staff else None,
        text=text,
        data=dict(data),
        at=now,
    )
    project(session, ticket, event, office)
    session.add(event)
    index.add(session, ticket.id, text)
    if staff:
        session.flush()
        if kind not in RECORDED_APART:
            audit.record(
                session, deed=f"ticket.{kind}", now=now, staff_id=staff.id,
                subject=audit.of_ticket(ticket.number), event=event.id,
            )  # fmt: skip
    return event


def locked(session: Session, ticket: Ticket, *, now: datetime) -> Ticket:
    """
    Return the ticket as it is now, locked until the transaction ends.

    The conversation is always locked first, as a turn does: two who lock in
    different orders may wait for each other for ever.
    """
    lock_conversation(session, ticket.resident_id, now=now)
    _lock(session, ticket)
    return ticket


def locked_together(session: Session, tickets: list[Ticket], *, now: datetime) -> None:
    """Lock several tickets: all conversations first, then all tickets, each by its number."""
    for resident_id in sorted({ticket.resident_id for ticket in tickets}):
        lock_conversation(session, resident_id, now=now)
    for ticket in sorted(tickets, key=lambda it: it.id):
        _lock(session, ticket)


def _lock(session: Session, ticket: Ticket) -> None:
    if held(session, Ticket, ticket.id) is not ticket:
        session.refresh(ticket, with_for_update=True)
        hold(session, ticket, ticket.id)


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


def let_speak(session: Session, ticket: Ticket, speaker: Speaker, *, now: datetime) -> None:
    """Say who talks to the resident from now on; a person in another matter goes on talking."""
    conversation = lock_conversation(session, ticket.resident_id, now=now)
    if conversation.speaker == speaker:
        return
    if speaker == Speaker.BOT and _spoken_for(session, ticket):
        return
    conversation.speaker = speaker


def heard(
    session: Session, ticket: Ticket, *, now: datetime, office: Office | None = None
) -> None:
    """Note that the resident wrote: who waits for them goes on, and an answer is owed again."""
    owed = owes_answer(ticket)
    if not owed or ticket.state == State.WAITING_RESIDENT:
        note_event(session, ticket, "heard", now=now, office=office, owed=not owed)
    ticket.last_resident_at = now


def heard_again(session: Session, ticket: Ticket, *, now: datetime) -> None:
    """Promise an answer anew where the resident wrote after what has only now gone out."""
    if owes_answer(ticket):
        note_event(session, ticket, "heard", now=now, owed=True)


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
    basis: Mapping[str, object] | None = None,
) -> None:
    """Put the ticket into somebody's hands, to be accepted, and tell them."""
    grounds: JsonObject = {"basis": dict(basis)} if basis else {}
    ticket.seen_at = None
    event = note_event(session, ticket, "assigned", now=now, text=reason, to=staff_id, **grounds)
    let_speak(session, ticket, Speaker.BOT, now=now)
    if ticket.level == Level.CRISIS:
        call(session, ticket, staff_id, now=now)
        return
    session.flush()
    notify(
        session,
        staff_id=staff_id,
        kind=NoticeKind.ASSIGNED,
        now=now,
        ticket_id=ticket.id,
        urgent=ticket.level == Level.URGENT,
        once=f"assigned:{event.id}",
    )


def route(
    session: Session, ticket: Ticket, *, now: datetime, exclude: frozenset[int] = frozenset()
) -> bool:
    """
    Give the ticket to whom the rules pick; False when they pick nobody.

    Who handed it back is not picked again.  Where nobody is picked, a ticket
    in somebody's hands stays there, and another waits to be assigned.
    """
    if ticket.hand_backs > routing.MOST_HAND_BACKS and ticket.level != Level.CRISIS:
        return _queue(session, ticket, f"已退单{ticket.hand_backs}次，等督导分派", now)
    returned = handed_back_by(session, ticket) if ticket.hand_backs else []
    wanted = routing.wanted_for(ticket, now=now, exclude=exclude | set(returned))
    found = routing.pick(session, wanted)
    if found.staff_id is None:
        return _queue(session, ticket, found.reason, now)
    reason, basis = found.reason, found.basis
    give(session, ticket, found.staff_id, reason=reason, now=now, basis=basis)
    return True


def _queue(session: Session, ticket: Ticket, reason: str, now: datetime) -> bool:
    """Note, once for each reason, why nobody has it."""
    if ticket.assignee_id is None and ticket.reason != reason:
        note_event(session, ticket, "queued", now=now, text=reason)
    return False


def handed_back_by(session: Session, ticket: Ticket) -> list[int]:
    """Return who handed the ticket back, once for each time."""
    return routing.handed_back(session, [ticket.id]).get(ticket.id, [])


def last_event_id(session: Session, ticket_id: int) -> int:
    """Return how far the ticket's history has come: what a page passes back as `version`."""
    newest = select(func.max(TicketEvent.id)).where(TicketEvent.ticket_id == ticket_id)
    return session.scalar(newest) or 0


def _spoken_for(session: Session, ticket: Ticket) -> bool:
    other = select(Ticket.id).where(
        Ticket.resident_id == ticket.resident_id,
        Ticket.id != ticket.id,
        Ticket.state.in_(LIVE),
        Ticket.accepted_at.is_not(None),
    )
    return session.scalar(other.limit(1)) is not None
