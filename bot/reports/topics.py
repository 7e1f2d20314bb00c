"""What people ask about, and what has become more or less since the period before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, select

from bot.reports.cells import SMALL
from bot.reports.measures import Asked
from bot.reports.periods import Period
from bot.tickets import narrow as narrowing
from bot.tickets.tables import Ticket


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic in the period, and in the one before."""

    key: str
    count: int
    before: int

    @property
    def change(self) -> float | None:
        """By what share it grew; None where there was nothing before."""
        return (self.count - self.before) / self.before if self.before else None

    @property
    def small(self) -> bool:
        """Whether so few tell nothing: a change of one would look like a trend."""
        return max(self.count, self.before) < SMALL


def hot(asked: Asked, period: Period) -> Sequence[Topic]:
    """Return every topic of the two periods, the most frequent first."""
    zone, before = asked.office.settings.zone, period.before()
    now = _between(period.start(zone), period.end(zone))
    then = _between(before.start(zone), before.end(zone))
    span = _between(before.start(zone), period.end(zone))
    counts = (func.sum(case((met, 1), else_=0)) for met in (now, then))
    rows = select(Ticket.topic, *counts).where(
        # The two lie side by side; as one span of days the index finds them.
        asked.seen,
        span,
        *narrowing.conditions(asked.narrow, now=asked.now),
    )
    found = asked.session.execute(rows.group_by(Ticket.topic))
    topics = [Topic(key, int(count), int(earlier)) for key, count, earlier in found]
    return sorted(topics, key=lambda it: (-it.count, -it.before, it.key))


def _between(start: datetime, end: datetime) -> ColumnElement[bool]:
    return and_(Ticket.opened_at >= start, Ticket.opened_at < end)
