"""The accounts of staff, for admins."""

from collections.abc import Sequence

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from bot.errors import InvalidInputError
from bot.knowledge.topics import load_topics
from bot.notices.accounts import tell_of_account
from bot.people import organisations, places
from bot.people import staff as accounts
from bot.people.areas import full_name, load_areas
from bot.people.presence import away
from bot.people.signin import second
from bot.people.tables import Role, Staff
from bot.tickets.candidates import loads_of
from bot.understanding.scripts import load_languages
from handlers.console.display import ROLES
from handlers.console.forms import beside, words
from handlers.console.session import db, me, tools

LABELS = {"登录名": "login", "姓名": "name", "服务领域": "services", "地区": "areas"}
LANGUAGES = load_languages().staff


def make_blueprint() -> Blueprint:
    """Return the pages of accounts."""
    routes = Blueprint("staff", __name__, url_prefix="/staff")
    routes.add_url_rule("/", view_func=list_staff)
    routes.add_url_rule("/new", view_func=add, methods=["GET", "POST"])
    routes.add_url_rule("/<int:staff_id>", view_func=edit, methods=["GET", "POST"])
    routes.add_url_rule("/<int:staff_id>/password", view_func=reset, methods=["POST"])
    routes.add_url_rule("/<int:staff_id>/second", view_func=reset_second, methods=["POST"])
    routes.add_url_rule("/<int:staff_id>/active", view_func=set_active, methods=["POST"])
    routes.add_url_rule("/<int:staff_id>/duty", view_func=set_duty, methods=["POST"])
    return routes


def list_staff() -> ResponseReturnValue:
    """Show every account with what the person has in hand; only admins change accounts."""
    people, now = accounts.everybody(db()), tools().now()
    names = {person.id: person.name for person in people}
    return render_template(
        "staff/list.html",
        people=people,
        now=now,
        away=away(db(), now),
        loads=loads_of(db(), list(names)),
        organisations={it.id: it.name for it in organisations.everybody(db())},
        stand_ins={
            it.id: [names[other] for other in it.substitutes if other in names] for it in people
        },
    )


def add() -> ResponseReturnValue:
    """Open an account, and show its first password once."""
    if request.method == "GET":
        return _form(MultiDict({"role": Role.CASEWORKER}))
    try:
        person, password = accounts.create(
            db(), request.form.get("login", ""), profile=_profile(), by=me(), now=tools().now()
        )
    except InvalidInputError as error:
        return _form(request.form, problem=str(error))
    _tell(person, "create")
    return render_template("staff/password.html", person=person, password=password, new=True)


def edit(staff_id: int) -> ResponseReturnValue:
    """Show an account, and change what the person handles."""
    person = accounts.get(db(), staff_id)
    if request.method == "GET":
        return _form(_values(person), person=person)
    was = person.role
    try:
        accounts.update_profile(db(), person, profile=_profile(), by=me(), now=tools().now())
    except InvalidInputError as error:
        return _form(request.form, person=person, problem=str(error))
    if person.role != was:
        _tell(person, "role")
    flash(f"{person.name}的资料已保存。")
    return redirect(url_for("staff.list_staff"))


def reset(staff_id: int) -> ResponseReturnValue:
    """Make a new first password and show it once."""
    person = accounts.get(db(), staff_id)
    password = accounts.reset_password(db(), person, by=me(), now=tools().now())
    _tell(person, "password")
    return render_template("staff/password.html", person=person, password=password, new=False)


def reset_second(staff_id: int) -> ResponseReturnValue:
    """Take the second factor away from somebody who lost phone and paper."""
    person = accounts.get(db(), staff_id)
    second.reset(db(), person, by=me(), now=tools().now())
    _tell(person, "second")
    flash(f"{person.name}的两步验证已重设，所有登录都已退出。请确认是本人要求的。")
    return redirect(url_for("staff.edit", staff_id=staff_id))


def set_active(staff_id: int) -> ResponseReturnValue:
    """Shut an account, or open it again."""
    person = accounts.get(db(), staff_id)
    if request.form.get("on") == "1":
        accounts.reactivate(db(), person, by=me(), now=tools().now())
        _tell(person, "active")
        flash(f"{person.name}的账号已启用，用原来的密码登录；忘了就重设。")
    else:
        accounts.deactivate(db(), person, by=me(), now=tools().now())
        flash(f"{person.name}的账号已停用，所有登录都已退出。手上的工单请督导改派。")
    return redirect(url_for("staff.edit", staff_id=staff_id))


def set_duty(staff_id: int) -> ResponseReturnValue:
    """Say whether somebody takes new tickets now."""
    person = accounts.get(db(), staff_id)
    on = request.form.get("on") == "1"
    accounts.set_duty(db(), person, on=on, by=me(), now=tools().now())
    flash(f"{person.name}{'已上班，会分到新工单' if on else '已下班，不再分新工单'}。")
    home = "staff.list_staff" if me().role == Role.ADMIN else "home"
    return redirect(url_for(home))


def _tell(person: Staff, deed: str) -> None:
    tell_of_account(db(), person, deed=deed, by=me(), now=tools().now())


def _form(
    values: MultiDict[str, str], *, person: Staff | None = None, problem: str = ""
) -> ResponseReturnValue:
    page = render_template(
        "staff/form.html",
        values=values,
        person=person,
        problems=beside(problem, LABELS) if problem else {},
        role_names=ROLES,
        services=load_topics().services,
        areas=[full_name(code) for code in load_areas().by_code],
        languages=LANGUAGES,
        second=person is not None and second.has(db(), person.id),
    )
    return make_response(page, 400 if problem else 200)


def _values(person: Staff) -> MultiDict[str, str]:
    values: dict[str, str | list[str]] = {
        "name": person.name,
        "role": person.role,
        "services": person.services,
        "areas": "、".join(places.written(db(), code) for code in person.area_codes),
        "languages": person.languages,
    }
    return MultiDict(values)


def _profile() -> accounts.Profile:
    role = request.form.get("role", "")
    if role not in set(Role):
        msg = "请选择一个角色。"
        raise InvalidInputError(msg)
    return accounts.Profile(
        name=request.form.get("name", ""),
        role=Role(role),
        services=tuple(request.form.getlist("services")),
        area_codes=_codes(words(request.form.get("areas", ""))),
        languages=tuple(
            language for language in LANGUAGES if language in request.form.getlist("languages")
        ),
    )


def _codes(names: Sequence[str]) -> tuple[str, ...]:
    codes = {name: places.find(db(), name) for name in names}
    unknown = [name for name, code in codes.items() if not code]
    if unknown:
        msg = (
            f"没有找到地区“{unknown[0]}”，请写州市、县区，或导入过的乡镇、村，例如 昆明市官渡区。"
        )
        raise InvalidInputError(msg)
    return tuple(dict.fromkeys(codes.values()))
