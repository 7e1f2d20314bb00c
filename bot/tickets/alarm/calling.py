"""One call of one person to a crisis."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.notices.queue import notify
from bot.notices.tables import NoticeKind
from bot.tickets import sharing
from bot.tickets.alarm.tables import Page
from bot.tickets.tables import Level, Ticket


def call(session: Session, ticket: Ticket, staff_id: int, *, now: datetime) -> None:
    """Call somebody to the ticket's crisis; the call stays open until somebody accepts."""
    rung = 1 + (_rungs(session, ticket) or 0)
    session.add(Page(ticket_id=ticket.id, staff_id=staff_id, rung=rung, paged_at=now))
    session.flush()
    sharing.crossed(session, ticket, staff_id, now=now)
    notify(
        session,
        staff_id=staff_id,
        kind=NoticeKind.CRISIS_PAGE,
        now=now,
        ticket_id=ticket.id,
        urgent=True,
        once=f"page:{ticket.id}:{rung}",
    )


def answered(session: Session, ticket: Ticket, staff_id: int, *, now: datetime) -> None:
    """End the calls of the ticket: this person has it in hand."""
    if ticket.level != Level.CRISIS:
        return
    session.execute(
        update(Page)
        .where(Page.ticket_id == ticket.id, Page.accepted_at.is_(None))
        .values(accepted_at=now, accepted_by_id=staff_id)
        .execution_options(synchronize_session=False)
    )


def _rungs(session: Session, ticket: Ticket) -> int | None:
    return session.scalar(select(func.max(Page.rung)).where(Page.ticket_id == ticket.id))
