"""Numbers of reports, as staff read them."""

from collections.abc import Iterable, Mapping
from datetime import date

from flask.sansio.app import App
from sqlalchemy import select

from bot.knowledge.topics import load_topics
from bot.people.areas import short_name
from bot.people.tables import Scene, Staff, Team
from bot.tickets.narrow import NONE
from handlers.console.session import db

HOUR, MINUTE = 3600, 60
WORKDAY_HOURS = 9
NOBODY = {
    "area": "地点不明",
    "scene": "没有扫码",
    "person": "没有人负责",
    "team": "不在团队",
    "language": "不明",
    "topic": "不明",
}


def install(app: App) -> None:
    """Give templates the filters `worked`, `percent`, `change` and `cn_day`."""
    app.jinja_env.filters.update(worked=worked, percent=percent, change=change, cn_day=cn_day)


def cn_day(day: date) -> str:
    """Write a day in full."""
    return f"{day.year}年{day.month}月{day.day}日"


def worked(seconds: int | None) -> str:
    """Write working time: 35分, 3小时20分, 21小时."""
    if seconds is None:
        return "—"
    hours, minutes = seconds // HOUR, seconds % HOUR // MINUTE
    if hours >= WORKDAY_HOURS or (hours and not minutes):
        return f"{round(seconds / HOUR)}小时"
    return f"{hours}小时{minutes}分" if hours else f"{minutes}分"


def percent(share: float | None) -> str:
    """Write a share."""
    return "—" if share is None else f"{share * 100:.1f}".removesuffix(".0") + "%"


def change(now: int, before: int) -> str:
    """Write how a count stands to the period before."""
    if not before:
        return "上期没有" if now else ""
    share = round((now - before) * 100 / before)
    return f"比上期{'多' if share > 0 else '少'}{abs(share)}%" if share else "与上期一样"


def names_of(dimension: str, keys: Iterable[str]) -> Mapping[str, str]:
    """Return what staff call each value of a dimension."""
    wanted = [key for key in keys if key not in {"", NONE}]
    known = _names(dimension, wanted)
    return {NONE: NOBODY.get(dimension, "不明")} | {key: known.get(key) or key for key in wanted}


def _names(dimension: str, keys: list[str]) -> Mapping[str, str]:
    if dimension == "area":
        return {key: short_name(key) for key in keys}
    if dimension == "topic":
        topics = load_topics()
        return {key: "还没分清" if key == NONE else topics.name(key) for key in keys}
    if dimension in {"person", "team"}:
        table = Staff if dimension == "person" else Team
        ids = [int(key) for key in keys]
        rows = db().execute(select(table.id, table.name).where(table.id.in_(ids)))
        return {str(number): name for number, name in rows}
    if dimension == "scene":
        rows = db().execute(select(Scene.code, Scene.name).where(Scene.code.in_(keys)))
        return {str(code): name for code, name in rows}
    return {}


def prefecture(code: str) -> str:
    """Return the code of the prefecture a county lies in."""
    return f"{code[:4]}00"


def short(code: str) -> str:
    """Write a prefecture as people call it."""
    return short_name(code) or code
