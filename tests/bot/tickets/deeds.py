"""Acting on tickets as staff, and reading what came of it."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversation.tables import Conversation
from bot.outbox import OutboundMessage
from bot.people.tables import Staff
from bot.tickets import moves
from bot.tickets.tables import Ticket, TicketEvent
from tests.conftest import NOW

LATER = NOW + timedelta(minutes=5)


def by(session: Session, staff: Staff, *, version: int | None = None) -> moves.Act:
    """A person whose page is as fresh as can be, unless told otherwise."""
    newest = max(session.scalars(select(TicketEvent.id)).all(), default=0)
    return moves.Act(staff, newest if version is None else version, LATER)


def said(session: Session) -> list[str]:
    return list(session.scalars(select(OutboundMessage.text).order_by(OutboundMessage.id)))


def speaker(session: Session, ticket: Ticket) -> str:
    return session.get_one(Conversation, ticket.resident_id).speaker


def kinds(session: Session) -> list[str]:
    return list(
        session.scalars(
            select(TicketEvent.kind).where(TicketEvent.kind != "baseline").order_by(TicketEvent.id)
        )
    )
