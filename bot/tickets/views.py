"""The lists of the board: what is in each, and in which order."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, not_, or_, select, true

from bot.casefile.tables import Mention
from bot.contracts import Urgency
from bot.people.tables import Role, Staff
from bot.tickets.clocks.tables import TicketClock
from bot.tickets.due import MOST_URGENT_FIRST, OWED
from bot.tickets.scope import in_charge, listed, of_team
from bot.tickets.tables import LIVE, ClockKind, State, Ticket

SOON = timedelta(hours=2)
DONE = (State.RESOLVED, State.CLOSED)
RUNNING = and_(
    Ticket.state.in_((State.TRIAGE, State.DISPATCHED, State.IN_PROGRESS)),
    OWED,
)
"""An answer is owed, and nobody waits for the resident."""
SHOWN = (
    *(ClockKind.DISPATCH, ClockKind.ACCEPT, ClockKind.REPLY, ClockKind.RESOLVE),
    *(ClockKind.CONFIRM, ClockKind.PARTNER, ClockKind.RIGHTS),
)
"""The clocks staff have to keep; the others are kept by the service or part of these."""
LIVE_ONES = Ticket.state.in_(LIVE)
STANDS_STILL = (State.WAITING_RESIDENT, State.CLOSED, State.MERGED)
UNACCEPTED_CRISIS = and_(
    Ticket.urgency == Urgency.CRISIS, Ticket.state.in_((State.TRIAGE, State.DISPATCHED))
)


class View(StrEnum):
    """One list of the board."""

    MINE = "mine"
    NEW = "new"
    WAITING = "waiting"
    SOON = "soon"
    OVERDUE = "overdue"
    QUEUE = "queue"
    TEAM = "team"
    MENTIONED = "mentioned"
    DONE = "done"
    ALL = "all"
    """Whatever may be seen; reached by links that narrow it, not by a tab."""


class Sort(StrEnum):
    """In which order a list stands."""

    DUE = "due"
    LATEST = "latest"
    OLDEST = "oldest"
    NEWEST = "newest"


def views_for(staff: Staff) -> list[View]:
    """Return the views this person has; who is in no team has nobody's to look at."""
    has_team = staff.role == Role.SUPERVISOR or staff.team_id is not None
    hidden = {View.ALL} if has_team else {View.ALL, View.TEAM}
    return [view for view in View if view not in hidden]


def within(view: View, staff: Staff) -> ColumnElement[bool]:
    """Return whose tickets the view can hold: colleagues' are in the one of the team alone."""
    return listed(staff) if view == View.TEAM else in_charge(staff)


def condition(view: View, staff: Staff, now: datetime) -> ColumnElement[bool]:
    """Return what a ticket must meet to be in the view."""
    own = Ticket.assignee_id == staff.id
    return {
        View.MINE: and_(own, Ticket.state.in_(LIVE)),
        View.NEW: and_(own, Ticket.state == State.DISPATCHED),
        View.WAITING: and_(own, Ticket.state == State.WAITING_RESIDENT),
        View.SOON: and_(_due_by(now + SOON), not_(_due_by(now))),
        View.OVERDUE: _due_by(now),
        View.QUEUE: Ticket.state == State.TRIAGE,
        View.TEAM: LIVE_ONES if staff.role == Role.SUPERVISOR else of_team(staff),
        View.MENTIONED: Ticket.id.in_(_mentions(staff)),
        View.DONE: Ticket.state.in_(DONE),
        View.ALL: true(),
    }[view]


def counted(view: View, staff: Staff, now: datetime) -> ColumnElement[bool]:
    """Return what is counted beside the view's name: all of it, of mentions the unseen."""
    if view == View.MENTIONED:
        return Ticket.id.in_(_mentions(staff).where(Mention.seen_at.is_(None)))
    return condition(view, staff, now)


def next_clock() -> Select[int]:
    """Return the query for the running clock of a ticket that is due next."""
    return (
        select(TicketClock.id)
        .where(*_running(), TicketClock.ticket_id == Ticket.id)
        .order_by(TicketClock.due_at, TicketClock.id)
        .limit(1)
        .correlate(Ticket)
    )


def unread(staff: Staff) -> ColumnElement[bool]:
    """Return the condition for own tickets with words that were not looked at."""
    never_or_before = or_(Ticket.seen_at.is_(None), Ticket.seen_at < Ticket.last_resident_at)
    return and_(Ticket.assignee_id == staff.id, Ticket.state.in_(LIVE), never_or_before)


def sorts_for(view: View) -> list[Sort]:
    """Return the orders the view can stand in, its own first."""
    own = Sort.LATEST if view in {View.MENTIONED, View.DONE, View.ALL} else Sort.DUE
    return [own, *(sort for sort in Sort if sort not in {own, Sort.DUE})]


def order(sort: Sort) -> tuple[ColumnElement[Any], ...]:
    """Return the order; of equals the one that was there first."""
    if sort == Sort.DUE:
        first = (
            select(func.min(TicketClock.due_at))
            .where(*_running(), TicketClock.ticket_id == Ticket.id)
            .correlate(Ticket)
            .scalar_subquery()
        )
        runs = or_(RUNNING, and_(Ticket.state.not_in(STANDS_STILL), first.is_not(None)))
        # What has no running clock comes after what has one.
        stands = case((runs, 0), else_=1)
        return (
            MOST_URGENT_FIRST,
            stands,
            func.coalesce(first, Ticket.reply_due_at),
            Ticket.id.asc(),
        )
    if sort == Sort.OLDEST:
        return Ticket.opened_at.asc(), Ticket.id.asc()
    if sort == Sort.NEWEST:
        return Ticket.opened_at.desc(), Ticket.id.desc()
    return _touched().desc(), Ticket.id.desc()


def _due_by(moment: datetime) -> ColumnElement[bool]:
    """Return what should have been done by then: the answer, or whatever else has a clock."""
    late = select(TicketClock.ticket_id).where(*_running(), TicketClock.due_at <= moment)
    by_clock = and_(Ticket.state.not_in(STANDS_STILL), Ticket.id.in_(late))
    return or_(and_(RUNNING, Ticket.reply_due_at <= moment), by_clock)


def _running() -> tuple[ColumnElement[bool], ...]:
    return TicketClock.stopped_at.is_(None), TicketClock.kind.in_(SHOWN)


def _mentions(staff: Staff) -> Select[int]:
    return select(Mention.ticket_id).where(Mention.staff_id == staff.id)


def _touched() -> ColumnElement[datetime]:
    """When somebody last did or said something."""
    later = Ticket.state_at > Ticket.last_resident_at
    return case((later, Ticket.state_at), else_=Ticket.last_resident_at)
