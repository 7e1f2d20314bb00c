"""How a person wants to be told."""

from collections.abc import Mapping

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.errors import InvalidInputError
from bot.notices import binding, preferences, trouble
from bot.notices.preferences import OUTSIDE, Preference
from bot.notices.tables import Channel
from bot.people.tables import Role
from handlers.console.forms import beside
from handlers.console.session import db, me, tools

LABELS = {
    "提醒顺序": "order",
    "等几分钟": "next_minutes",
    "邮箱": "email",
    "企业微信账号": "wecom_user",
    "免打扰": "quiet",
}
_LONGEST = 4


def add_routes(routes: Blueprint) -> None:
    """Add the page of a person's channels."""
    routes.add_url_rule("/notices/ways", "ways", ways)
    routes.add_url_rule("/notices/ways", "save_ways", save_ways, methods=["POST"])


def ways() -> ResponseReturnValue:
    """Show how the person is told, and what does not work."""
    wanted = preferences.of(db(), me().id, tools().settings)
    return render_template("notices/ways.html", typed=_as_typed(wanted), **_page())


def save_ways() -> ResponseReturnValue:
    """Keep what the person chose; a mistake is said beside its field."""
    typed = {name: request.form.get(name, "").strip() for name in _fields()}
    try:
        preferences.save(db(), me().id, _wanted(typed))
    except InvalidInputError as error:
        problems = beside(str(error), LABELS)
        page = render_template("notices/ways.html", typed=typed, problems=problems, **_page())
        return make_response(page, 400)
    flash("提醒方式已保存。可以点“发一条测试提醒”试一下。")
    return redirect(url_for("notices.ways"), 303)


def _page() -> dict[str, object]:
    admin = me().role == Role.ADMIN
    settings = tools().settings
    return {
        "offered": preferences.offered(settings),
        "outside": OUTSIDE,
        "bound": binding.bound(db(), me().id),
        "binding_days": settings.alerts.binding_days,
        "urgent_minutes": settings.alerts.urgent_next_channel_minutes,
        "troubles": trouble.everybodys(db(), staff_id=me().id),
        "others": trouble.everybodys(db()) if admin else [],
    }


def _fields() -> tuple[str, ...]:
    order = tuple(f"order{place}" for place in range(1, len(OUTSIDE) + 1))
    return (*order, "next_minutes", "quiet_from", "quiet_until", "email", "wecom_user")


def _as_typed(wanted: Preference) -> Mapping[str, str]:
    order = {f"order{place}": str(way) for place, way in enumerate(wanted.channels, start=1)}
    return (
        dict.fromkeys(_fields(), "")
        | order
        | {
            "next_minutes": str(wanted.next_minutes),
            "quiet_from": wanted.quiet_from,
            "quiet_until": wanted.quiet_until,
            "email": wanted.email,
            "wecom_user": wanted.wecom_user,
        }
    )


def _wanted(typed: Mapping[str, str]) -> Preference:
    order = [typed[name] for name in _fields() if name.startswith("order") and typed[name]]
    if not set(order) <= set(OUTSIDE):
        msg = "提醒顺序请从列表里选。"
        raise InvalidInputError(msg)
    minutes = typed["next_minutes"]
    return Preference(
        channels=tuple(Channel(name) for name in order),
        # What is no number is out of range, and said so beside the field.
        next_minutes=int(minutes) if minutes.isdecimal() and len(minutes) <= _LONGEST else 0,
        quiet_from=typed["quiet_from"],
        quiet_until=typed["quiet_until"],
        email=typed["email"],
        wecom_user=typed["wecom_user"],
    )
