"""Reading a day, a month or a feast as residents name it."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from bot.understanding import lunar
from bot.understanding.entities import amount_of
from bot.understanding.feasts import Days, around_new_year, feast

_N = r"(\d{1,3}|[零〇一二两三四五六七八九十半]{1,4})"
_WEEKDAYS = "一二三四五六日"
_YEARS = {
    "大前年": -3,
    "前年": -2,
    "去年": -1,
    "上年": -1,
    "旧年": -1,
    "今年": 0,
    "明年": 1,
    "后年": 2,
}
_DAYS = {"大前": -3, "前": -2, "昨": -1, "今": 0, "明": 1, "后": 2, "大后": 3}
_LUNAR_MONTHS = {"正": 1, "冬": 11, "寒": 12, "腊": 12}
_LONG_AHEAD = 180
_ENDS_OF_MONTH = {"底": (25, 31), "初": (1, 10)}


def read_days(said: str, today: date, after: date | None = None) -> Days | None:
    """
    Return the days that *said* means on *today*, None where nobody can tell.

    The end of a stretch of time lies *after* its start, if need be in the next year.

    Raises:
        ValueError, KeyError, OverflowError: there is no such day, or not in the calendar at hand.
    """
    for reading in _READINGS:
        if days := reading(said, today):
            ahead = after and days[1] < after
            return _days_a_year_later(days) if ahead else days
    return None


def _days_a_year_later(days: Days) -> Days:
    return days[0].replace(year=days[0].year + 1), days[1].replace(year=days[1].year + 1)


def _ago(said: str, today: date) -> Days | None:
    found = re.fullmatch(rf"{_N}(?:多|来)?个?多?(年|月|天|周|星期|礼拜|小时|钟头)多?(.*)", said)
    if not found or not re.fullmatch("以?前|之前|以后|之后|过后|后", found[3]):
        return None
    sign, unit = (-1 if "前" in found[3] else 1), found[2]
    if found[1] == "半":
        return _half_ago(today, sign, unit)
    count = sign * int(_number(found[1]))
    if unit == "年":
        return _year(today.year + count)
    if unit == "月":
        return _month(today, count)
    if unit in {"小时", "钟头"}:
        return _one(today + timedelta(hours=count))
    return _one(today + timedelta(days=count * (1 if unit == "天" else 7)))


def _half_ago(today: date, sign: int, unit: str) -> Days:
    return _month(today, 6 * sign) if unit == "年" else _one(today + timedelta(days=15 * sign))


def _number(said: str) -> float:
    # 两三年前: the smaller is what is sure.
    value = amount_of(said[:1] if re.fullmatch("[一二两三四五六七八九]{2}", said) else said)
    if value is None:
        raise ValueError
    return value


def _named_day(said: str, today: date) -> Days | None:
    if said in {"刚刚", "刚才", "将才", "才将"}:
        return _one(today)
    found = re.fullmatch("(大前|大后|前|昨|今|明|后)(?:天|日|晚夕|晚黑|晚|早|夜|个|朝)", said)
    return _one(today + timedelta(days=_DAYS[found[1]])) if found else None


def _week(said: str, today: date) -> Days | None:
    found = re.fullmatch(
        "(上{1,2}|下{1,2}|这|本)?个?(?:周|星期|礼拜)([一二三四五六日天末])?", said
    )
    if not found or not (found[1] or found[2]):
        return None
    moved = {"上": -1, "下": 1}.get((found[1] or "")[:1], 0) * len(found[1] or "")
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=moved)
    if not found[2]:
        return monday, monday + timedelta(days=6)
    if found[2] == "末":
        return monday + timedelta(days=5), monday + timedelta(days=6)
    return _one(monday + timedelta(days=_WEEKDAYS.index(found[2].replace("天", "日"))))


def _near_month(said: str, today: date) -> Days | None:
    found = re.fullmatch("(上{1,2}|下{1,2}|这|本)个?月(.*)", said)
    if not found and said in {"月底", "月初"}:
        return _part_of_month(_month(today, 0), said[1])
    if not found:
        return None
    moved = {"上": -1, "下": 1}.get(found[1][0], 0) * len(found[1])
    return _part_of_month(_month(today, moved), found[2])


def _part_of_month(month: Days, part: str) -> Days | None:
    if not part:
        return month
    if ends := _ENDS_OF_MONTH.get(part):
        return month[0].replace(day=ends[0]), month[0].replace(day=min(ends[1], month[1].day))
    number = amount_of(part.rstrip("日号"))
    return _one(month[0].replace(day=int(number))) if number else None


def _in_year(said: str, today: date) -> Days | None:
    """Read a date that names its year: 去年3月, 2024年11月5日, 前年腊月, 明年."""
    found = re.fullmatch(rf"({'|'.join(_YEARS)}|[\d零〇一二三四五六七八九]{{2,4}}年)的?(.*)", said)
    if not found:
        return None
    named, rest = found[1], found[2].removeprefix("年")
    year = today.year + _YEARS[named] if named in _YEARS else _written_year(named[:-1])
    return _within(year, rest) if rest else _year(year)


def _written_year(said: str) -> int:
    digits = said.translate(str.maketrans("零〇一二三四五六七八九", "00123456789"))
    century = {4: "", 2: "19" if digits > "50" else "20"}[len(digits)]
    return int(century + digits)


def _within(year: int, rest: str) -> Days | None:
    """Return the days of *year* that *rest* names."""
    if halves := {"上半年": (1, 6), "下半年": (7, 12)}.get(rest):
        return date(year, halves[0], 1), _month_of(year, halves[1])[1]
    if rest in _ENDS_OF_MONTH:
        return _month_of(year, 12 if rest == "底" else 1)
    return feast(year, rest) or _month_and_day(year, rest)


def _month_and_day(year: int, said: str) -> Days | None:
    found = re.fullmatch(r"(\d{1,2}|[一二三四五六七八九十]{1,2}|[正腊冬寒])月份?(.*)", said)
    if not found:
        return None
    farmers = re.search(
        r"^初[一二三四五六七八九十]|^廿|^大?三十$|^[二]?十[一二三四五六七八九]?$", found[2]
    )
    if found[1] in _LUNAR_MONTHS or farmers:
        number = _LUNAR_MONTHS.get(found[1]) or int(_number(found[1]))
        return _lunar(year, number, found[2])
    return _part_of_month(_month_of(year, int(_number(found[1]))), found[2])


def _lunar(year: int, month: int, said: str) -> Days:
    days = lunar.month(year, month)
    if not said:
        return days
    if said in _ENDS_OF_MONTH:
        return (
            (days[1] - timedelta(days=5), days[1])
            if said == "底"
            else (days[0], days[0] + timedelta(days=9))
        )
    number = amount_of(re.sub("^(?:初|大)", "", said).replace("廿", "二").rstrip("日号"))
    if not number:
        raise ValueError
    return _one(min(lunar.day(year, month, int(number)), days[1]))


def _nearest(said: str, today: date) -> Days | None:
    """Read a date without its year: the nearest feast; a month of this year, else the last one."""
    around = (today.year - 1, today.year, today.year + 1)
    if feast(today.year, said):
        feasts = [days for year in around if (days := feast(year, said))]
        return min(feasts, key=lambda days: abs(days[0] - today))
    if said in {"年底", "年尾", "年初"}:
        return _within(today.year, "初" if said == "年初" else "底")
    days = _month_and_day(today.year, said)
    if days and (days[0] - today).days > _LONG_AHEAD:
        return _month_and_day(today.year - 1, said)
    return days


def _written(said: str, today: date) -> Days | None:
    del today
    found = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", said)
    return _one(date(int(found[1]), int(found[2]), int(found[3]))) if found else None


def _day_of_month(said: str, today: date) -> Days | None:
    found = re.fullmatch(rf"{_N}[日号]", said)
    return _part_of_month(_month(today, 0), found[1]) if found else None


def _one(day: date) -> Days:
    return day, day


def _year(year: int) -> Days:
    return date(year, 1, 1), date(year, 12, 31)


def _month(today: date, moved: int) -> Days:
    months = today.year * 12 + today.month - 1 + moved
    return _month_of(months // 12, months % 12 + 1)


def _month_of(year: int, month: int) -> Days:
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


_READINGS: tuple[Callable[[str, date], Days | None], ...] = (
    _written,
    _named_day,
    _ago,
    _week,
    _near_month,
    around_new_year,
    _in_year,
    _nearest,
    _day_of_month,
)
