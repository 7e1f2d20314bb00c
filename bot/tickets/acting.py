"""What every deed of staff is made of: who acts, the guards, and the words that go out."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import outbox, wording
from bot.errors import InvalidInputError
from bot.people.tables import Staff
from bot.tickets import scope
from bot.tickets.allowed import refuse_unless_allowed
from bot.tickets.change import locked
from bot.tickets.tables import State, Ticket, TicketEvent

LONGEST_TEXT = 2000
UNREAD = frozenset({"accept", "assign", "give_back", "supervise", "end_supervision"})
"""What can be done to a confidential ticket without reading it, by who is in charge of it."""


@dataclass(frozen=True, slots=True)
class Act:
    """Who acts, when, and how much of the ticket's history they had seen."""

    staff: Staff
    version: int
    """change.last_event_id when the page was made."""
    now: datetime
    limit_bytes: int = 1800
    """The longest message WeChat takes from us."""


def take_up(session: Session, number: str, move: str, by: Act) -> Ticket:
    """
    Return the ticket, locked, for this person's move.

    Raises:
        NotFoundError: there is none, or this person may not see it.
        InvalidInputError: it cannot make this move from where it stands.
    """
    found = scope.find(session, number, staff=by.staff, unread=move in UNREAD)
    ticket = locked(session, found, now=by.now)
    refuse_unless_allowed(ticket, move, by.staff)
    return ticket


def refuse_taking(session: Session, ticket: Ticket, by: Act) -> None:
    """Raise InvalidInputError when *by* would come to read what another has in confidence."""
    if ticket.state != State.TRIAGE and not scope.may_read(session, ticket, by.staff):
        msg = "这是保密的事，已经有人负责。要接过来，先写明原因打开。"
        raise InvalidInputError(msg)


def signed(session: Session, ticket: Ticket, by: Act, words: str) -> str:
    """Return the words with the person's name; their first say who they are."""
    events = session.scalars(
        select(TicketEvent).where(
            TicketEvent.ticket_id == ticket.id, TicketEvent.staff_id == by.staff.id
        )
    )
    if any(event.kind in {"reply", "introduced"} for event in events):
        return wording.PERSON_SIGNS.format(text=words, name=by.staff.name)
    return f"{wording.PERSON_TAKES_OVER.format(name=by.staff.name)}\n{words}"


def send(session: Session, ticket: Ticket, by: Act, text: str, *, once: str) -> None:
    """Put words of a person into the outbox; the same *once* is put there once."""
    outbox.enqueue(
        session,
        resident_id=ticket.resident_id,
        text=text,
        now=by.now,
        limit_bytes=by.limit_bytes,
        ticket_id=ticket.id,
        staff_id=by.staff.id,
        by_machine=False,
        once_key=once,
    )


def written(session: Session, ticket: Ticket, once: str) -> bool:
    """Say whether the page has sent this very text before: a double click, a repeated form."""
    events = session.scalars(
        select(TicketEvent).where(
            TicketEvent.ticket_id == ticket.id, TicketEvent.kind.in_(("reply", "note"))
        )
    )
    return bool(once) and any(event.data.get("once") == once for event in events)


def required(text: str, otherwise: str) -> str:
    """
    Return the text without blanks around it.

    Raises:
        InvalidInputError: nothing is left of it (*otherwise* says so), or it is too long.
    """
    words = text.strip()
    if not words:
        raise InvalidInputError(otherwise)
    if len(words) > LONGEST_TEXT:
        msg = f"太长了：最多{LONGEST_TEXT}字，现在{len(words)}字。"
        raise InvalidInputError(msg)
    return words
