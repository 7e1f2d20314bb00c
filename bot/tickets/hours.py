"""
Working time: when a person must have answered, and how that is said.

An office says when people are at work; everything else here counts in its
shifts only, so a second shift or other hours on one day change `Office.shifts`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from bot.contracts import Urgency
from bot.settings import Settings
from bot.workdays import calendar
from bot.workdays.calendar import Calendar

ROUND = timedelta(minutes=10)
PARTS_OF_DAY = ((6, "凌晨"), (9, "早上"), (12, "上午"), (13, "中午"), (18, "下午"), (24, "晚上"))
Shift = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Office:
    """When people are at work: on which days, and in which hours."""

    calendar: Calendar
    settings: Settings

    def day(self, moment: datetime) -> date:
        """Return the day it is there."""
        return calendar.today(moment, self.settings)

    def shifts(self, day: date) -> tuple[Shift, ...]:
        """Return the hours of a day, the earliest first; none where it is not worked."""
        if not self.calendar.works(day):
            return ()
        tickets, zone = self.settings.tickets, self.settings.zone
        start, end = (
            datetime.combine(day, time.fromisoformat(text), zone)
            for text in (tickets.workday_start, tickets.workday_end)
        )
        return ((start, end),)


def office(session: Session, settings: Settings) -> Office:
    """Return when people are at work, by the calendar as it is now."""
    return Office(calendar.load(session, settings), settings)


def due(now: datetime, *, urgency: str, office: Office) -> datetime:
    """
    Return when a person must have answered.

    A crisis is answered round the clock.  What is urgent is answered within
    working hours, counted from the next opening when we are closed: nobody
    would keep another promise.  The rest has until the end of the next working day.
    """
    tickets = office.settings.tickets
    if urgency == Urgency.CRISIS:
        return now + timedelta(minutes=tickets.crisis_reply_minutes)
    if urgency == Urgency.URGENT:
        return _rounded_up(add(now, timedelta(hours=tickets.urgent_reply_hours), office))
    _, end = next(_shifts(office.day(now) + calendar.DAY, office))
    return office.shifts(office.day(end))[-1][1]


def add(now: datetime, span: timedelta, office: Office) -> datetime:
    """Return *now* plus *span* of working time."""
    shifts = _shifts(office.day(now), office)
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
    for opening, closing in _shifts(office.day(start), office):
        if opening >= end:
            break
        found += max(min(closing, end) - max(opening, start), timedelta())
    return found


def promise(due_at: datetime, now: datetime, *, settings: Settings) -> str:
    """Return the time as people say it: 今天下午5点, 明天上午10点半, 11月23日下午5点."""
    local = due_at.astimezone(settings.zone)
    days = (local.date() - now.astimezone(settings.zone).date()).days
    day = {0: "今天", 1: "明天"}.get(days, f"{local.month}月{local.day}日")
    return f"{day}{_clock(local)}"


def is_open(now: datetime, *, office: Office) -> bool:
    """Say whether people are at work."""
    return any(start <= now < end for start, end in office.shifts(office.day(now)))


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


def _rounded_up(moment: datetime) -> datetime:
    """People say and remember 10点20分, not 10点17分."""
    over = timedelta(
        minutes=moment.minute % 10, seconds=moment.second, microseconds=moment.microsecond
    )
    return moment + (ROUND - over if over else timedelta())


def _shifts(first: date, office: Office) -> Iterator[Shift]:
    """Yield the shifts from the day *first* on."""
    day = first
    while True:
        yield from office.shifts(day)
        day += calendar.DAY
