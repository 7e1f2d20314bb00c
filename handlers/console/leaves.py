"""Leave: each for oneself, supervisors for others; who takes over is shown before it is sent."""

from datetime import timedelta

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.errors import InvalidInputError
from bot.people import leaves, presence
from bot.people import staff as accounts
from bot.people.leaves import Span
from bot.people.placement import chain, substitutes_of
from bot.people.tables import Role, Staff
from bot.tickets import absence
from bot.tickets.allowed import STATE_NAMES
from handlers.console import forms
from handlers.console.display import local
from handlers.console.forms import whole
from handlers.console.roster import handlers_of_tickets, written
from handlers.console.session import db, me, tools

LABELS = {"开始": "from", "回来": "until", "类别": "kind", "替谁": "staff_id"}
PLANNERS = {Role.SUPERVISOR, Role.ADMIN}


def make_blueprint() -> Blueprint:
    """Return the page of leave and what may be done there."""
    routes = Blueprint("staff_leave", __name__, url_prefix="/leave")
    routes.add_url_rule("/", view_func=show)
    routes.add_url_rule("/", endpoint="ask", view_func=ask, methods=["POST"])
    routes.add_url_rule("/<int:leave_id>/end", view_func=end, methods=["POST"])
    routes.add_url_rule("/back/<number>", view_func=take_back, methods=["POST"])
    return routes


def show() -> ResponseReturnValue:
    """Show who is away when, and the form."""
    return _page()


def ask() -> ResponseReturnValue:
    """Set a leave."""
    form, zone = request.form, tools().settings.zone
    try:
        person = _person()
        span = Span(
            forms.moment(form.get("from_on", ""), form.get("from", ""), label="开始", zone=zone),
            forms.moment(form.get("until_on", ""), form.get("until", ""), label="回来", zone=zone),
        )
        kind = form.get("kind", "")
        leaves.set_leave(db(), person, span=span, kind=kind, by=me(), now=tools().now())
    except InvalidInputError as error:
        return _page(problem=str(error))
    who = "您" if person is me() else person.name
    flash(f"{who}的假请好了：{written(span)}。到时手上的工单会转给替班的人。")
    # Whoever goes leaves a word for each ticket in hand.
    own = person is me() and person.role != Role.ADMIN
    return redirect(url_for("casefile.handover" if own else "staff_leave.show"))


def end(leave_id: int) -> ResponseReturnValue:
    """End a leave, or cancel one to come."""
    leave = leaves.end(db(), leave_id, by=me(), now=tools().now())
    flash("请假已取消。" if leave.cancelled_at else "已经回来上班，新工单会照常分。")
    return redirect(url_for("staff_leave.show"))


def take_back(number: str) -> ResponseReturnValue:
    """Take a ticket back that moved on in an absence."""
    ticket = absence.take_back(db(), me(), number, now=tools().now())
    flash(f"{ticket.number}已接回来，请签收。")
    return redirect(url_for("staff_leave.show"))


def _person() -> Staff:
    asked = request.form.get("staff_id", "")
    if not asked or me().role not in PLANNERS:
        return me()
    if not whole("staff_id"):
        msg = "请选替谁请假。"
        raise InvalidInputError(msg)
    return accounts.get(db(), whole("staff_id"))


def _page(*, problem: str = "") -> ResponseReturnValue:
    now = tools().now()
    tomorrow = (local(now) + timedelta(days=1)).date().isoformat()
    usual = tools().settings.tickets
    people = {person.id: person for person in handlers_of_tickets()}
    stand_ins = substitutes_of(db())
    page = render_template(
        "leaves/show.html",
        coming=leaves.coming(db(), now),
        now=now,
        kinds=leaves.KINDS,
        people=[person for person in people.values() if leaves.may_set(person, me())],
        chains={
            staff_id: [people[it].name for it in chain(staff_id, stand_ins) if it in people]
            for staff_id in people
        },
        may_plan=me().role in PLANNERS,
        may_set=leaves.may_set,
        me=me(),
        given_away=absence.given_away(db(), me(), now),
        holders={person.id: person.name for person in accounts.everybody(db())},
        states=STATE_NAMES,
        away=me().id in presence.away(db(), now),
        written=written,
        values=request.form
        if problem
        else {
            "from_on": tomorrow,
            "until_on": tomorrow,
            "from": usual.workday_start,
            "until": usual.workday_end,
        },
        problems=forms.beside(problem, LABELS) if problem else {},
    )
    return make_response(page, 400 if problem else 200)
