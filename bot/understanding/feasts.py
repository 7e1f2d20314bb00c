"""Feasts by name, and the weeks around New Year."""

import re
from datetime import date, timedelta

from bot.understanding import lunar

Days = tuple[date, date]
"""First and last day."""
_LUNAR_FEASTS = {
    "春节": (1, 1),
    "过年": (1, 1),
    "端午": (5, 5),
    "火把节": (6, 24),
    "中元": (7, 15),
    "中秋": (8, 15),
    "重阳": (9, 9),
}
_FEASTS = {
    "元旦": (1, 1, 1),
    "清明": (4, 5, 1),
    "泼水节": (4, 13, 3),
    "五一": (5, 1, 5),
    "国庆": (10, 1, 7),
    "十一": (10, 1, 7),
}
"""Month, day and length in days; 清明 falls on the 4th in some years."""
_FULL_NAMES = {"春节", "火把节", "泼水节"}


def feast(year: int, said: str) -> Days | None:
    """Return the days of the feast *said* in *year*, None if it is none."""
    name = said.removesuffix("节") if said not in _FULL_NAMES else said
    if name in _LUNAR_FEASTS:
        return _one(lunar.day(year, *_LUNAR_FEASTS[name]))
    if name == "大年三十":
        return _one(lunar.month(year, 1)[0] - timedelta(days=1))
    if found := re.fullmatch("大年初([一二三四五六七])", name):
        return _one(lunar.day(year, 1, "一二三四五六七".index(found[1]) + 1))
    if name in _FEASTS:
        month, day, length = _FEASTS[name]
        return date(year, month, day), date(year, month, day) + timedelta(days=length - 1)
    return None


def around_new_year(said: str, today: date) -> Days | None:
    """Return the month before or after the New Year nearest to *today*: 年前, 年后."""
    if said not in {"年前", "过年前", "过年后", "年后", "开年"}:
        return None
    years = (today.year, today.year + 1)
    feast = min((lunar.day(year, 1, 1) for year in years), key=lambda day: abs(day - today))
    if said in {"年前", "过年前"}:
        return feast - timedelta(days=30), feast - timedelta(days=1)
    return feast, feast + timedelta(days=29)


def _one(day: date) -> Days:
    return day, day
