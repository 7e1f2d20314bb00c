"""The spans of days a report can be about, and the one each is compared with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.tickets.bounds import start_of

DAY = timedelta(days=1)
LONGEST = 400
CUSTOM = "custom"
DEFAULT = "30d"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from the first to the last, both counted."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def whole_month(self) -> bool:
        """Whether it is a month of the calendar."""
        return self.first.day == 1 and (self.last + DAY).day == 1 and self.days <= 31  # noqa: PLR2004 (a month)

    def before(self) -> "Period":
        """Return what it is compared with: the month before, or as many days before."""
        last = self.first - DAY
        first = last.replace(day=1) if self.whole_month else last - (self.days - 1) * DAY
        return Period(first, last)

    def start(self, zone: ZoneInfo) -> datetime:
        """Return the moment it begins."""
        return start_of(self.first, zone)

    def end(self, zone: ZoneInfo) -> datetime:
        """Return the moment after it."""
        return start_of(self.last + DAY, zone)


def _month(day: date) -> Period:
    following = (day.replace(day=28) + 4 * DAY).replace(day=1)
    return Period(day.replace(day=1), following - DAY)


def _week(day: date) -> Period:
    monday = day - day.weekday() * DAY
    return Period(monday, monday + 6 * DAY)


NAMED: Mapping[str, tuple[str, Callable[[date], Period]]] = {
    "7d": ("最近7天", lambda today: Period(today - 6 * DAY, today)),
    "30d": ("最近30天", lambda today: Period(today - 29 * DAY, today)),
    "last_week": ("上周", lambda today: _week(today - 7 * DAY)),
    "month": ("本月", lambda today: Period(today.replace(day=1), today)),
    "last_month": ("上月", lambda today: _month(today.replace(day=1) - DAY)),
    "year": ("今年", lambda today: Period(today.replace(month=1, day=1), today)),
}


def named(name: str, today: date) -> Period:
    """Return a period by its name; an unknown one is the last thirty days."""
    _, make = NAMED.get(name, NAMED[DEFAULT])
    return make(today)


def custom(first: date, last: date) -> Period:
    """Return the days between two, whichever comes first; too many are cut at the early end."""
    first, last = min(first, last), max(first, last)
    return Period(max(first, last - (LONGEST - 1) * DAY), last)


def last_week(today: date) -> Period:
    """Return the week before the one that *today* is in, Monday to Sunday."""
    return named("last_week", today)
