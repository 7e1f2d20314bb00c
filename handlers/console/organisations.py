"""Organisations, their teams and working hours, for admins."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from bot.errors import InvalidInputError
from bot.people import organisations, places
from bot.people.areas import full_name, load_areas
from bot.people.organisations import Details
from bot.people.tables import Organisation, Staff
from handlers.console import forms
from handlers.console.session import db, me, tools

LABELS = {"机构名称": "name", "地区": "area", "电话": "phone", "队名": "team", "上班时间": "hours"}


def make_blueprint() -> Blueprint:
    """Return the pages of organisations."""
    routes = Blueprint("staff_organisations", __name__, url_prefix="/organisations")
    routes.add_url_rule("/", view_func=list_organisations)
    routes.add_url_rule("/hours", view_func=general_hours, methods=["POST"])
    routes.add_url_rule("/new", view_func=add, methods=["GET", "POST"])
    routes.add_url_rule("/<int:organisation_id>", view_func=edit, methods=["GET", "POST"])
    routes.add_url_rule("/<int:organisation_id>/teams", view_func=add_team, methods=["POST"])
    return routes


def list_organisations() -> ResponseReturnValue:
    """Show all organisations, and the hours that hold for everybody else."""
    return _list()


def general_hours() -> ResponseReturnValue:
    """Set the hours of whoever has none of their own."""
    text = request.form.get("hours", "")
    try:
        organisations.set_hours(db(), None, text=text, by=me(), now=tools().now())
    except InvalidInputError as error:
        return _list(problem=str(error))
    flash("上班时间已保存，以后新算的期限按新的时间。")
    return redirect(url_for("staff_organisations.list_organisations"))


def add() -> ResponseReturnValue:
    """Add an organisation."""
    return _form(None) if request.method == "GET" else _save(None)


def edit(organisation_id: int) -> ResponseReturnValue:
    """Show an organisation, and change it."""
    organisation = organisations.get(db(), organisation_id)
    return _form(organisation) if request.method == "GET" else _save(organisation)


def add_team(organisation_id: int) -> ResponseReturnValue:
    """Add a team."""
    organisation = organisations.get(db(), organisation_id)
    name = request.form.get("team", "")
    try:
        organisations.add_team(db(), organisation, name=name, by=me(), now=tools().now())
    except InvalidInputError as error:
        return _form(organisation, problem=str(error))
    flash(f"加了{name.strip()}。到“人员”里给每个人选队。")
    return redirect(url_for("staff_organisations.edit", organisation_id=organisation_id))


def _save(organisation: Organisation | None) -> ResponseReturnValue:
    form, now = request.form, tools().now()
    try:
        details = Details(
            name=form.get("name", ""),
            area_code=_area(form.get("area", "")),
            phone=form.get("phone", ""),
            active=form.get("active", "1") == "1",
        )
        saved = organisations.save(db(), organisation, details=details, by=me(), now=now)
        text = form.get("hours", "")
        organisations.set_hours(db(), saved.id, text=text, by=me(), now=now)
    except InvalidInputError as error:
        return _form(organisation, problem=str(error), typed=True)
    flash(f"{saved.name}已保存。")
    return redirect(url_for("staff_organisations.list_organisations"))


def _area(text: str) -> str:
    code = places.find(db(), text) if text.strip() else ""
    if text.strip() and not code:
        msg = f"没有找到地区“{text.strip()}”，请写州市、县区，或导入过的乡镇、村。"
        raise InvalidInputError(msg)
    return code


def _hours_text(organisation_id: int | None) -> str:
    return "\n".join(f"{a}-{b}" for a, b in organisations.hours(db(), organisation_id))


def _list(*, problem: str = "") -> ResponseReturnValue:
    everybody = organisations.everybody(db())
    count = select(Staff.organisation_id, func.count()).where(Staff.active)
    tickets = tools().settings.tickets
    page = render_template(
        "organisations/list.html",
        everybody=everybody,
        teams=organisations.teams(db()),
        hours={it.id: organisations.hours(db(), it.id) for it in everybody},
        people={row[0]: row[1] for row in db().execute(count.group_by(Staff.organisation_id))},
        where={it.id: places.written(db(), it.area_code) for it in everybody},
        general=request.form.get("hours", "") if problem else _hours_text(None),
        usual=f"{tickets.workday_start}-{tickets.workday_end}",
        problems=forms.beside(problem, LABELS) if problem else {},
    )
    return make_response(page, 400 if problem else 200)


def _form(
    organisation: Organisation | None, *, problem: str = "", typed: bool = False
) -> ResponseReturnValue:
    values: dict[str, str] = {"active": "1"}
    if organisation is not None:
        values = {
            "name": organisation.name,
            "area": places.written(db(), organisation.area_code),
            "phone": organisation.phone,
            "active": "1" if organisation.active else "0",
            "hours": _hours_text(organisation.id),
        }
    page = render_template(
        "organisations/form.html",
        organisation=organisation,
        teams=organisations.teams(db()).get(organisation.id, []) if organisation else [],
        values=request.form if typed else values,
        team=request.form.get("team", ""),
        areas=[full_name(code) for code in load_areas().by_code],
        problems=forms.beside(problem, LABELS) if problem else {},
    )
    return make_response(page, 400 if problem else 200)
