"""The calendar: is a day worked, why, and who says so."""

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bot.settings import Hours
from bot.workdays import holidays
from bot.workdays.tables import OWN, CalendarDay

WARN_AHEAD = timedelta(days=31)
DAY = timedelta(days=1)


class Origin(enum.StrEnum):
    """Who says whether a day is worked."""

    ANNOUNCED = "announced"
    STATUTORY = "statutory"
    """The law alone: the year's announcement may add days, so it is provisional."""
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Mark:
    """What is said of a day beyond its weekday."""

    works: bool
    why: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked.  Days of our own go before lists, lists before what is built in."""

    weekdays: frozenset[int]
    own: Mapping[date, Mark]
    lists: Mapping[int, Mapping[date, Mark]]
    """The announced lists that were loaded, by year."""

    def works(self, day: date) -> bool:
        """Say whether the day is worked."""
        mark = self.mark(day)
        return mark.works if mark else day.isoweekday() in self.weekdays

    def mark(self, day: date) -> Mark | None:
        """Return what is said of the day, or None: then its weekday counts."""
        # The list of a year may begin in the last days of the year before.
        found = self.own.get(day) or self.lists.get(day.year + 1, {}).get(day)
        if found:
            return found
        if day.year in self.lists:
            return self.lists[day.year].get(day)
        return _built_in(day)

    def provisional(self, year: int) -> bool:
        """Say whether only the law's own days are known of the year."""
        return year not in self.lists and holidays.announced(year) is None

    def marks(self, year: int) -> Iterator[tuple[date, Mark]]:
        """Yield the days of a year that are not simply as their weekday, in order."""
        for day in days_of(year):
            mark = self.mark(day)
            if mark:
                yield day, mark


def load(session: Session, settings: Hours) -> Calendar:
    """Return the calendar as it is now."""
    return Calendar(frozenset(settings.tickets.workdays), *days(session))


def days(session: Session) -> tuple[dict[date, Mark], dict[int, dict[date, Mark]]]:
    """Return what the database says of days: our own, and the lists by year."""
    own: dict[date, Mark] = {}
    lists: dict[int, dict[date, Mark]] = {}
    rows = session.execute(
        select(CalendarDay.day, CalendarDay.list_year, CalendarDay.works, CalendarDay.why)
    )
    for day, list_year, works, why in rows:
        origin = Origin.OWN if list_year == OWN else Origin.ANNOUNCED
        said = own if list_year == OWN else lists.setdefault(list_year, {})
        said[day] = Mark(works, why, origin)
    return own, lists


def overdue_lists(session: Session, *, today: date) -> list[int]:
    """Return the years, this one and soon the next, whose announced list is still missing."""
    years = sorted({today.year, (today + WARN_AHEAD).year})
    return [year for year in years if is_provisional(session, year)]


def is_provisional(session: Session, year: int) -> bool:
    """Say the same as `Calendar.provisional`, asking the database only where it must be asked."""
    if holidays.announced(year) is not None:
        return False
    return not session.scalar(select(exists().where(CalendarDay.list_year == year)))


def days_of(year: int) -> Iterator[date]:
    """Yield every day of a year."""
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += DAY


def today(now: datetime, settings: Hours) -> date:
    """Return the day it is here."""
    return now.astimezone(settings.zone).date()


def _built_in(day: date) -> Mark | None:
    announced = holidays.announced(day.year)
    if announced is not None:
        found = announced.get(day)
        return Mark(*found, Origin.ANNOUNCED) if found else None
    name = holidays.statutory(day.year).get(day)
    return Mark(works=False, why=name, origin=Origin.STATUTORY) if name else None
