"""Both databases, and the line of one resident on them."""

from sqlalchemy import Engine, func, select

from bot.db.engine import reading
from bot.inbox import InboundMessage
from bot.outbox import OutboundMessage
from bot.tickets.tables import LIVE, Ticket, TicketEvent


def live_tickets(engine: Engine) -> list[Ticket]:
    with reading(engine) as session:
        return list(session.scalars(select(Ticket).where(Ticket.state.in_(LIVE))))


def heard(engine: Engine) -> list[InboundMessage]:
    with reading(engine) as session:
        return list(session.scalars(select(InboundMessage).order_by(InboundMessage.id)))


def said(engine: Engine) -> list[OutboundMessage]:
    with reading(engine) as session:
        return list(session.scalars(select(OutboundMessage).order_by(OutboundMessage.id)))


def events(engine: Engine, kind: str) -> int:
    counted = select(func.count()).select_from(TicketEvent).where(TicketEvent.kind == kind)
    with reading(engine) as session:
        return session.scalar(counted) or 0
