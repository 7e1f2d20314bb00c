"""
Working time: how it is added, measured and said.

An office says when people are at work; everything else here counts in its
shifts only.  What is promised by when: bot/tickets/clocks/.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from bot.settings import Hours, working_hours
from bot.workdays import calendar, current
from bot.workdays.calendar import Calendar

PARTS_OF_DAY = ((6, "凌晨"), (9, "早上"), (12, "上午"), (13, "中午"), (18, "下午"), (24, "晚上"))
Shift = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Office:
    """When people are at work: on which days, and in which hours."""

    calendar: Calendar
    settings: Hours
    hours: tuple[tuple[time, time], ...] = ()
    """The shifts of a working day; none: the hours of config.yaml."""

    def day(self, moment: datetime) -> date:
        """Return the day it is there."""
        return moment.astimezone(self.settings.zone).date()

    def shifts(self, day: date) -> tuple[Shift, ...]:
        """Return the hours of a day, the earliest first; none where it is not worked."""
        if not self.calendar.works(day):
            return ()
        tickets, zone = self.settings.tickets, self.settings.zone
        usual = (tickets.workday_start, tickets.workday_end)
        found: list[Shift] = []
        for start, end in sorted(self.hours) or [
            (time.fromisoformat(usual[0]), time.fromisoformat(usual[1]))
        ]:
            opening, closing = (datetime.combine(day, clock, zone) for clock in (start, end))
            if closing <= opening:  # a shift over midnight
                closing += calendar.DAY
            if found and opening <= found[-1][1]:
                found[-1] = found[-1][0], max(found[-1][1], closing)
            else:
                found.append((opening, closing))
        return tuple(found)


def office(
    session: Session, settings: Hours | None = None, *, organisation_id: int | None = None
) -> Office:
    """Return when an organisation is at work, by calendar and shifts as this process has them."""
    settings, found = settings or working_hours(), current.known(session)
    workdays = frozenset(settings.tickets.workdays)
    known = Calendar(workdays, found.own, found.lists)
    return Office(known, settings, found.hours(organisation_id))


def end_of_day(start: datetime, days: int, office: Office) -> datetime:
    """Return closing time of the *days*-th working day after the day of *start*."""
    day = office.day(start)
    while True:
        day += calendar.DAY
        shifts = office.shifts(day)
        days -= bool(shifts)
        if shifts and days <= 0:
            return shifts[-1][1]


def add(now: datetime, span: timedelta, office: Office) -> datetime:
    """Return *now* plus *span* of working time."""
    shifts = _shifts(office.day(now) - calendar.DAY, office)
    start, end = next(shifts)
    begin = max(start, now)
    while begin + span > end:
        span -= max(end - begin, timedelta())
        start, end = next(shifts)
        begin = max(start, now)
    return begin + span


def between(start: datetime, end: datetime, office: Office) -> timedelta:
    """Return how much working time is between two moments; none where *end* is earlier."""
    found = timedelta()
    for opening, closing in _shifts(office.day(start) - calendar.DAY, office):
        if opening >= end:
            break
        found += max(min(closing, end) - max(opening, start), timedelta())
    return found


def promise(due_at: datetime, now: datetime, *, settings: Hours) -> str:
    """Return the time as people say it: 今天下午5点, 明天上午10点半, 11月23日下午5点."""
    local = due_at.astimezone(settings.zone)
    days = (local.date() - now.astimezone(settings.zone).date()).days
    day = {0: "今天", 1: "明天"}.get(days, f"{local.month}月{local.day}日")
    return f"{day}{_clock(local)}"


def is_open(now: datetime, *, office: Office) -> bool:
    """Say whether people are at work."""
    today = office.day(now)
    return any(
        start <= now < end
        for day in (today - calendar.DAY, today)
        for start, end in office.shifts(day)
    )


def opens(now: datetime, *, office: Office) -> str:
    """Return when people are next at work, as people say it: 今早8点半, 明早8点半."""
    today = office.day(now)
    start = next(start for start, _ in _shifts(today, office) if start > now)
    local = start.astimezone(office.settings.zone)
    said = _clock(local)
    day = {0: "今", 1: "明"}.get((local.date() - today).days)
    if day is None:
        return f"{local.month}月{local.day}日{said}"
    return f"{day}早{said.removeprefix('早上')}" if said.startswith("早上") else f"{day}天{said}"


def _clock(local: datetime) -> str:
    part = next(word for until, word in PARTS_OF_DAY if local.hour < until)
    hour = local.hour if local.hour <= 12 else local.hour - 12  # noqa: PLR2004 (the clock's face)
    minutes = {0: "", 30: "半"}.get(local.minute, f"{local.minute:02d}分")
    return f"{part}{hour}点{minutes}"


def _shifts(first: date, office: Office) -> Iterator[Shift]:
    """Yield the shifts from the day *first* on."""
    day = first
    while True:
        yield from office.shifts(day)
        day += calendar.DAY
