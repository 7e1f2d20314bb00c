"""Who may see which tickets: every query of the console begins here."""

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import Session

from bot.errors import NotFoundError
from bot.people.tables import Role, Staff
from bot.tickets.alarm.tables import Page
from bot.tickets.tables import State, Ticket


def visible(staff: Staff) -> ColumnElement[bool]:
    """
    Return the condition for tickets this person may see and act on.

    A caseworker has their own and of the queue what they might get: nothing of a
    confidential lane they are not cleared for, and of no other organisation.  A
    supervisor has all; an admin keeps the service running and reads nobody's story.
    """
    if staff.role == Role.SUPERVISOR:
        return true()
    if staff.role != Role.CASEWORKER:
        return false()
    return or_(
        Ticket.assignee_id == staff.id,
        and_(Ticket.state == State.TRIAGE, _open_to(staff)),
        _called_to(staff),
    )


def _called_to(staff: Staff) -> ColumnElement[bool]:
    """A crisis that this person was called to, and that nobody has accepted yet."""
    calls = select(Page.ticket_id).where(Page.staff_id == staff.id, Page.accepted_at.is_(None))
    return and_(Ticket.state == State.DISPATCHED, Ticket.id.in_(calls))


def _open_to(staff: Staff) -> ColumnElement[bool]:
    lane = Ticket.lane.in_(("", *(staff.lanes or ())))
    if staff.organisation_id is None:
        return lane
    own = or_(Ticket.organisation_id.is_(None), Ticket.organisation_id == staff.organisation_id)
    return and_(lane, own)


def of_number(number: str, staff: Staff) -> Select[Ticket]:
    """Return the query for the ticket of this number, if this person may see it."""
    return select(Ticket).where(Ticket.number == number, visible(staff))


def find(session: Session, number: str, *, staff: Staff) -> Ticket:
    """
    Return the ticket of this number.

    Raises:
        NotFoundError: there is none, or this person may not see it.
    """
    ticket = session.scalar(of_number(number, staff))
    if ticket is None:
        raise NotFoundError(number)
    return ticket
