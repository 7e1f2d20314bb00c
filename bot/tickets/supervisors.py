"""Who watches over a ticket, and telling them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.notices.queue import notify
from bot.notices.tables import NoticeKind
from bot.people.tables import Role, Staff
from bot.tickets.tables import Level, Ticket, TicketEvent


def supervisors_of(session: Session, ticket: Ticket) -> Sequence[int]:
    """
    Return who supervises the ticket: its organisation's and those of none.

    An organisation without any is the admins' to see to, who learn the number and
    no more: other organisations are not told of its residents.
    """
    every = (
        select(Staff.id)
        .where(Staff.active, Staff.role == Role.SUPERVISOR)
        .order_by(Staff.on_duty.desc(), Staff.id)
    )
    if ticket.organisation_id is None:
        return session.scalars(every).all()
    own = or_(Staff.organisation_id == ticket.organisation_id, Staff.organisation_id.is_(None))
    return session.scalars(every.where(own)).all() or admins(session)


def admins(session: Session) -> Sequence[int]:
    """Return who keeps the installation."""
    found = select(Staff.id).where(Staff.active, Staff.role == Role.ADMIN)
    return session.scalars(found.order_by(Staff.id)).all()


def tell_supervisors(
    session: Session,
    ticket: Ticket,
    kind: NoticeKind,
    *,
    now: datetime,
    but: int | None = None,
) -> None:
    """Tell everybody who supervises the ticket of its newest event, except who did it."""
    for staff_id in supervisors_of(session, ticket):
        if staff_id != but:
            tell(session, ticket, staff_id, kind, now=now)


def tell(
    session: Session, ticket: Ticket, staff_id: int, kind: NoticeKind, *, now: datetime
) -> None:
    """Tell somebody of the ticket's newest event, once."""
    newest = select(TicketEvent.id).where(TicketEvent.ticket_id == ticket.id)
    event_id = session.scalar(newest.order_by(TicketEvent.id.desc()).limit(1))
    notify(
        session,
        staff_id=staff_id,
        kind=kind,
        now=now,
        ticket_id=ticket.id,
        urgent=ticket.level == Level.CRISIS,
        once=f"{kind}:{event_id}",
    )
