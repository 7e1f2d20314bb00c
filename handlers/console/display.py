"""How times and names are written on pages."""

from datetime import datetime

from flask import Flask

from bot.knowledge.topics import load_topics
from bot.people import places
from bot.people.areas import full_name
from bot.people.tables import Role
from bot.workdays import calendar
from handlers.console.session import db, tools

ROLES = {Role.CASEWORKER: "社工", Role.SUPERVISOR: "督导", Role.ADMIN: "管理员"}


def install(app: Flask) -> None:
    """Give templates the filters `moment`, `provisional` and the names of roles, topics, areas."""
    app.jinja_env.filters.update(
        moment=moment, local=local, provisional=provisional,
        role_name=role_name, topic_name=topic_name, area_name=area_name, whole_place=whole_place,
    )  # fmt: skip


def local(at: datetime) -> datetime:
    """Return the moment on the clocks of this installation."""
    return at.astimezone(tools().settings.zone)


def moment(at: datetime | None) -> str:
    """Write a moment as people say it: 今天 10:05, 3月2日 10:05, 2025年3月2日."""
    if at is None:
        return ""
    there, today = local(at), local(tools().now())
    if there.date() == today.date():
        return f"今天 {there:%H:%M}"
    day = f"{there.month}月{there.day}日"
    return f"{day} {there:%H:%M}" if there.year == today.year else f"{there.year}年{day}"


def provisional(at: datetime) -> bool:
    """Say whether a time may shift yet, as the holidays of its year are not announced."""
    return calendar.is_provisional(db(), local(at).year)


def role_name(role: str) -> str:
    """Write a role."""
    return ROLES.get(Role(role), role)


def topic_name(key: str) -> str:
    """Write a topic."""
    return load_topics().name(key)


def area_name(code: str) -> str:
    """Write an area down to the county, the whole country, or a code nobody knows."""
    return "全国" if code == "national" else full_name(code) or code


def whole_place(code: str) -> str:
    """Write a place in full, down to the village."""
    return places.written(db(), code)
