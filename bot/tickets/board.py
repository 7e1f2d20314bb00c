"""What staff find on their board: the counts of the views, and the rows of one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from bot.inbox import InboundMessage
from bot.people.tables import Resident, Staff
from bot.tickets import finding, narrow, views
from bot.tickets.clocks.tables import TicketClock
from bot.tickets.finding import Candidate, Found, Quote
from bot.tickets.narrow import EVERYTHING, Narrow
from bot.tickets.scope import in_charge, listed, visible
from bot.tickets.tables import Ticket
from bot.tickets.views import UNACCEPTED_CRISIS, Sort, View, views_for

ROWS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Filter:
    """What the address of a list says."""

    view: View = View.MINE
    words: str = ""
    """A number, an alias, or a phrase of the conversation; searches all that may be seen."""
    topic: str = ""
    urgency: str = ""
    page: int = 1
    sort: Sort | None = None
    """Nothing: the view's own order."""
    narrow: Narrow = EVERYTHING
    """What else narrows the list: the links behind the numbers of reports."""


@dataclass(frozen=True, slots=True)
class Row:
    """One ticket in a list; of one that may not be read there is nothing of its content."""

    ticket: Ticket
    alias: str
    assignee: str
    last_words: str
    unread: bool
    clock: TicketClock | None = None
    """Of its running clocks the one that is due next."""
    quote: Quote | None = None
    """Where the words that were looked for stand."""
    readable: bool = True


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of a list."""

    rows: Sequence[Row]
    more: bool
    complete: bool = True
    """Whether a search looked at every ticket it could mean."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many each view holds, and what must not be overlooked in any of them."""

    of: Mapping[View, int]
    crisis: int
    """Crises that nobody has accepted."""
    unread: int


def counts(session: Session, staff: Staff, *, now: datetime) -> Counts:
    """Count every view in one query, within what this person may see."""
    shown = views_for(staff)
    sums = [
        _sum(and_(views.within(view, staff), views.counted(view, staff, now))) for view in shown
    ]
    sums += [_sum(and_(in_charge(staff), UNACCEPTED_CRISIS)), _sum(views.unread(staff))]
    row = session.execute(select(*sums).where(listed(staff))).one()
    *of, crisis, unread = (int(number or 0) for number in row)
    return Counts(dict(zip(shown, of, strict=True)), crisis, unread)


def rows(session: Session, staff: Staff, *, wanted: Filter, now: datetime) -> Rows:
    """Return one page of a list, of a search only what it found."""
    if not wanted.words:
        page = _rows(session, staff, _page(staff, wanted, now), wanted)
        return Rows(page[:ROWS_A_PAGE], more=len(page) > ROWS_A_PAGE)
    found = _searched(session, staff, wanted, now)
    page_ids = found.ticket_ids[:ROWS_A_PAGE]
    rows_found = _rows(session, staff, page_ids, wanted)
    readable = [row.ticket.id for row in rows_found if row.readable]
    quotes = finding.quotes(session, readable, wanted.words)
    quoted = [replace(row, quote=quotes.get(row.ticket.id)) for row in rows_found]
    return Rows(quoted, len(found.ticket_ids) > ROWS_A_PAGE, found.complete)


def _page(staff: Staff, wanted: Filter, now: datetime) -> Select[int]:
    """Return the tickets of the page and one more, by their ids alone: few bytes are sorted."""
    # What a list is narrowed by says something of every row that is left in it.
    narrowed = bool(wanted.narrow.values)
    return (
        select(Ticket.id)
        .where(
            in_charge(staff) if narrowed else views.within(wanted.view, staff),
            views.condition(wanted.view, staff, now),
            *_narrowed(wanted, now),
        )
        .order_by(*views.order(_sort(wanted)))
        .limit(ROWS_A_PAGE + 1)
        .offset((wanted.page - 1) * ROWS_A_PAGE)
    )


def _searched(session: Session, staff: Staff, wanted: Filter, now: datetime) -> Found:
    end = wanted.page * ROWS_A_PAGE
    named, called = finding.named(wanted.words), finding.called(wanted.words)
    inside = or_(called, finding.said(wanted.words, staff))
    candidates = session.execute(
        select(Ticket.id, or_(named, called))
        .join(Resident, Resident.id == Ticket.resident_id)
        .outerjoin(Staff, Staff.id == Ticket.assignee_id)
        .where(
            or_(and_(in_charge(staff), named), and_(visible(staff), inside)),
            *_narrowed(wanted, now),
        )
        .order_by(*views.order(_sort(wanted)))
        .limit(max(finding.MOST_READ, end) + 1)
    )
    listed = [Candidate(ticket_id, bool(is_named)) for ticket_id, is_named in candidates]
    found = finding.confirmed(session, listed, wanted.words, most=end + 1)
    return Found(found.ticket_ids[end - ROWS_A_PAGE :], found.complete)


def _narrowed(wanted: Filter, now: datetime) -> list[ColumnElement[bool]]:
    conditions = narrow.conditions(wanted.narrow, now=now)
    if wanted.topic:
        conditions.append(Ticket.topic == wanted.topic)
    if wanted.urgency:
        conditions.append(Ticket.urgency == wanted.urgency)
    return conditions


def _sort(wanted: Filter) -> Sort:
    own = Sort.LATEST if wanted.words else views.sorts_for(wanted.view)[0]
    return wanted.sort or own


def _rows(
    session: Session, staff: Staff, ids: Select[int] | Sequence[int], wanted: Filter
) -> list[Row]:
    newest = (
        select(func.max(InboundMessage.id))
        .where(InboundMessage.ticket_id == Ticket.id, InboundMessage.text != "")
        .correlate(Ticket)
        .scalar_subquery()
    )
    found = session.execute(
        select(
            Ticket,
            visible(staff),
            Resident.alias,
            Staff.name,
            views.unread(staff),
            InboundMessage.text,
            TicketClock,
        )
        .join(Resident, Resident.id == Ticket.resident_id)
        .outerjoin(Staff, Staff.id == Ticket.assignee_id)
        .outerjoin(InboundMessage, InboundMessage.id == newest)
        .outerjoin(TicketClock, TicketClock.id == views.next_clock().scalar_subquery())
        .where(Ticket.id.in_(ids))
        .order_by(*views.order(_sort(wanted)))
    )
    return [
        Row(ticket, alias, name or "", text or ticket.summary, bool(unread), clock)
        if readable
        else _line(ticket, name or "", clock)
        for ticket, readable, alias, name, unread, text, clock in found
    ]


def _line(ticket: Ticket, assignee: str, clock: TicketClock | None) -> Row:
    """Return the row of a ticket whose content is not for whoever looks."""
    return Row(ticket, "", assignee, "", unread=False, clock=clock, readable=False)


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
