"""Keeping the index: whoever writes a text of a ticket adds it, in the same transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.db.inserting import insert
from bot.finding import grams
from bot.finding.tables import TicketGram
from bot.finding.texts import texts_of
from bot.settings import Settings
from bot.tickets.tables import Ticket

AT_A_TIME = 200


def add(session: Session, ticket_id: int | None, *texts: str) -> None:
    """Make the ticket be found by these texts too; what belongs to none is not searched."""
    if ticket_id is None:
        return
    # In one order everywhere: two who add to one ticket must not wait for each other.
    found = sorted({gram for text in texts for gram in grams.kept(text)})
    if found:
        rows = [{"gram": gram, "ticket_id": ticket_id} for gram in found]
        session.execute(insert(session, TicketGram).on_conflict_do_nothing(), rows)


def rebuild(session: Session, ticket_ids: Sequence[int]) -> None:
    """Make the tickets be found by the texts they have now; for what was moved or erased."""
    session.execute(delete(TicketGram).where(TicketGram.ticket_id.in_(ticket_ids)))
    numbers = select(Ticket.id, Ticket.number).where(Ticket.id.in_(ticket_ids))
    texts = texts_of(session, ticket_ids)
    for ticket_id, number in session.execute(numbers).all():
        add(session, ticket_id, number, *texts[ticket_id])


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
