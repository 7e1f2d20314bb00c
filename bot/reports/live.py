"""How things stand this minute, for whoever must see that nothing is left lying."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Row, case, func, or_, select
from sqlalchemy.orm import Session

from bot.people.presence import away, on_roster
from bot.people.tables import DutyRole, Leave, Role, Staff
from bot.tickets.alarm.tables import Page
from bot.tickets.approvals.tables import Approval
from bot.tickets.candidates import HANDLERS, Load, loads_of
from bot.tickets.clocks.tables import TicketClock
from bot.tickets.narrow import CRISIS, EVERYTHING, Narrow, conditions, read
from bot.tickets.tables import State, Ticket

MOST_ROWS = 8
CRISES_OF = timedelta(days=1)
NUMBERS: Mapping[str, Mapping[str, str]] = {
    "queue": {"state": State.TRIAGE},
    "new": {"state": State.DISPATCHED},
    "working": {"state": State.IN_PROGRESS},
    "waiting": {"state": State.WAITING_RESIDENT},
    "partner": {"state": State.WAITING_PARTNER},
    "done": {"state": State.RESOLVED},
    "overdue": {"overdue": "reply"},
    "crisis": {"crisis": "open"},
    "taken": {"crisis": "taken"},
    "supervised": {"supervised": "yes", "state": "live"},
    "approvals": {"wants": "any"},
}
"""What is counted, and how the list behind it is narrowed."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who handles tickets, with what they have in hand."""

    id: int
    name: str
    role: str
    capacity: int
    on_duty: bool
    leave: Leave | None
    crisis_rung: int
    load: Load
    overdue: int
    """How many of theirs wait for an answer longer than was promised."""

    @property
    def full(self) -> bool:
        """Whether they have all they can carry."""
        return self.load.weight >= self.capacity


@dataclass(frozen=True, slots=True)
class Crisis:
    """A crisis that runs, or was opened within a day."""

    ticket: Ticket
    owner: str
    paged: Sequence[tuple[str, datetime, datetime | None]]
    """Who was called, when, and when they accepted."""


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the board shows."""

    numbers: Mapping[str, int]
    clocks: Mapping[str, int]
    """Promises broken by now, by their kind."""
    queue: Sequence[Ticket]
    people: Sequence[Person]
    crises: Sequence[Crisis]
    approvals: Sequence[tuple[Approval, Ticket, str]]
    readable: frozenset[int]
    """Ids of the tickets in it whose content may be read."""


def board(
    session: Session,
    seen: ColumnElement[bool],
    *,
    readable: ColumnElement[bool],
    whose: ColumnElement[bool],
    now: datetime,
) -> Board:
    """Return how things stand, within what may be seen, and what *whose* people carry."""
    queue = _queue(session, seen, readable)
    approvals = _approvals(session, seen, readable)
    return Board(
        _numbers(session, seen, now),
        _clocks(session, seen, now),
        [ticket for ticket, _ in queue],
        _people(session, seen, whose, now),
        _crises(session, seen, now),
        [(approval, ticket, name) for approval, ticket, name, _ in approvals],
        frozenset(ticket.id for ticket, read in queue if read)
        | frozenset(ticket.id for _, ticket, _, read in approvals if read),
    )


def narrowed(name: str) -> Narrow:
    """Return how the list behind a number is narrowed."""
    return read(NUMBERS[name], zone=EVERYTHING.zone)


def _numbers(session: Session, seen: ColumnElement[bool], now: datetime) -> Mapping[str, int]:
    sums = []
    for name in NUMBERS:
        met = conditions(narrowed(name), now=now)
        sums.append(func.sum(case((func.coalesce(_all(met), False), 1), else_=0)))
    # Nothing that has ended is counted, and that is most of the table.
    alive = or_(Ticket.closed_at.is_(None), Ticket.state == State.RESOLVED)
    row = session.execute(select(*sums).where(seen, alive)).one()
    return {name: int(number or 0) for name, number in zip(NUMBERS, row, strict=True)}


def _all(met: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    first, *rest = met
    for one in rest:
        first &= one
    return first


def _clocks(session: Session, seen: ColumnElement[bool], now: datetime) -> Mapping[str, int]:
    rows = session.execute(
        select(TicketClock.kind, func.count(TicketClock.ticket_id.distinct()))
        .join(Ticket, Ticket.id == TicketClock.ticket_id)
        .where(seen, TicketClock.stopped_at.is_(None), TicketClock.due_at <= now)
        .group_by(TicketClock.kind)
    )
    return dict(rows.all())


def _queue(
    session: Session, seen: ColumnElement[bool], readable: ColumnElement[bool]
) -> Sequence[Row[Ticket, bool]]:
    waiting = select(Ticket, readable).where(seen, Ticket.state == State.TRIAGE)
    return session.execute(waiting.order_by(Ticket.opened_at, Ticket.id).limit(MOST_ROWS)).all()


def _people(
    session: Session, seen: ColumnElement[bool], whose: ColumnElement[bool], now: datetime
) -> Sequence[Person]:
    late = conditions(read({"overdue": "reply"}, zone=EVERYTHING.zone), now=now)
    overdue = select(func.count()).where(seen, *late, Ticket.assignee_id == Staff.id)
    rows = session.execute(
        select(Staff, overdue.correlate(Staff).scalar_subquery())
        .where(Staff.active, Staff.role.in_(HANDLERS), whose)
        .order_by(Staff.id)
    ).all()
    loads = loads_of(session, [person.id for person, _ in rows])
    gone, rungs = away(session, now), on_roster(session, DutyRole.CRISIS, now)
    people = [
        Person(
            it.id, it.name, it.role, it.capacity, it.on_duty, gone.get(it.id),
            rungs.get(it.id, 0), loads[it.id], number,
        )
        for it, number in rows
        if it.role != Role.SUPERVISOR or loads[it.id].count or it.id in rungs
    ]  # fmt: skip
    return sorted(people, key=lambda it: (-it.load.weight / max(it.capacity, 1), it.id))


def _crises(session: Session, seen: ColumnElement[bool], now: datetime) -> Sequence[Crisis]:
    recent = or_(Ticket.closed_at.is_(None), Ticket.opened_at >= now - CRISES_OF)
    found = session.execute(
        select(Ticket, func.coalesce(Staff.name, ""))
        .outerjoin(Staff, Staff.id == Ticket.assignee_id)
        .where(seen, CRISIS, recent, Ticket.state != State.MERGED)
        .order_by(Ticket.accepted_at.is_not(None), Ticket.opened_at.desc())
        .limit(MOST_ROWS)
    ).all()
    calls = session.execute(
        select(Page.ticket_id, Staff.name, Page.paged_at, Page.accepted_at)
        .join(Staff, Staff.id == Page.staff_id)
        .where(Page.ticket_id.in_([ticket.id for ticket, _ in found]))
        .order_by(Page.id)
    ).all()
    return [
        Crisis(
            ticket,
            owner,
            [(name, at, yes) for number, name, at, yes in calls if number == ticket.id],
        )
        for ticket, owner in found
    ]


def _approvals(
    session: Session, seen: ColumnElement[bool], readable: ColumnElement[bool]
) -> Sequence[Row[Approval, Ticket, str, bool]]:
    return session.execute(
        select(Approval, Ticket, Staff.name, readable)
        .join(Ticket, Ticket.id == Approval.ticket_id)
        .join(Staff, Staff.id == Approval.asked_by_id)
        .where(seen, Approval.decided_at.is_(None))
        .order_by(Approval.asked_at)
        .limit(MOST_ROWS)
    ).all()
