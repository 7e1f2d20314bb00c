"""
Public holidays of China: as announced for a year, and as the law alone fixes them.

The State Council announces each year in the autumn before which days are off
and which weekend days are worked instead.  Until then only the days that the
law names are known: 全国年节及纪念日放假办法, as of 2024-11-10.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

import chinese_calendar

from bot.understanding import lunar

LAW_SINCE = 2025
"""From this year on the law names thirteen days."""
_FIXED = {
    (1, 1): "元旦",
    (5, 1): "劳动节",
    (5, 2): "劳动节",
    (10, 1): "国庆节",
    (10, 2): "国庆节",
    (10, 3): "国庆节",
}
_SPRING_FESTIVAL_DAYS = 4


@cache
def announced(year: int) -> Mapping[date, tuple[bool, str]] | None:
    """Return what was announced of a year, each day with whether it is worked, and for what."""
    days = {
        day: (works, chinese_calendar.Holiday(name).chinese)
        for works, known in ((False, chinese_calendar.holidays), (True, chinese_calendar.workdays))
        for day, name in known.items()
        if day.year == year
    }
    return MappingProxyType(days) if days else None


@cache
def statutory(year: int) -> Mapping[date, str]:
    """Return the days off that the law names; lunar ones for the years `lunar` knows."""
    days = {date(year, *day): name for day, name in _FIXED.items()}
    days[_qingming(year)] = "清明"
    if lunar.FIRST <= year <= lunar.LAST:
        eve = lunar.day(year, 1, 1) - timedelta(days=1)
        days |= {eve + timedelta(days=n): "春节" for n in range(_SPRING_FESTIVAL_DAYS)}
        days[lunar.day(year, 5, 5)] = "端午"
        # In the years when it is the 1st to 3rd of October, it is one of those days.
        days.setdefault(lunar.day(year, 8, 15), "中秋")
    return MappingProxyType(days)


def _qingming(year: int) -> date:
    terms = chinese_calendar.get_solar_terms(date(year, 4, 1), date(year, 4, 15))
    found: date = next(day for day, name in terms if name == "清明")
    return found
