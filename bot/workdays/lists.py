"""
Reads an announced list of holidays, in CSV or JSON.

CSV has a line `date,works,why` and then one day a line: `2027-02-05,off,春节`,
`2027-02-20,work,春节`; the Chinese 日期, 安排, 说明 and 放假, 上班 are the same.
JSON is a list of `{"date": "2027-02-05", "works": false, "why": "春节"}`.
"""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from bot.errors import InvalidInputError
from bot.workdays.calendar import Mark, Origin
from bot.workdays.holidays import LAW_SINCE, statutory
from bot.workdays.tables import LONGEST_WHY

MOST_DAYS = 120
MOST_PROBLEMS = 8
SATURDAY = 6
_WORKS = {"off": False, "放假": False, "休": False, "work": True, "上班": True, "班": True}
_COLUMNS = {"日期": "date", "安排": "works", "说明": "why"}
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_FORM = "第一行写 date,works,why（或 日期,安排,说明），以后每行一天，如 2027-02-05,放假,春节。"


@dataclass(frozen=True, slots=True)
class AnnouncedList:
    """The days that were announced for a year."""

    year: int
    days: Mapping[date, Mark]


def read_list(content: bytes) -> AnnouncedList:
    """
    Return the list a file holds.

    Raises:
        InvalidInputError: it cannot be meant so; the text names every line and day.
    """
    text = _decoded(content).strip()
    rows = list(_from_json(text) if text.startswith("[") else _from_csv(text))
    if not rows or len(rows) > MOST_DAYS:
        msg = f"文件里有 {len(rows)} 天，应有 1 到 {MOST_DAYS} 天。{_FORM}"
        raise InvalidInputError(msg)
    problems: list[str] = []
    days: dict[date, Mark] = {}
    for where, row in rows:
        try:
            day, mark = _day(row)
            if day in days:
                problems.append(f"{where}：{day} 写了两次")
            days[day] = mark
        except ValueError as error:
            problems.append(f"{where}：{error}")
    _refuse(problems)
    year = Counter(day.year for day in days).most_common(1)[0][0]
    _refuse(list(_doubts(days, year)))
    return AnnouncedList(year, days)


def _decoded(content: bytes) -> str:
    # Excel on a Chinese Windows writes GB18030.
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    msg = f"这个文件不是文字。请存成 CSV 再上传。{_FORM}"
    raise InvalidInputError(msg)


def _from_csv(text: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    try:
        table = [
            row for row in csv.reader(io.StringIO(text, newline=None), strict=True) if any(row)
        ]
    except csv.Error:
        table = []
    names = [_COLUMNS.get(name.strip(), name.strip()) for name in table[0]] if table else []
    if not {"date", "works", "why"} <= set(names):
        raise InvalidInputError(_FORM)
    for number, row in enumerate(table[1:], start=2):
        yield f"第 {number} 行", dict(zip(names, row, strict=False))


def _from_json(text: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    try:
        rows = json.loads(text)
    except json.JSONDecodeError as error:
        msg = f"JSON 第 {error.lineno} 行写得不对。"
        raise InvalidInputError(msg) from None
    except RecursionError:
        raise InvalidInputError(_FORM) from None
    for number, row in enumerate(rows, start=1):
        yield f"第 {number} 项", row if isinstance(row, dict) else {}


def _day(row: Mapping[str, object]) -> tuple[date, Mark]:
    """Return one day; a ValueError says what is wrong with it."""
    written = str(row.get("date") or "").strip()
    found = _DATE.fullmatch(written)
    try:
        day = date(*map(int, found.groups())) if found else None
    except ValueError:
        day = None
    if day is None:
        msg = f"“{written[:20]}”不是日期"
        raise ValueError(msg)
    said = row.get("works")
    works = said if isinstance(said, bool) else _WORKS.get(str(said or "").strip().lower())
    if works is None:
        msg = "安排要写 放假 或 上班（off 或 work）"
        raise ValueError(msg)
    why = str(row.get("why") or "").strip()
    if not 0 < len(why) <= LONGEST_WHY:
        msg = f"说明要有 1 到 {LONGEST_WHY} 个字"
        raise ValueError(msg)
    return day, Mark(works, why, Origin.ANNOUNCED)


def _doubts(days: Mapping[date, Mark], year: int) -> Iterator[str]:
    """Yield why the list cannot be the whole announcement of the year."""
    if year < LAW_SINCE:
        yield f"{year} 年早已公布，不用载入"
        return
    for day, mark in sorted(days.items()):
        if day.year != year and (day.year, day.month) != (year - 1, 12):
            yield f"{day} 不是 {year} 年的，一次只载入一年"
        elif mark.works and day.isoweekday() < SATURDAY:
            yield f"{day} 本来就是工作日，调休上班只会在周末"
    for day, name in sorted(statutory(year).items()):
        if day not in days:
            yield f"缺法定假日 {day} {name}"
        elif days[day].works:
            yield f"{day} {name} 是法定假日，不会上班"


def _refuse(problems: list[str]) -> None:
    if problems:
        more = f"；另有 {len(problems) - MOST_PROBLEMS} 处" if problems[MOST_PROBLEMS:] else ""
        msg = f"没有载入：{'；'.join(problems[:MOST_PROBLEMS])}{more}。"
        raise InvalidInputError(msg)
