"""What others did to a ticket while somebody was writing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.outbox.tables import OutboundMessage
from bot.people.tables import Staff
from bot.tickets.allowed import MATTERS
from bot.tickets.tables import Ticket, TicketEvent

LONGEST_QUOTE = 120


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened."""

    at: datetime
    name: str
    """Empty: the resident or the service."""
    text: str
    said: str = ""
    """The first words of what was answered, or the reason given."""


def since(session: Session, ticket: Ticket, *, version: int, staff: Staff) -> Sequence[Change]:
    """Return what matters of what others did after *version*, oldest first."""
    rows = session.execute(
        select(TicketEvent, Staff.name)
        .outerjoin(Staff, Staff.id == TicketEvent.staff_id)
        .where(
            TicketEvent.ticket_id == ticket.id,
            TicketEvent.id > version,
            TicketEvent.kind.in_(MATTERS),
            TicketEvent.staff_id.is_distinct_from(staff.id),
        )
        .order_by(TicketEvent.id)
    ).all()
    answers = _answers(session, [event for event, _ in rows])
    return [
        Change(
            event.at, name or "", MATTERS[event.kind], _short(answers.get(event.id) or event.text)
        )
        for event, name in rows
    ]


def _answers(session: Session, events: Sequence[TicketEvent]) -> dict[int, str]:
    keys = {
        f"reply:{event.ticket_id}:{event.data.get('once')}": event.id
        for event in events
        if event.kind == "reply"
    }
    if not keys:
        return {}
    sent = session.execute(
        select(OutboundMessage.once_key, OutboundMessage.text).where(
            OutboundMessage.once_key.in_(keys)
        )
    )
    return {keys[key]: text for key, text in sent if key}


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…"
