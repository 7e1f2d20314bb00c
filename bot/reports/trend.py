"""Day by day: what came in, what was closed, and what was left at the end of each day."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, null, select
from sqlalchemy.orm import QueryableAttribute

from bot.reports.measures import Asked, within
from bot.reports.periods import Period
from bot.reports.worked import DAY_SECONDS, epoch
from bot.tickets import narrow as narrowing
from bot.tickets.tables import State, Ticket

EPOCH = date(1970, 1, 1)
_KEPT = Ticket.state != State.MERGED
"""What went on in another ticket is neither opened nor closed."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the picture."""

    day: date
    opened: int
    closed: int
    left: int
    """Open at the end of the day."""


@dataclass(frozen=True, slots=True)
class Flow:
    """The days, and how what was closed in them ended."""

    days: Sequence[Day]
    codes: Mapping[str, int]


def trend(asked: Asked, period: Period) -> Flow:
    """Return every day of the period up to today, and how many were closed by each code."""
    opened, closed, codes = _by_day(asked, period)
    today = asked.office.day(asked.now)
    last = min(period.last, today)
    days = [period.first + timedelta(days=n) for n in range((last - period.first).days + 1)]
    # Counted back from what is open now: cheaper than from the first ticket on.
    left = _count(asked, Ticket.closed_at.is_(None))
    if last < today:
        end = period.end(asked.office.settings.zone)
        left += _count(asked, Ticket.closed_at >= end) - _count(asked, Ticket.opened_at >= end)
    found = []
    for day in reversed(days):
        found.append(Day(day, opened[day], closed[day], left))
        left += closed[day] - opened[day]
    return Flow(found[::-1], codes)


def _by_day(asked: Asked, period: Period) -> tuple[Counter[date], Counter[date], Counter[str]]:
    """How many were opened, and how many closed, on each day; and closed by each code."""
    # The clocks of the place do not change in summer; elsewhere two days a year shift an hour.
    shift = asked.now.astimezone(asked.office.settings.zone).utcoffset() or timedelta()

    def days(column: QueryableAttribute[Any], name: ColumnElement[Any]) -> Select[Any, int, int]:
        number = (epoch(column) + int(shift.total_seconds())) // DAY_SECONDS
        rows = select(name, number, func.count())
        return rows.where(*within(asked, period, column), _KEPT).group_by(name, number)

    opened, closed, codes = Counter[date](), Counter[date](), Counter[str]()
    both = days(Ticket.opened_at, cast(null(), String)).union_all(
        days(Ticket.closed_at, Ticket.close_code.expression)
    )
    for code, number, count in asked.session.execute(both):
        day = EPOCH + timedelta(days=int(number))
        if code is None:
            opened[day] += count
        else:
            closed[day] += count
            codes[code] += count
    return opened, closed, codes


def _count(asked: Asked, met: ColumnElement[bool]) -> int:
    narrowed = narrowing.conditions(asked.narrow, now=asked.now)
    rows = select(func.count()).select_from(Ticket)
    return asked.session.scalar(rows.where(asked.seen, _KEPT, met, *narrowed)) or 0
