"""The person in charge is told that the resident wrote, whoever of machine and person speaks."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.notices.queue import notify
from bot.notices.tables import NoticeKind
from bot.tickets.tables import Level, Ticket

PRESSING = frozenset({Level.CRISIS, Level.URGENT})


def tell_of_words(session: Session, ticket: Ticket, *, now: datetime) -> None:
    """Tell the assignee once for each time they had looked; who never looked was told already."""
    if ticket.assignee_id is None or ticket.seen_at is None:
        return
    notify(
        session,
        staff_id=ticket.assignee_id,
        kind=NoticeKind.NEW_MESSAGE,
        now=now,
        ticket_id=ticket.id,
        urgent=ticket.level in PRESSING,
        once=f"wrote:{ticket.id}:{ticket.seen_at:%Y%m%d%H%M%S%f}",
    )
