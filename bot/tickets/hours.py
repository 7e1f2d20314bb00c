"""Working hours: when a person must have answered, and how that is said."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from bot.contracts import Urgency
from bot.settings import Settings

ROUND = timedelta(minutes=10)
PARTS_OF_DAY = ((6, "凌晨"), (9, "早上"), (12, "上午"), (13, "中午"), (18, "下午"), (24, "晚上"))


def due(now: datetime, *, urgency: str, settings: Settings) -> datetime:
    """
    Return when a person must have answered.

    A crisis is answered round the clock.  What is urgent is answered within
    working hours, counted from the next opening when we are closed: nobody
    would keep another promise.  The rest has until the end of the next working day.
    """
    if urgency == Urgency.CRISIS:
        return now + timedelta(minutes=settings.tickets.crisis_reply_minutes)
    if urgency == Urgency.URGENT:
        span = timedelta(hours=settings.tickets.urgent_reply_hours)
        return _rounded_up(_after_working(now, span, settings))
    today = now.astimezone(settings.zone).date()
    _, end = next(_workdays(today + timedelta(days=1), settings))
    return end


def promise(due_at: datetime, now: datetime, *, settings: Settings) -> str:
    """Return the time as people say it: 今天下午5点, 明天上午10点半, 11月23日下午5点."""
    local = due_at.astimezone(settings.zone)
    days = (local.date() - now.astimezone(settings.zone).date()).days
    day = {0: "今天", 1: "明天"}.get(days, f"{local.month}月{local.day}日")
    return f"{day}{_clock(local)}"


def is_open(now: datetime, *, settings: Settings) -> bool:
    """Say whether people are at work."""
    start, end = _hours(now.astimezone(settings.zone).date(), settings)
    return _is_workday(now.astimezone(settings.zone).date(), settings) and start <= now < end


def opens(now: datetime, *, settings: Settings) -> str:
    """Return when people are next at work, as people say it: 今早8点半, 明早8点半."""
    today = now.astimezone(settings.zone).date()
    start = next(start for start, _ in _workdays(today, settings) if start > now)
    local = start.astimezone(settings.zone)
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


def _after_working(now: datetime, span: timedelta, settings: Settings) -> datetime:
    """Return *now* plus *span* of working time."""
    days = _workdays(now.astimezone(settings.zone).date(), settings)
    start, end = next(days)
    begin = max(start, now)
    while begin + span > end:
        span -= max(end - begin, timedelta())
        begin, end = next(days)
    return begin + span


def _rounded_up(moment: datetime) -> datetime:
    """People say and remember 10点20分, not 10点17分."""
    over = timedelta(
        minutes=moment.minute % 10, seconds=moment.second, microseconds=moment.microsecond
    )
    return moment + (ROUND - over if over else timedelta())


def _workdays(first: date, settings: Settings) -> Iterator[tuple[datetime, datetime]]:
    """Yield the opening hours of each working day from *first* on."""
    day = first
    while True:
        if _is_workday(day, settings):
            yield _hours(day, settings)
        day += timedelta(days=1)


def _is_workday(day: date, settings: Settings) -> bool:
    return day.isoweekday() in settings.tickets.workdays


def _hours(day: date, settings: Settings) -> tuple[datetime, datetime]:
    start, end = (
        datetime.combine(day, time.fromisoformat(text), settings.zone)
        for text in (settings.tickets.workday_start, settings.tickets.workday_end)
    )
    return start, end
