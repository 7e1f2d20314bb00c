"""What came of the month: load, clocks, and whatever should not have been."""

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.db.engine import reading
from bot.outbox import OutboundMessage, SendState
from bot.outbox.bundling import closing_said_once, members
from bot.people.tables import Leave, Resident, Staff
from bot.simulation.month import Month
from bot.simulation.scenario import DAY
from bot.tickets.check import differences
from bot.tickets.clocks.tables import TicketClock
from bot.tickets.rules import load_rules
from bot.tickets.tables import LIVE, CloseCode, Level, State, Ticket, TicketEvent


@dataclass(frozen=True, slots=True)
class Worker:
    """What one caseworker had to do."""

    name: str
    group: int
    tickets: int
    weight: int
    days_there: float
    weight_a_day: float


@dataclass
class Report:
    """A month in figures."""

    messages: int = 0
    tickets: int = 0
    states: dict[str, int] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)
    workers: list[Worker] = field(default_factory=list)
    spread: float = 0.0
    """The weighted load a day of the busiest by the median of those with the same skills."""
    breaches: dict[str, str] = field(default_factory=dict)
    """By clock: overdue of all."""
    oldest_unassigned_hours: float = 0.0
    escalations: int = 0
    budget_refusals: dict[str, int] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return it for machines."""
        return asdict(self)


def report(month: Month) -> Report:
    """Look at the month from its database and the ledger."""
    found = Report(messages=month.messages, budget_refusals=dict(month.ledger.refused))
    with reading(month.line.engine) as session:
        found.tickets = session.scalar(select(func.count(Ticket.id))) or 0
        found.states = _counted(session, Ticket.state)
        found.codes = _counted(session, Ticket.close_code)
        found.workers = _workers(month, session)
        found.spread = _spread(found.workers)
        found.breaches = _breaches(session)
        found.oldest_unassigned_hours = _oldest_unassigned(session, month.clock.at)
        found.escalations = _events(session, "escalated")
        found.violations = sorted(_violations(month, session))
    return found


def _counted(session: Session, column: Any) -> dict[str, int]:  # noqa: ANN401 (any column)
    rows = session.execute(
        select(column, func.count()).where(column.is_not(None)).group_by(column)
    )
    return {str(name): number for name, number in rows}


def _workers(month: Month, session: Session) -> list[Worker]:
    weights = load_rules().weights
    loads: dict[int, Counter[Level]] = defaultdict(Counter)
    rows = session.execute(
        select(TicketEvent.staff_id, Ticket.level)
        .join(Ticket, Ticket.id == TicketEvent.ticket_id)
        .where(TicketEvent.kind == "accepted")
        .group_by(TicketEvent.staff_id, Ticket.id, Ticket.level)
    )
    for staff_id, level in rows:
        loads[staff_id or 0][Level(level)] += 1
    return [_worker(month, session, it, loads[it], weights) for it in month.town.caseworkers]


def _worker(
    month: Month,
    session: Session,
    staff_id: int,
    load: Counter[Level],
    weights: Mapping[Level, int],
) -> Worker:
    gone = sum(
        (leave.ends_at - leave.starts_at) / DAY
        for leave in session.scalars(select(Leave).where(Leave.staff_id == staff_id))
    )
    days = month.scenario.days - gone
    weight = sum(weights[level] * number for level, number in load.items())
    return Worker(
        name=session.get_one(Staff, staff_id).name,
        group=month.town.group_of[staff_id],
        tickets=load.total(),
        weight=weight,
        days_there=days,
        weight_a_day=round(weight / days, 2),
    )


def _spread(workers: list[Worker]) -> float:
    groups: dict[int, list[float]] = defaultdict(list)
    for worker in workers:
        groups[worker.group].append(worker.weight_a_day)
    return round(
        max(
            (max(loads) / statistics.median(loads))
            for loads in groups.values()
            if statistics.median(loads)
        ),
        3,
    )


def _breaches(session: Session) -> dict[str, str]:
    rows = session.execute(
        select(TicketClock.kind, func.count(), func.count(TicketClock.breached_at)).group_by(
            TicketClock.kind
        )
    )
    return {kind: f"{breached} of {number}" for kind, number, breached in rows}


def _oldest_unassigned(session: Session, now: datetime) -> float:
    """Return the longest anything has waited for an owner, in hours."""
    longest = timedelta()
    waiting: dict[int, datetime] = {}
    for event in session.scalars(select(TicketEvent).order_by(TicketEvent.id)):
        if event.kind in {"opened", "queued", "put_back", "handed_back"}:
            waiting.setdefault(event.ticket_id, event.at)
        elif event.kind in {"assigned", "accepted", "closed", "withdrawn", "merged"}:
            since = waiting.pop(event.ticket_id, event.at)
            longest = max(longest, event.at - since)
    longest = max([longest, *(now - since for since in waiting.values())])
    return round(longest / timedelta(hours=1), 1)


def _events(session: Session, kind: str) -> int:
    return session.scalar(select(func.count()).where(TicketEvent.kind == kind)) or 0


def _violations(month: Month, session: Session) -> Iterator[str]:
    for difference in differences(session, month.line.tools.settings):
        yield (
            f"{difference.number}: {difference.what} is {difference.stored}, "
            f"by its events {difference.recomputed}"
        )
    yield from _ownership(session)
    yield from _endings(session)
    yield from _sent(month, session)


def _ownership(session: Session) -> Iterator[str]:
    ownerless = select(Ticket.number).where(
        Ticket.state.in_(LIVE), Ticket.state != State.TRIAGE, Ticket.assignee_id.is_(None)
    )
    yield from (f"{number}: at work and nobody's" for number in session.scalars(ownerless))
    twice = (
        select(Ticket.resident_id, Ticket.strand)
        .where(Ticket.state.in_(LIVE))
        .group_by(Ticket.resident_id, Ticket.strand)
        .having(func.count() > 1)
    )
    yield from (f"resident {row.resident_id}: two live matters" for row in session.execute(twice))
    unexplained = select(TicketEvent.ticket_id).where(
        TicketEvent.kind == "assigned", TicketEvent.text == ""
    )
    yield from (f"ticket {row}: assigned for no reason" for row in session.scalars(unexplained))


def _endings(session: Session) -> Iterator[str]:
    closed = session.scalars(select(Ticket).where(Ticket.state == State.CLOSED)).all()
    for ticket in closed:
        if ticket.close_code is None:
            yield f"{ticket.number}: closed without a code"
        if ticket.close_code == CloseCode.SOLVED and not _confirmed(session, ticket):
            yield f"{ticket.number}: solved, and nobody said so"


def _confirmed(session: Session, ticket: Ticket) -> bool:
    said = session.scalars(
        select(TicketEvent).where(
            TicketEvent.ticket_id == ticket.id, TicketEvent.kind.in_(("rated", "called_back"))
        )
    )
    return any(event.data.get("solved") for event in said)


def _sent(month: Month, session: Session) -> Iterator[str]:
    """Nothing is called sent that the platform did not take, and nothing was sent twice."""
    noted: Counter[tuple[str, str]] = Counter()
    rows = session.execute(
        select(OutboundMessage, Resident.openid)
        .join(Resident, Resident.id == OutboundMessage.resident_id)
        .where(OutboundMessage.state == SendState.ACCEPTED, OutboundMessage.bundle_id.is_(None))
    )
    for message, openid in rows.all():
        texts = [it.text for it in (message, *members(session, message, state=None))]
        noted[openid, closing_said_once(texts)] += 1
    for sent in noted.keys() | month.ledger.accepted.keys():
        if noted[sent] != month.ledger.accepted[sent]:
            yield f"called sent {noted[sent]} times, taken {month.ledger.accepted[sent]} times"
