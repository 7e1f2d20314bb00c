"""The duty roster: a week at a glance, and for supervisors the forms that change it."""

from datetime import date, timedelta
from functools import partial

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.errors import InvalidInputError
from bot.people import roster
from bot.people import staff as accounts
from bot.people.leaves import Span
from bot.people.placement import leads
from bot.people.tables import DutyRole, Role, Staff
from bot.tickets.candidates import HANDLERS
from handlers.console import forms
from handlers.console.display import local
from handlers.console.forms import whole
from handlers.console.session import db, me, tools

LABELS = {"谁值班": "staff_id", "结束": "until", "开始": "from", "值什么班": "role"}
PLANNERS = {Role.SUPERVISOR, Role.ADMIN}
WEEKDAYS = "一二三四五六日"


def make_blueprint() -> Blueprint:
    """Return the page of the roster and what may be done there."""
    routes = Blueprint("staff_roster", __name__, url_prefix="/roster")
    routes.add_url_rule("/", view_func=show)
    routes.add_url_rule("/", endpoint="add", view_func=add, methods=["POST"])
    routes.add_url_rule("/<int:shift_id>/remove", view_func=remove, methods=["POST"])
    routes.add_url_rule("/copy", view_func=copy, methods=["POST"])
    return routes


def show() -> ResponseReturnValue:
    """Show a week."""
    return _page(_monday())


def add() -> ResponseReturnValue:
    """Put somebody on the roster."""
    form = request.form
    try:
        shift = roster.set_shift(
            db(),
            accounts.get(db(), whole("staff_id")) if form.get("staff_id") else me(),
            role=form.get("role", ""),
            rung=whole("rung", 1),
            span=_span(),
            by=me(),
            now=tools().now(),
        )
    except InvalidInputError as error:
        return _page(_monday(), problem=str(error))
    name = accounts.get(db(), shift.staff_id).name
    flash(f"已排上：{name}，{written(Span(shift.starts_at, shift.ends_at))}。")
    return _back()


def remove(shift_id: int) -> ResponseReturnValue:
    """Take a turn off the roster."""
    shift = roster.take_off(db(), shift_id, by=me(), now=tools().now())
    name = accounts.get(db(), shift.staff_id).name
    flash(f"已撤下：{name}，{written(Span(shift.starts_at, shift.ends_at))}。")
    return _back()


def copy() -> ResponseReturnValue:
    """Repeat the week in the next."""
    monday = _monday()
    zone = tools().settings.zone
    copied = roster.copy_week(db(), monday, zone=zone, by=me(), now=tools().now())
    flash(f"照抄了{copied}个班到下一周。" if copied else "下一周已经都排好了，没有要抄的。")
    return redirect(url_for("staff_roster.show", week=(monday + roster.WEEK).isoformat()))


def written(span: Span) -> str:
    """Write a span: 3月2日（周一）18:00 至 次日 08:30."""
    start, end = local(span.starts_at), local(span.ends_at)
    days = (end.date() - start.date()).days
    until = {0: "", 1: "次日 "}.get(days, f"{end.month}月{end.day}日 ")
    first = f"{start.month}月{start.day}日（周{WEEKDAYS[start.weekday()]}）{start:%H:%M}"
    return f"{first} 至 {until}{end:%H:%M}"


def handlers_of_tickets() -> list[Staff]:
    """Return who takes tickets, by name."""
    return [it for it in accounts.everybody(db()) if it.active and it.role in HANDLERS]


def _page(monday: date, *, problem: str = "") -> ResponseReturnValue:
    zone = tools().settings.zone
    today = local(tools().now()).date()
    values = request.form if problem else {"on": max(today, monday).isoformat()}
    page = render_template(
        "roster/week.html",
        days=roster.week(db(), monday, zone=zone),
        gaps=roster.uncovered(db(), monday, zone=zone),
        monday=monday,
        sunday=monday + timedelta(days=6),
        before=monday - roster.WEEK,
        after=monday + roster.WEEK,
        today=today,
        roles_of=roster.ROLES,
        rungs=roster.RUNGS,
        crisis=DutyRole.CRISIS,
        people=[person for person in handlers_of_tickets() if leads(me(), person)],
        leads=partial(leads, me()),
        may_plan=me().role in PLANNERS,
        written=written,
        local=local,
        weekdays=WEEKDAYS,
        values=values,
        problems=forms.beside(problem, LABELS) if problem else {},
    )
    return make_response(page, 400 if problem else 200)


def _monday() -> date:
    asked = request.values.get("week", "")
    try:
        day = date.fromisoformat(asked) if asked else local(tools().now()).date()
    except ValueError:
        day = local(tools().now()).date()
    return day - timedelta(days=day.weekday())


def _span() -> Span:
    """Read from when until when; an end before the start is on the next day."""
    form, zone = request.form, tools().settings.zone
    start = forms.moment(form.get("on", ""), form.get("from", ""), label="开始", zone=zone)
    end = forms.moment(form.get("on", ""), form.get("until", ""), label="结束", zone=zone)
    return Span(start, end if end > start else end + roster.DAY)


def _back() -> ResponseReturnValue:
    return redirect(url_for("staff_roster.show", week=_monday().isoformat()))
