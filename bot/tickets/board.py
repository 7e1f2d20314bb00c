"""What staff find on their board: the views with their counts, the rows, the search."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true
from sqlalchemy.orm import Session

from bot.contracts import Urgency
from bot.inbox import InboundMessage
from bot.people.tables import Resident, Role, Staff
from bot.tickets import narrow
from bot.tickets.due import MOST_URGENT_FIRST, OWED
from bot.tickets.narrow import EVERYTHING, Narrow
from bot.tickets.scope import visible
from bot.tickets.tables import LIVE, State, Ticket

SOON = timedelta(hours=2)
ROWS_A_PAGE = 30
DONE = (State.RESOLVED, State.CLOSED)
RUNNING = and_(
    Ticket.state.in_((State.TRIAGE, State.DISPATCHED, State.IN_PROGRESS)),
    OWED,
)
"""An answer is owed, and nobody waits for the resident."""
UNACCEPTED_CRISIS = and_(
    Ticket.urgency == Urgency.CRISIS, Ticket.state.in_((State.TRIAGE, State.DISPATCHED))
)


class View(StrEnum):
    """One list of the board."""

    MINE = "mine"
    NEW = "new"
    WAITING = "waiting"
    SOON = "soon"
    QUEUE = "queue"
    TEAM = "team"
    DONE = "done"
    ALL = "all"
    """Whatever may be seen; reached by links that narrow it, not by a tab."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What the address of a list says."""

    view: View = View.MINE
    words: str = ""
    """A number, an alias, or a phrase of the conversation; searches all that may be seen."""
    topic: str = ""
    urgency: str = ""
    page: int = 1
    narrow: Narrow = EVERYTHING
    """What else narrows the list: the links behind the numbers of reports."""


@dataclass(frozen=True, slots=True)
class Row:
    """One ticket in a list."""

    ticket: Ticket
    alias: str
    assignee: str
    last_words: str
    unread: bool


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of a list."""

    rows: Sequence[Row]
    more: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """How many each view holds, and what must not be overlooked in any of them."""

    of: Mapping[View, int]
    crisis: int
    """Crises that nobody has accepted."""
    unread: int


def views_for(staff: Staff) -> list[View]:
    """Return the views this person has."""
    hidden = {View.ALL} if staff.role == Role.SUPERVISOR else {View.ALL, View.TEAM}
    return [view for view in View if view not in hidden]


def counts(session: Session, staff: Staff, *, now: datetime) -> Counts:
    """Count every view in one query, within what this person may see."""
    views = views_for(staff)
    sums = [_sum(_condition(view, staff, now)) for view in views]
    row = session.execute(
        select(*sums, _sum(UNACCEPTED_CRISIS), _sum(_unread(staff))).where(visible(staff))
    ).one()
    *of, crisis, unread = (int(number or 0) for number in row)
    return Counts(dict(zip(views, of, strict=True)), crisis, unread)


def rows(session: Session, staff: Staff, *, wanted: Filter, now: datetime) -> Rows:
    """Return one page of a list: crises first, then what must be answered soonest."""
    found = session.execute(
        select(Ticket, Resident.alias, Staff.name, _unread(staff))
        .join(Resident, Resident.id == Ticket.resident_id)
        .outerjoin(Staff, Staff.id == Ticket.assignee_id)
        .where(visible(staff), *_wanted(wanted, staff, now))
        .order_by(*_order(wanted))
        .limit(ROWS_A_PAGE + 1)
        .offset((wanted.page - 1) * ROWS_A_PAGE)
    ).all()
    page = found[:ROWS_A_PAGE]
    words = _last_words(session, [row[0].id for row in page])
    return Rows(
        [
            Row(ticket, alias, name or "", words.get(ticket.id, ticket.summary), bool(unread))
            for ticket, alias, name, unread in page
        ],
        more=len(found) > ROWS_A_PAGE,
    )


def _wanted(wanted: Filter, staff: Staff, now: datetime) -> list[ColumnElement[bool]]:
    conditions = [_search(wanted.words) if wanted.words else _condition(wanted.view, staff, now)]
    if wanted.topic:
        conditions.append(Ticket.topic == wanted.topic)
    if wanted.urgency:
        conditions.append(Ticket.urgency == wanted.urgency)
    return conditions + narrow.conditions(wanted.narrow, now=now)


def _condition(view: View, staff: Staff, now: datetime) -> ColumnElement[bool]:
    own = Ticket.assignee_id == staff.id
    return {
        View.MINE: and_(own, Ticket.state.in_(LIVE)),
        View.NEW: and_(own, Ticket.state == State.DISPATCHED),
        View.WAITING: and_(own, Ticket.state == State.WAITING_RESIDENT),
        View.SOON: and_(RUNNING, Ticket.reply_due_at <= now + SOON),
        View.QUEUE: Ticket.state == State.TRIAGE,
        View.TEAM: Ticket.state.in_(LIVE),
        View.DONE: Ticket.state.in_(DONE),
        View.ALL: true(),
    }[view]


def _unread(staff: Staff) -> ColumnElement[bool]:
    never_or_before = or_(Ticket.seen_at.is_(None), Ticket.seen_at < Ticket.last_resident_at)
    return and_(Ticket.assignee_id == staff.id, Ticket.state.in_(LIVE), never_or_before)


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _order(wanted: Filter) -> tuple[ColumnElement[Any], ...]:
    if wanted.view in {View.DONE, View.ALL} or wanted.words:
        return Ticket.state_at.desc(), Ticket.id.desc()
    # What has no running clock comes after what has one.
    stands = case((RUNNING, 0), else_=1)
    return MOST_URGENT_FIRST, stands, Ticket.reply_due_at.asc(), Ticket.id.asc()


def _search(words: str) -> ColumnElement[bool]:
    """Part of a number or an alias, or a phrase anywhere in the resident's words."""
    heard = select(InboundMessage.ticket_id).where(
        InboundMessage.text.contains(words, autoescape=True),
        InboundMessage.ticket_id.is_not(None),
    )
    return or_(
        Ticket.number.contains(words, autoescape=True),
        Ticket.summary.contains(words, autoescape=True),
        Ticket.outcome.contains(words, autoescape=True),
        Resident.alias.contains(words.upper(), autoescape=True),
        Ticket.id.in_(heard),
    )


def _last_words(session: Session, ticket_ids: Sequence[int]) -> dict[int, str]:
    newest = (
        select(func.max(InboundMessage.id))
        .where(InboundMessage.ticket_id.in_(ticket_ids), InboundMessage.text != "")
        .group_by(InboundMessage.ticket_id)
    )
    found = session.execute(
        select(InboundMessage.ticket_id, InboundMessage.text).where(InboundMessage.id.in_(newest))
    )
    return {ticket_id: text for ticket_id, text in found if ticket_id is not None}
