"""Whoever is called in a crisis looks at the phone, day and night; or sleeps on."""

from datetime import timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.engine import reading
from bot.simulation.acting import by_day, does, replies
from bot.simulation.month import Month
from bot.tickets import moves
from bot.tickets.alarm.tables import Page
from bot.tickets.clocks.rules import load_rules
from bot.tickets.tables import Ticket

SOON, SLOWLY = (1, 8), (2, 15)
"""Minutes until somebody who will accept does, by day and by night."""
SECOND = timedelta(seconds=1)


def listen(month: Month) -> None:
    """Let those who were called since the last time react, and the next be called in time."""
    with reading(month.line.engine) as session:
        calls = session.execute(
            select(Page.id, Page.staff_id, Page.paged_at, Ticket.number)
            .join(Ticket, Ticket.id == Page.ticket_id)
            .where(Page.id > month.last_call)
            .order_by(Page.id)
        ).all()
    for call, staff_id, paged_at, number in calls:
        month.last_call = call
        day = by_day(month)
        if month.happens("crisis_by_day" if day else "crisis_by_night"):
            minutes = month.chance.randrange(*(SOON if day else SLOWLY))
            accepts = partial(_accepts, month, staff_id, number)
            month.at(paged_at + timedelta(minutes=minutes), accepts)
        month.at(paged_at + load_rules().page + SECOND, month.does_what_is_due)


def _accepts(month: Month, staff_id: int, number: str) -> None:
    if does(month, staff_id, number, _accept):
        replies(month, staff_id, number, "我在，您慢慢说，我陪着您")


def _accept(session: Session, ticket: Ticket, by: moves.Act) -> None:
    moves.accept(session, ticket.number, by=by)
