"""
The one query behind the numbers of a report: how many, of which kind, and how long it took.

The middle of many times is found by rank in the database; no ticket is fetched.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Select,
    case,
    cast,
    func,
    literal,
    null,
    select,
)
from sqlalchemy.orm import QueryableAttribute, Session

from bot.people.tables import Resident
from bot.reports.dimensions import Dimension
from bot.reports.worked import Worked, epoch
from bot.tickets.tables import Ticket

MEDIAN = 0.5
SLOW = 0.9
EVERYTHING = ""
"""The key under which all are counted."""
Column = ColumnElement[Any] | QueryableAttribute[Any]
Query = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted of one group of tickets."""

    count: int
    of: Mapping[str, int]
    """How many of each kind."""
    median: int | None
    """Working seconds; nine of ten took no longer than `slow`."""
    slow: int | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be counted."""

    by: Dimension
    kinds: Mapping[str, ColumnElement[bool]]
    since: Column
    until: Column
    conditions: Sequence[ColumnElement[bool]]


def count(session: Session, calendar: Worked, wanted: Wanted) -> dict[str, Counted]:
    """Count each value of the dimension, and EVERYTHING."""
    timed = _timed(calendar, wanted)
    kinds = list(wanted.kinds)
    counts: dict[str, list[int]] = {}
    times: dict[str, tuple[int, int]] = {}
    for key, median, slow, *numbers in session.execute(
        _counts(timed, kinds).union_all(_times(timed, kinds))
    ):
        if median is None:
            counts[key] = [int(number) for number in numbers]
        else:
            times[key] = int(median), int(slow)
    nothing = [0] * (len(kinds) + 1)
    counts[EVERYTHING] = [sum(column) for column in zip(nothing, *counts.values(), strict=True)]
    return {
        key: Counted(number, dict(zip(kinds, of, strict=True)), *times.get(key, (None, None)))
        for key, (number, *of) in counts.items()
    }


def _timed(calendar: Worked, wanted: Wanted) -> CTE:
    """Each ticket with its key, its kinds, and its working seconds."""
    kinds = (case((met, 1), else_=0).label(name) for name, met in wanted.kinds.items())
    rows = select(
        wanted.by.column.label("key"),
        epoch(wanted.since).label("since"),
        epoch(wanted.until).label("until"),
        *kinds,
    ).select_from(Ticket)
    if wanted.by.of_resident:
        rows = rows.join(Resident, Resident.id == Ticket.resident_id)
    # Once, and not again wherever its columns are named: reading a time is what costs.
    facts = rows.where(*wanted.conditions).cte("facts").prefix_with("MATERIALIZED")
    joined, seconds = calendar.between(facts)
    columns = (facts.c[name] for name in ("key", *wanted.kinds))
    timed = select(*columns, seconds.label("seconds")).select_from(joined)
    return timed.cte("timed").prefix_with("MATERIALIZED")


def _counts(timed: CTE, kinds: Sequence[str]) -> Query:
    """How many of each key, how many of each kind in it, and no times."""
    sums = (func.sum(timed.c[name]) for name in kinds)
    no_times = (cast(null(), Integer), cast(null(), Integer))
    return select(timed.c.key, *no_times, func.count(), *sums).group_by(timed.c.key)


def _times(timed: CTE, kinds: Sequence[str]) -> Query:
    """The middle and the slow end of each key, and of all; no counts."""
    known = timed.c.seconds.is_not(None)
    each = select(timed.c.key, timed.c.seconds).where(known, timed.c.key != EVERYTHING)
    everything = select(literal(EVERYTHING).label("key"), timed.c.seconds).where(known)
    both = each.union_all(everything).cte("both")
    # Counted apart: a window that counts costs more than all the rest.
    sizes = select(both.c.key, func.count().label("size")).group_by(both.c.key).cte("sizes")
    place = func.row_number().over(partition_by=both.c.key, order_by=both.c.seconds)
    placed = select(both.c.key, both.c.seconds, place.label("place")).cte("placed")
    reached = (placed.c.place >= share * sizes.c.size for share in (MEDIAN, SLOW))
    ends = (func.min(case((met, placed.c.seconds))) for met in reached)
    no_counts = (literal(0) for _ in ("", *kinds))
    return (
        select(placed.c.key, *ends, *no_counts)
        .join_from(placed, sizes, sizes.c.key == placed.c.key)
        .group_by(placed.c.key)
    )
