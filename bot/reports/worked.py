"""
Working time between two moments, counted by the database.

Thousands of tickets are measured at once, so no row is fetched to be measured:
the calendar goes to the database as a small table, one line for each UTC day,
with the working seconds before that day and the hours worked in it.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Integer,
    case,
    column,
    text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from bot.tickets.hours import Office

DAY = timedelta(days=1)
DAY_SECONDS = 86400
EPOCH = date(1970, 1, 1)


class epoch(FunctionElement[int]):  # noqa: N801 (named as SQL functions are)
    """A moment as whole seconds since 1970."""

    type = Integer()
    inherit_cache = True
    name = "epoch"


@compiles(epoch, "sqlite")
def _sqlite(element: epoch, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 (SQLAlchemy's)
    return f"CAST(strftime('%s', {compiler.process(element.clauses, **kw)}) AS INTEGER)"


@compiles(epoch, "postgresql")
def _postgresql(element: epoch, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 (SQLAlchemy's)
    return f"CAST(floor(extract(epoch FROM {compiler.process(element.clauses, **kw)})) AS BIGINT)"


@dataclass(frozen=True, slots=True)
class Worked:
    """The calendar as a table of the database."""

    table: CTE
    shifts: int
    """How many shifts its busiest day has."""

    def between(self, rows: CTE) -> tuple[FromClause, ColumnElement[int]]:
        """
        Return the rows beside the calendar, and the seconds worked in each.

        *rows* has the columns `since` and `until`, in seconds since 1970.
        """
        joined, before = self._until(rows, rows.c.since)
        joined, after = self._until(joined, rows.c.until)
        return joined, case((rows.c.until.is_(None), None), else_=after - before)

    def _until(
        self, rows: FromClause, seconds: ColumnElement[int]
    ) -> tuple[FromClause, ColumnElement[int]]:
        """The seconds worked from the first day of the table to the moment."""
        day = self.table.alias()
        joined = rows.outerjoin(day, day.c.day == seconds // DAY_SECONDS)
        found: ColumnElement[int] = day.c.before
        for number in range(self.shifts):
            start, end = day.c[f"start{number}"], day.c[f"end{number}"]
            found += case(
                (seconds <= start, 0), (seconds >= end, end - start), else_=seconds - start
            )
        return joined, found


def worked(office: Office, first: date, last: date) -> Worked:
    """Return the calendar of these days and one more at either end: days here are not UTC days."""
    rows = list(_rows(office, first - DAY, last + DAY))
    shifts = max(len(hours) for _, _, hours in rows)
    names = ["day", "before", *(f"{end}{n}" for n in range(shifts) for end in ("start", "end"))]
    lines = (
        f"({','.join(map(str, (day, before, *_flat(hours, shifts))))})"
        for day, before, hours in rows
    )
    named = ",".join(f"column{number} AS {name}" for number, name in enumerate(names, 1))
    # Numbers of our own only; as an expression it would take longer to write than to run.
    written = text(f"SELECT {named} FROM (VALUES {','.join(lines)}) AS days")  # noqa: S608
    return Worked(
        written.columns(*(column(name, Integer) for name in names)).cte("calendar"), shifts
    )


def _flat(hours: Sequence[tuple[int, int]], shifts: int) -> Iterator[int]:
    for number in range(shifts):
        yield from hours[number] if number < len(hours) else (0, 0)


def _rows(
    office: Office, first: date, last: date
) -> Iterator[tuple[int, int, list[tuple[int, int]]]]:
    """Yield each UTC day's number, the seconds worked before it, and its shifts."""
    shifts: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for day in _days(first - DAY, last + DAY):
        for start, end in office.shifts(day):
            a, b = int(start.timestamp()), int(end.timestamp())
            # One that goes past midnight of UTC belongs to both days, in part.
            for number in range(a // DAY_SECONDS, (b - 1) // DAY_SECONDS + 1):
                midnight = number * DAY_SECONDS
                part = max(a, midnight), min(b, midnight + DAY_SECONDS)
                shifts[number].append(part)
    before = 0
    for day in _days(first, last):
        number = (day - EPOCH).days
        yield number, before, shifts[number]
        before += sum(b - a for a, b in shifts[number])


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY
