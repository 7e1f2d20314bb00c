"""Where somebody works and what they can carry, for supervisors and admins."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from bot.errors import InvalidInputError, NotFoundError
from bot.people import organisations
from bot.people import staff as accounts
from bot.people.placement import MOST_SUBSTITUTES, Placement, chain, place, substitutes_of
from bot.people.tables import Staff
from bot.tickets.candidates import HANDLERS, loads_of
from bot.tickets.rules import load_rules
from handlers.console import forms
from handlers.console.roster import handlers_of_tickets
from handlers.console.session import db, me, tools

LABELS = {"机构": "organisation_id", "队": "team_id", "上限": "capacity", "替班": "substitutes",
          "电话": "phone"}  # fmt: skip


def make_blueprint() -> Blueprint:
    """Return the page of a person's work."""
    routes = Blueprint("staff_placement", __name__, url_prefix="/staff")
    routes.add_url_rule("/<int:staff_id>/work", view_func=edit, methods=["GET", "POST"])
    return routes


def edit(staff_id: int) -> ResponseReturnValue:
    """Show a person's work, and change it."""
    person = accounts.get(db(), staff_id)
    if person.role not in HANDLERS:
        msg = f"work of {staff_id}"
        raise NotFoundError(msg)
    if request.method == "GET":
        return _form(person, _values(person))
    try:
        place(db(), person, placement=_placement(), by=me(), now=tools().now())
    except InvalidInputError as error:
        return _form(person, request.form, problem=str(error))
    flash(f"{person.name}的工作安排已保存。")
    return redirect(url_for("staff.list_staff"))


def _form(person: Staff, values: MultiDict[str, str], *, problem: str = "") -> ResponseReturnValue:
    colleagues = [it for it in handlers_of_tickets() if it.id != person.id]
    names = {it.id: it.name for it in colleagues}
    everybody = organisations.everybody(db())
    teams = organisations.teams(db())
    page = render_template(
        "staff/work.html",
        person=person,
        values=values,
        organisations=[it for it in everybody if it.active],
        teams=[(it.name, team) for it in everybody for team in teams.get(it.id, [])],
        lanes=load_rules().lanes,
        weights=load_rules().weights,
        load=loads_of(db(), [person.id])[person.id],
        colleagues=colleagues,
        ranks=range(MOST_SUBSTITUTES),
        chain=[names[it] for it in chain(person.id, substitutes_of(db())) if it in names],
        problems=forms.beside(problem, LABELS) if problem else {},
    )
    return make_response(page, 400 if problem else 200)


def _values(person: Staff) -> MultiDict[str, str]:
    values: dict[str, str | list[str]] = {
        "organisation_id": str(person.organisation_id or ""),
        "team_id": str(person.team_id or ""),
        "lanes": list(person.lanes),
        "capacity": str(person.capacity),
        "substitutes": [str(it) for it in person.substitutes],
        "phone": person.phone,
    }
    return MultiDict(values)


def _placement() -> Placement:
    form = request.form
    capacity = form.get("capacity", "").strip()
    return Placement(
        organisation_id=_number(form.get("organisation_id", "")),
        team_id=_number(form.get("team_id", "")),
        lanes=tuple(lane for lane in load_rules().lanes if lane in form.getlist("lanes")),
        capacity=int(capacity) if capacity.isdecimal() else 0,
        substitutes=tuple(int(it) for it in form.getlist("substitutes") if it.isdecimal()),
        phone=form.get("phone", ""),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else None
