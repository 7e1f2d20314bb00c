"""Which days a resident means: 上个月, said on 15 July, is June."""

import re
from datetime import datetime, time

from bot.understanding.days import read_days
from bot.understanding.entities import amount_of

_TIME = re.compile(
    r" ?的?(凌晨|大?清早|早上|早晨|上午|中午|下午|傍晚|晚上|夜里)?"
    r"(\d{1,2}|[一二两三四五六七八九十]{1,3})(?:点(半)?|:([0-5]\d))(?:钟|多|([一二三四五\d十]{1,3})分)?$"
)
_PART_OF_DAY = re.compile(r" ?的?(凌晨|大?清早|早上|早晨|上午|中午|下午|傍晚|晚上|夜里)$")
_AFTERNOON = {"下午", "傍晚", "晚上", "夜里", "晚", "今晚", "明晚", "昨晚"}
_NOON = 12


def interval(said: str, now: datetime) -> str:
    """
    Return the days that *said* means at *now*, in ISO 8601; an empty text where nobody can tell.

    2026-07-15, 2026-06-01/2026-06-30 or 2026-07-16T15:00.
    """
    try:
        return _interval(said, now)
    except (ValueError, KeyError, OverflowError):
        return ""


def _interval(said: str, now: datetime) -> str:
    parts = re.split(r"(?:一直)?[到至—]|(?<=[年月日号\d])-(?=\d{1,2}[月日号])", said, maxsplit=1)
    if len(parts) == 2:  # noqa: PLR2004 (from, to)
        start = read_days(parts[0], now.date())
        end = read_days(_filled(parts[1], parts[0]), now.date(), after=start[0] if start else None)
        return f"{start[0]}/{end[1]}" if start and end and start[0] <= end[1] else ""
    clock = _TIME.search(said)
    days = read_days(said[: clock.start()] if clock else _PART_OF_DAY.sub("", said), now.date())
    if days is None:
        return ""
    if clock and days[0] == days[1] and not _is_midnight(clock, said):
        return f"{days[0]}T{_clock(clock, said)}"
    return str(days[0]) if days[0] == days[1] else f"{days[0]}/{days[1]}"


def _filled(end: str, start: str) -> str:
    """Give an end what it leaves to the start: 今年二月到四月."""
    year = re.match(r"\d{4}年|大?[前去今明后]年", start)
    return (
        year.group() + end if year and re.match(r"[\d一二三四五六七八九十]{1,2}月", end) else end
    )


def _is_midnight(found: re.Match[str], said: str) -> bool:
    """今晚12点 lies between two days: the day alone is safer."""
    return amount_of(found[2]) == _NOON and (found[1] in {"夜里", "晚上"} or "晚" in said)


def _clock(found: re.Match[str], said: str) -> str:
    part, hours, half, minutes, spoken = found.groups()
    hour = int(amount_of(hours) or 0)
    late = part in _AFTERNOON or (not part and "晚" in said)
    hour += _NOON if late and hour < _NOON else 0
    minute = 30 if half else int(minutes or amount_of(spoken or "0") or 0)
    return time(hour, minute).strftime("%H:%M")
