"""Who had how much to do, made comparable with those of the same skills and hours."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from sqlalchemy import select

from bot.people.tables import Leave, Staff
from bot.simulation.books import Books
from bot.simulation.scenario import DAY, STARTS_AT
from bot.tickets.rules import load_rules
from bot.tickets.tables import Level

Loads = dict[int, list[float]]
"""By person: the weight of what they took on each day."""


@dataclass(frozen=True, slots=True)
class Worker:
    """What one caseworker had to do."""

    name: str
    group: int
    """Those of one number have the same skills and hours."""
    tickets: int
    weight: int
    days_there: float
    load: float
    """
    The weight, with what colleagues of the group took on average while this one was away.

    Days differ eightfold: a weight by the days there would say that whoever was away on the
    busiest had little to do, and not that they were away.
    """


def workers(books: Books) -> list[Worker]:
    """Return everybody with what they took, once for each ticket."""
    month = books.month
    tickets, daily = _taken(books)
    there = {it: list(_there(books, it)) for it in month.town.caseworkers}
    loads = comparable(month.town.group_of, daily, there)
    return [
        Worker(
            name=books.session.get_one(Staff, it).name,
            group=month.town.group_of[it],
            tickets=tickets[it],
            weight=round(sum(daily[it])),
            days_there=round(sum(there[it]), 1),
            load=round(loads[it], 1),
        )
        for it in month.town.caseworkers
    ]


def spread(people: Sequence[Worker]) -> float:
    """Return the load of the busiest by the median of its group; of all groups the widest."""
    groups: dict[int, list[float]] = defaultdict(list)
    for worker in people:
        groups[worker.group].append(worker.load)
    return round(
        max(
            (max(loads) / median(loads) for loads in groups.values() if median(loads)),
            default=1.0,
        ),
        3,
    )


def _taken(books: Books) -> tuple[Counter[int], Loads]:
    month, weights = books.month, load_rules().weights
    tickets: Counter[int] = Counter()
    daily: Loads = {it: [0.0] * month.scenario.days for it in month.town.caseworkers}
    for ticket_id, log in books.logs.items():
        first: dict[int, datetime] = {}
        for event in log:
            if event.kind == "accepted" and event.staff_id in daily:
                first.setdefault(event.staff_id, event.at)
        for who, at in first.items():
            tickets[who] += 1
            day = min((at - STARTS_AT) // DAY, month.scenario.days - 1)
            daily[who][day] += weights[Level(books.tickets[ticket_id].level)]
    return tickets, daily


def _there(books: Books, staff_id: int) -> Iterator[float]:
    """Yield how much of each day somebody was not on leave."""
    leaves = books.session.scalars(
        select(Leave).where(Leave.staff_id == staff_id, Leave.cancelled_at.is_(None))
    ).all()
    for number in range(books.month.scenario.days):
        begins = STARTS_AT + number * DAY
        gone = sum(
            max(min(it.ends_at, begins + DAY) - max(it.starts_at, begins), DAY * 0) / DAY
            for it in leaves
        )
        yield max(1 - gone, 0.0)


def comparable(groups: dict[int, int], daily: Loads, there: Loads) -> dict[int, float]:
    """Return what each took, and for the time away what those of the group took on average."""
    found = {it: sum(days) for it, days in daily.items()}
    for group in set(groups.values()):
        members = [it for it in daily if groups[it] == group]
        for day in range(len(daily[members[0]])):
            taken = sum(daily[it][day] for it in members)
            average = taken / max(sum(there[it][day] for it in members), 1.0)
            for it in members:
                found[it] += (1 - there[it][day]) * average
    return found
