"""
Who may see which tickets: every query of the console begins here.

Three circles, each within the next: whose content may be read, what one is in
charge of without reading it, and what one sees a line of.  Of what lies outside
all of them nobody learns that it is there.
"""

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import Session

from bot.errors import NotFoundError
from bot.people.tables import Role, Staff
from bot.tickets.alarm.tables import Page
from bot.tickets.tables import LIVE, Lane, Level, State, Ticket

ORDINARY = Ticket.lane == Lane.NONE


def visible(staff: Staff) -> ColumnElement[bool]:
    """
    Return the condition for tickets whose content this person may read and work on.

    One's own, and a crisis one is called to.  A caseworker has of the queue
    besides what they might get, a supervisor what belongs to their organisation
    or to none; without an organisation, of all.  What runs in a confidential lane
    is for whoever has it, and for a supervisor who gave a reason to open it.  An
    admin keeps the service running and reads nobody's story.
    """
    own = or_(Ticket.assignee_id == staff.id, _called_to(staff))
    if staff.role == Role.SUPERVISOR:
        opened = Ticket.id.in_(staff.opened) if staff.opened else false()
        return or_(own, and_(ORDINARY, _house(staff)), and_(opened, _house(staff)))
    if staff.role == Role.CASEWORKER:
        return or_(own, and_(Ticket.state == State.TRIAGE, ORDINARY, _house(staff)))
    return false()


def in_charge(staff: Staff) -> ColumnElement[bool]:
    """
    Return the condition for tickets this person sees to, their content read or not.

    Beside what may be read: for a supervisor the confidential ones of their
    organisation, for a caseworker what waits in a lane they are cleared for.
    """
    if staff.role == Role.SUPERVISOR:
        return or_(visible(staff), _house(staff))
    if staff.role == Role.CASEWORKER:
        waits = and_(Ticket.state == State.TRIAGE, Ticket.lane.in_(staff.lanes or ()))
        return or_(visible(staff), and_(waits, _house(staff)))
    return false()


def listed(staff: Staff) -> ColumnElement[bool]:
    """
    Return the condition for tickets this person sees at least a line of.

    Beside what they are in charge of, the ordinary open ones of their team.
    """
    if staff.role != Role.CASEWORKER or staff.team_id is None:
        return in_charge(staff)
    return or_(in_charge(staff), and_(of_team(staff), ORDINARY, _house(staff)))


def of_team(staff: Staff) -> ColumnElement[bool]:
    """Return the condition for open tickets that somebody of this person's team has."""
    team = select(Staff.id).where(Staff.team_id == staff.team_id, Staff.team_id.is_not(None))
    return and_(Ticket.assignee_id.in_(team), Ticket.state.in_(LIVE))


def colleagues(staff: Staff) -> ColumnElement[bool]:
    """Return the condition for people whose work this person is shown."""
    if staff.organisation_id is None:
        return true()
    return or_(Staff.organisation_id.is_(None), Staff.organisation_id == staff.organisation_id)


def of_number(number: str, staff: Staff) -> Select[Ticket]:
    """Return the query for the ticket of this number, if this person may read it."""
    return select(Ticket).where(Ticket.number == number, visible(staff))


def find(session: Session, number: str, *, staff: Staff, unread: bool = False) -> Ticket:
    """
    Return the ticket of this number; with *unread* also what one is only in charge of.

    Raises:
        NotFoundError: there is none, or this person may not see it.
    """
    met = in_charge(staff) if unread else visible(staff)
    ticket = session.scalar(select(Ticket).where(Ticket.number == number, met))
    if ticket is None:
        raise NotFoundError(number)
    return ticket


def may_read(session: Session, ticket: Ticket, staff: Staff) -> bool:
    """Say whether this person may read what is in the ticket."""
    found = select(Ticket.id).where(Ticket.id == ticket.id, visible(staff))
    return session.scalar(found) is not None


def _called_to(staff: Staff) -> ColumnElement[bool]:
    """
    A crisis that this person was called to, and that nobody has accepted since.

    In whoever's hands: what was at work when it became a crisis may be in those of
    somebody who sleeps.
    """
    calls = select(Page.ticket_id).where(Page.staff_id == staff.id, Page.accepted_at.is_(None))
    return and_(Ticket.state.in_(LIVE), Ticket.level == Level.CRISIS, Ticket.id.in_(calls))


def _house(staff: Staff) -> ColumnElement[bool]:
    """Of this person's organisation, or of none; who belongs to none sees to all."""
    if staff.organisation_id is None:
        return true()
    own = Ticket.organisation_id == staff.organisation_id
    return or_(Ticket.organisation_id.is_(None), own)
