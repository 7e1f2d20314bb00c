"""The calendar of working days, for admins."""

from calendar import Calendar as Weeks
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.errors import InvalidInputError
from bot.workdays import calendar, change
from bot.workdays.calendar import Calendar, Origin
from bot.workdays.lists import read_list
from handlers.console import forms
from handlers.console.session import db, me, tools

YEARS_BACK, YEARS_AHEAD = 1, 2
WORDS = ((False, "放假"), (True, "上班"))
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Cell:
    """One day in a month's grid."""

    day: date
    kind: str
    """Its looks: `work`, `rest`, `off` (a holiday) or `made-up`."""
    sign: str = ""
    """休 or 班, on a day that is not simply as its weekday."""
    why: str = ""
    origin: str = ""


@dataclass(slots=True)
class Feast:
    """A holiday of the year, with its days off and the days worked instead."""

    name: str
    provisional: bool
    off: list[date] = field(default_factory=list)
    worked: list[date] = field(default_factory=list)


def make_blueprint() -> Blueprint:
    """Return the page of the calendar and what may be done there."""
    routes = Blueprint("calendar", __name__, url_prefix="/calendar")
    routes.add_url_rule("/", view_func=show)
    routes.add_url_rule("/day", view_func=put_day, methods=["POST"])
    routes.add_url_rule("/day/remove", view_func=remove_day, methods=["POST"])
    routes.add_url_rule("/list", view_func=load_list, methods=["POST"])
    routes.add_url_rule("/list/<int:year>/drop", view_func=drop_list, methods=["POST"])
    return routes


def show() -> ResponseReturnValue:
    """Show a year at a glance."""
    return _page(_asked_year())


def put_day() -> ResponseReturnValue:
    """Say that a day is worked or not."""
    try:
        day, works = _day(), request.form.get("works") == "1"
        why = request.form.get("why", "")
        change.put_day(db(), day, works=works, why=why, by=me(), now=tools().now())
    except InvalidInputError as error:
        return _page(_asked_year(), problems={"day": str(error)})
    flash(f"{written(day)}已定为{'上班' if works else '放假'}。")
    return _back(day.year)


def remove_day() -> ResponseReturnValue:
    """Take back what was said of a day."""
    day = _day()
    change.remove_day(db(), day, by=me(), now=tools().now())
    flash(f"{written(day)}不再另作安排。")
    return _back(day.year)


def load_list() -> ResponseReturnValue:
    """Put an announced list in force, and say what it changed."""
    sent = request.files.get("file")
    try:
        announced = read_list(sent.read() if sent else b"")
    except InvalidInputError as error:
        return _page(_asked_year(), problems={"file": str(error)})
    found = change.changes(_calendar(), announced)
    change.load_list(db(), announced, by=me(), now=tools().now())
    flash(f"{announced.year} 年的放假安排已载入。{_told(found)}")
    return _back(announced.year)


def drop_list(year: int) -> ResponseReturnValue:
    """Take a list back."""
    change.drop_list(db(), year, by=me(), now=tools().now())
    flash(f"{year} 年上传的放假安排已撤下。")
    return _back(year)


def written(day: date) -> str:
    """Write a day with its weekday: 10月10日（周六）."""
    return f"{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


def ranges(days: list[date]) -> str:
    """Write days off, runs of them as one: 10月1日至7日."""
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == calendar.DAY:
            runs[-1].append(day)
        else:
            runs.append([day])
    return "、".join(_run(run) for run in runs)


def _run(run: list[date]) -> str:
    first, last = run[0], run[-1]
    if first == last:
        return f"{first.month}月{first.day}日"
    month = "" if first.month == last.month else f"{last.month}月"
    return f"{first.month}月{first.day}日至{month}{last.day}日"


def _page(year: int, *, problems: dict[str, str] | None = None) -> ResponseReturnValue:
    this, found = _today().year, _calendar()
    years = range(this - YEARS_BACK, this + YEARS_AHEAD + 1)
    year = min(max(year, years[0]), years[-1])
    page = render_template(
        "calendar/year.html",
        year=year,
        years=years,
        today=_today(),
        months=[list(_weeks(found, year, month)) for month in range(1, 13)],
        worked=sum(map(found.works, calendar.days_of(year))),
        provisional=found.provisional(year),
        loaded=year in found.lists,
        feasts=_feasts(found, year),
        own=change.own_days(db(), year),
        problems=problems or {},
        values=request.form,
        written=written,
        ranges=ranges,
        weekdays=WEEKDAYS,
    )
    return make_response(page, 400 if problems else 200)


def _weeks(found: Calendar, year: int, month: int) -> Iterator[list[Cell | None]]:
    for week in Weeks().monthdatescalendar(year, month):
        yield [_cell(found, day) if day.month == month else None for day in week]


def _cell(found: Calendar, day: date) -> Cell:
    mark = found.mark(day)
    if mark is None:
        return Cell(day, "work" if found.works(day) else "rest")
    kind, sign = ("made-up", "班") if mark.works else ("off", "休")
    return Cell(day, kind, sign, mark.why, str(mark.origin))


def _feasts(found: Calendar, year: int) -> list[Feast]:
    feasts: dict[str, Feast] = {}
    for day, mark in found.marks(year):
        if mark.origin != Origin.OWN:
            provisional = mark.origin == Origin.STATUTORY
            feast = feasts.setdefault(mark.why, Feast(mark.why, provisional))
            (feast.worked if mark.works else feast.off).append(day)
    return sorted(feasts.values(), key=lambda feast: (feast.off or feast.worked)[0])


def _told(found: list[change.Change]) -> str:
    if not found:
        return "与原来的一样。"
    parts = [(word, [it.day for it in found if it.works == works]) for works, word in WORDS]
    return "；".join(f"改为{word}：{ranges(days)}" for word, days in parts if days) + "。"


def _day() -> date:
    day = forms.day(request.form.get("day", ""), label="日期")
    if day is None:
        msg = "请填日期。"
        raise InvalidInputError(msg)
    return day


def _asked_year() -> int:
    return request.values.get("year", _today().year, type=int)


def _calendar() -> Calendar:
    return calendar.load(db(), tools().settings)


def _today() -> date:
    return calendar.today(tools().now(), tools().settings)


def _back(year: int) -> ResponseReturnValue:
    return redirect(url_for("calendar.show", year=year))
