"""Tickets that are kept because a court or an authority needs them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.audit import of_ticket, record
from bot.errors import InvalidInputError, NotFoundError
from bot.people.tables import Staff
from bot.privacy.tables import LegalHold
from bot.tickets import scope
from bot.tickets.change import locked
from bot.tickets.tables import Ticket, TicketEvent


def put(session: Session, number: str, *, by: Staff, reason: str, now: datetime) -> Ticket:
    """
    Hold the ticket until somebody lifts it; one that is held stays as it is.

    Raises:
        NotFoundError: there is none, or this person may not see it.
        InvalidInputError: no reason is given, or what was in it is deleted already.
    """
    ticket = scope.find(session, number.strip(), staff=by)
    if not reason.strip():
        msg = "请写是哪个单位、为什么要保留，比如“盘龙法院调取”。"
        raise InvalidInputError(msg)
    locked(session, ticket, now=now)  # a deletion under way is waited for
    if _was_erased(session, ticket):
        msg = f"{ticket.number} 的内容已经删除，没有可以保留的了。"
        raise InvalidInputError(msg)
    lasting = LegalHold.lifted_at.is_(None)
    if session.scalar(select(LegalHold.id).where(LegalHold.ticket_id == ticket.id, lasting)):
        return ticket
    session.add(LegalHold(ticket_id=ticket.id, reason=reason.strip(), by_id=by.id, at=now))
    session.flush()
    subject = of_ticket(ticket.number)
    record(session, deed="hold.put", now=now, staff_id=by.id, subject=subject)
    return ticket


def lift(session: Session, hold_id: int, *, by: Staff, now: datetime) -> None:
    """
    End the hold.

    Raises:
        NotFoundError: there is none, or this person may not see its ticket.
    """
    row = session.execute(
        select(LegalHold, Ticket)
        .join(Ticket, Ticket.id == LegalHold.ticket_id)
        .where(LegalHold.id == hold_id, LegalHold.lifted_at.is_(None), scope.visible(by))
    ).one_or_none()
    if row is None:
        raise NotFoundError(str(hold_id))
    row[0].lifted_at, row[0].lifted_by_id = now, by.id
    subject = of_ticket(row[1].number)
    record(session, deed="hold.lift", now=now, staff_id=by.id, subject=subject)


def of(session: Session, staff: Staff) -> Sequence[tuple[LegalHold, Ticket]]:
    """Return the holds on tickets this person sees, the newest first."""
    rows = session.execute(
        select(LegalHold, Ticket)
        .join(Ticket, Ticket.id == LegalHold.ticket_id)
        .where(LegalHold.lifted_at.is_(None), scope.visible(staff))
        .order_by(LegalHold.id.desc())
    )
    return [(hold, ticket) for hold, ticket in rows]


def _was_erased(session: Session, ticket: Ticket) -> bool:
    erased = TicketEvent.ticket_id == ticket.id, TicketEvent.kind == "erased"
    return session.scalar(select(TicketEvent.id).where(*erased).limit(1)) is not None
