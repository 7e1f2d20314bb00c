"""Who was told, and who could find, what."""

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import select

from bot.notices.tables import NoticeKind, StaffNotice
from bot.people.tables import Role, Staff
from bot.simulation.books import Books
from bot.tickets import board
from bot.tickets.alarm.tables import Page
from bot.tickets.board import Filter
from bot.tickets.tables import LIVE, Level, State, Ticket
from bot.tickets.views import View

WORDS = ("老板", "娃娃", "医院")
"""What each of the staff searches for: each is in many matters, and few are theirs."""


def notices(books: Books) -> Iterator[str | None]:
    """Look at every notice: a caseworker hears of what was theirs, or what they were called to."""
    theirs: dict[int, set[int | None]] = defaultdict(set)
    for ticket_id, parts in books.stretches.items():
        theirs[ticket_id] |= {part.owner for part in parts}
    for call in books.session.scalars(select(Page).where(Page.ticket_id.is_not(None))):
        theirs[call.ticket_id or 0].add(call.staff_id)
    told = select(StaffNotice).where(StaffNotice.ticket_id.is_not(None))
    for notice in books.session.scalars(told.order_by(StaffNotice.id)):
        person = books.staff[notice.staff_id]
        known = person.role == Role.SUPERVISOR or person.id in theirs[notice.ticket_id or 0]
        # Words that did not reach who is in danger are told to those on duty, too.
        known = known or notice.kind == NoticeKind.CALL_NOW
        number = books.number(notice.ticket_id)
        yield None if known else f"{person.name} was told of {number} ({notice.kind})"


def counts_and_search(books: Books) -> Iterator[str | None]:
    """Let everybody count and search: what they are shown is what they may see, and all of it."""
    calls = books.session.scalars(select(Page).where(Page.accepted_at.is_(None))).all()
    called = {(call.ticket_id, call.staff_id) for call in calls}
    for person in books.staff.values():
        read = {it.id for it in books.tickets.values() if _may_read(person, it, called)}
        yield from _counted(books, person, read)
        for words in WORDS:
            wanted = Filter(view=View.ALL, words=words)
            found = board.rows(books.session, person, wanted=wanted, now=books.month.clock.at)
            for row in found.rows:
                ticket = row.ticket
                yield None if ticket.id in read else f"{person.name} finds {ticket.number}"


def _counted(books: Books, person: Staff, read: set[int]) -> Iterator[str | None]:
    shown = board.counts(books.session, person, now=books.month.clock.at).of
    tickets = [it for it in books.tickets.values() if it.id in read or _sees_to(person, it)]
    mine = [it for it in tickets if it.assignee_id == person.id and it.state in LIVE]
    counted = {
        View.MINE: len(mine),
        View.NEW: sum(it.state == State.DISPATCHED for it in mine),
        View.QUEUE: sum(it.state == State.TRIAGE for it in tickets),
        View.DONE: sum(it.state in {State.RESOLVED, State.CLOSED} for it in tickets),
    }
    for view, number in counted.items():
        right = shown[view] == number
        yield None if right else f"{person.name}: {view} counts {shown[view]}, there are {number}"


def _may_read(person: Staff, ticket: Ticket, called: set[tuple[int | None, int]]) -> bool:
    """Said once more, and otherwise than the queries say it; here is but one organisation."""
    crisis = ticket.level == Level.CRISIS and ticket.state in LIVE
    rung = crisis and (ticket.id, person.id) in called
    if ticket.assignee_id == person.id or rung:
        return True
    circle = {Role.SUPERVISOR: set(State), Role.CASEWORKER: {State.TRIAGE}}
    return not ticket.lane and ticket.state in circle.get(Role(person.role), set())


def _sees_to(person: Staff, ticket: Ticket) -> bool:
    """What somebody is in charge of without reading it."""
    cleared = ticket.state == State.TRIAGE and ticket.lane in person.lanes
    return person.role == Role.SUPERVISOR or (person.role == Role.CASEWORKER and cleared)
