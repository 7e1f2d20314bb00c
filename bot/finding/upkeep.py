"""Making the index anew from the texts: of what was moved, erased, or there before it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.finding import index
from bot.finding.tables import TicketGram
from bot.finding.texts import texts_of
from bot.settings import Settings
from bot.tickets.tables import Ticket

AT_A_TIME = 200


def rebuild(session: Session, ticket_ids: Sequence[int]) -> None:
    """Make the tickets be found by the texts they have now; for what was moved or erased."""
    session.execute(delete(TicketGram).where(TicketGram.ticket_id.in_(ticket_ids)))
    numbers = select(Ticket.id, Ticket.number).where(Ticket.id.in_(ticket_ids))
    texts = texts_of(session, ticket_ids)
    for ticket_id, number in session.execute(numbers).all():
        index.add(session, ticket_id, number, *texts[ticket_id])


def catch_up(session: Session, *, now: datetime, settings: Settings) -> int:
    """Index tickets that were there before the index; a job of the timetable."""
    del now, settings
    # Every indexed ticket is found by its number at least.
    missing = (
        select(Ticket.id)
        .where(~select(TicketGram.gram).where(TicketGram.ticket_id == Ticket.id).exists())
        .order_by(Ticket.id)
        .limit(AT_A_TIME)
    )
    found = session.scalars(missing).all()
    rebuild(session, found)
    return len(found)
