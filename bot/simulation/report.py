"""What came of the month in figures, and whatever should not have been."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from statistics import median
from typing import Any

from sqlalchemy import select

from bot.db.engine import reading
from bot.outbox import OutboundMessage, SendState
from bot.simulation.books import Books
from bot.simulation.checks import looked_at
from bot.simulation.fairness import Worker, spread, workers
from bot.simulation.month import Month
from bot.tickets import hours
from bot.tickets.alarm.tables import Page
from bot.tickets.clocks.clock import from_row
from bot.tickets.tables import State

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Kept:
    """How often one promise was made, and broken."""

    clock: str
    level: str
    made: int
    broken: int


@dataclass(frozen=True, slots=True)
class Crises:
    """How soon somebody came who was called."""

    called: int = 0
    """Crises."""
    calls: int = 0
    accepted: int = 0
    median_minutes: float = 0.0
    longest_minutes: float = 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """A month in figures."""

    messages: int
    brought_again: int
    """How many of the messages came twice."""
    tickets: int
    states: dict[str, int]
    codes: dict[str, int]
    workers: list[Worker]
    spread: float
    """The weighted load of the busiest by the median of those with the same skills and hours."""
    clocks: list[Kept]
    oldest_unassigned_hours: float
    oldest_unassigned_working_hours: float
    escalations: dict[str, int]
    """By rung of the ladder."""
    crises: Crises
    budget: dict[str, int]
    """What became of answers the five messages did not suffice for."""
    events: dict[str, int]
    """How often each thing happened to a ticket."""
    checked: dict[str, int]
    """How many things each check looked at."""
    violations: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return it for machines."""
        return asdict(self)


def report(month: Month) -> Report:
    """Look at the month from its database and the ledger."""
    with reading(month.line.engine) as session:
        books = Books(month, session)
        tickets = list(books.tickets.values())
        people = workers(books)
        waits = list(_waits(books))
        checked, violations = looked_at(books)
        return Report(
            messages=len(month.written),
            brought_again=month.brought_again,
            tickets=len(tickets),
            states=dict(Counter(str(it.state) for it in tickets)),
            codes=dict(Counter(str(it.close_code) for it in tickets if it.close_code)),
            workers=people,
            spread=spread(people),
            clocks=_clocks(books),
            oldest_unassigned_hours=_longest([wall for wall, _ in waits], HOUR),
            oldest_unassigned_working_hours=_longest([worked for _, worked in waits], HOUR),
            escalations=_escalations(books),
            crises=_crises(books),
            budget=_budget(books),
            events=dict(Counter(it.kind for log in books.logs.values() for it in log)),
            checked=checked,
            violations=violations,
        )


def _clocks(books: Books) -> list[Kept]:
    made: Counter[tuple[str, str]] = Counter()
    broken: Counter[tuple[str, str]] = Counter()
    for ticket in books.tickets.values():
        for clock in ticket.clocks:
            level = clock.rule.split("/")[1]
            made[clock.kind, level] += 1
            # Not every clock has a ladder that would note it.
            late = from_row(clock).running or clock.stopped_at is not None
            late = late and (clock.stopped_at or books.month.clock.at) > clock.due_at
            broken[clock.kind, level] += late or clock.breached_at is not None
    return [
        Kept(kind, level, made[kind, level], broken[kind, level]) for kind, level in sorted(made)
    ]


def _waits(books: Books) -> Iterator[tuple[timedelta, timedelta]]:
    """Yield how long each ticket waited for an owner, each time: by the clock, and worked."""
    office = hours.office(books.session, books.month.line.tools.settings)
    for parts in books.stretches.values():
        for part in parts:
            if part.state == State.TRIAGE and part.ends_at != part.starts_at:
                end = part.ends_at or books.month.clock.at
                yield end - part.starts_at, hours.between(part.starts_at, end, office)


def _escalations(books: Books) -> dict[str, int]:
    rungs = Counter(
        f"{event.data['rung']}"
        for log in books.logs.values()
        for event in log
        if event.kind == "escalated"
    )
    return dict(sorted(rungs.items()))


def _crises(books: Books) -> Crises:
    calls: dict[int, list[Page]] = {}
    for call in books.session.scalars(select(Page).order_by(Page.id)):
        calls.setdefault(call.ticket_id or 0, []).append(call)
    # From the first call to the acceptance that ended it.
    spans = [
        made[0].accepted_at - made[0].paged_at
        for made in calls.values()
        if made[0].accepted_at is not None
    ]
    return Crises(
        called=len(calls),
        calls=sum(map(len, calls.values())),
        accepted=len(spans),
        median_minutes=round(median(span / MINUTE for span in spans), 1) if spans else 0.0,
        longest_minutes=_longest(spans, MINUTE),
    )


def _budget(books: Books) -> dict[str, int]:
    sent = books.session.execute(
        select(OutboundMessage.state, OutboundMessage.outcome, OutboundMessage.attempts,
               OutboundMessage.created_at, OutboundMessage.queued_at)
    ).all()  # fmt: skip
    found = Counter(
        {f"refused by WeChat: {it}": n for it, n in books.month.ledger.refused.items()}
    )
    for state, outcome, _, created_at, queued_at in sent:
        if state == SendState.HELD:
            found[f"waits for the resident ({outcome})"] += 1
        elif state in {SendState.GIVEN_UP, SendState.REFUSED}:
            found[f"{state} ({outcome})"] += 1
        elif queued_at > created_at:
            found["waited for the resident, then sent"] += 1
    return dict(sorted(found.items()))


def _longest(spans: list[timedelta], unit: timedelta) -> float:
    return round(max(spans, default=timedelta()) / unit, 1)
