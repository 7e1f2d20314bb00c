"""What we keep of somebody, and who looked at it: what the resident may ask for in the chat."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.audit import AuditEvent, of_ticket
from bot.inbox import InboundMessage
from bot.media import Media
from bot.people.tables import Resident, Staff
from bot.tickets.tables import Ticket

LOOKS = ("ticket.read", "ticket.print")
MOST = 10


@dataclass(frozen=True, slots=True)
class Known:
    """How much there is."""

    since: datetime
    messages: int
    files: int
    tickets: tuple[str, ...]
    """Their numbers, the newest first."""


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody who read a matter of theirs."""

    name: str
    times: int
    last: datetime


def known(session: Session, resident: Resident) -> Known:
    """Return how much we keep of the resident."""
    mine = InboundMessage.resident_id == resident.id
    said = select(func.count()).where(mine, InboundMessage.text != "")
    sent = select(func.count(Media.id)).join(InboundMessage, InboundMessage.id == Media.inbound_id)
    numbers = session.scalars(
        select(Ticket.number).where(Ticket.resident_id == resident.id).order_by(Ticket.id.desc())
    ).all()
    return Known(
        since=resident.created_at,
        messages=session.scalar(said) or 0,
        files=session.scalar(sent.where(mine, Media.path != "")) or 0,
        tickets=tuple(numbers),
    )


def looks(session: Session, resident: Resident) -> list[Look]:
    """Return who read their matters, whoever did last first."""
    numbers = session.scalars(select(Ticket.number).where(Ticket.resident_id == resident.id))
    subjects = [of_ticket(number) for number in numbers]
    last = func.max(AuditEvent.at)
    rows = session.execute(
        select(Staff.name, func.count(), last)
        .join(Staff, Staff.id == AuditEvent.staff_id)
        .where(AuditEvent.subject.in_(subjects), AuditEvent.deed.in_(LOOKS))
        .group_by(Staff.id, Staff.name)
        .order_by(last.desc())
        .limit(MOST)
    )
    return [Look(name, times, at) for name, times, at in rows]
