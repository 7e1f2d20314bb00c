"""Day by day: what came in, what was closed, and what was left at the end of each day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
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


def trend(asked: Asked, period: Period) -> Sequence[Day]:
    """Return every day of the period up to today."""
    opened = _by_day(asked, period, Ticket.opened_at)
    closed = _by_day(asked, period, Ticket.closed_at)
    last = min(period.last, asked.office.day(asked.now))
    days = [period.first + timedelta(days=n) for n in range((last - period.first).days + 1)]
    # Counted back from what is open now: cheaper than from the first ticket on.
    left = _count(asked, Ticket.closed_at.is_(None))
    if last < asked.office.day(asked.now):
        end = period.end(asked.office.settings.zone)
        left += _count(asked, Ticket.closed_at >= end) - _count(asked, Ticket.opened_at >= end)
    found = []
    for day in reversed(days):
        found.append(Day(day, opened.get(day, 0), closed.get(day, 0), left))
        left += closed.get(day, 0) - opened.get(day, 0)
    return found[::-1]


def _by_day(asked: Asked, period: Period, column: QueryableAttribute[Any]) -> Mapping[date, int]:
    # The clocks of the place do not change in summer; elsewhere two days a year shift an hour.
    shift = asked.now.astimezone(asked.office.settings.zone).utcoffset() or timedelta()
    number = (epoch(column) + int(shift.total_seconds())) // DAY_SECONDS
    rows = select(number, func.count()).where(*within(asked, period, column), _KEPT)
    found = asked.session.execute(rows.group_by(number))
    return {EPOCH + timedelta(days=int(day)): count for day, count in found}


def _count(asked: Asked, met: ColumnElement[bool]) -> int:
    narrowed = narrowing.conditions(asked.narrow, now=asked.now)
    rows = select(func.count()).select_from(Ticket)
    return asked.session.scalar(rows.where(asked.seen, _KEPT, met, *narrowed)) or 0
