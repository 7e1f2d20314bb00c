"""The supervisor's board: what waits, what is late, who carries what, this minute."""

from typing import Any

from flask import Blueprint, render_template, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from bot.reports import svg
from bot.reports.live import Board, board, narrowed
from bot.tickets.scope import colleagues, in_charge, visible
from bot.tickets.words import URGENCIES
from handlers.console.narrow_words import CLOCKS, WANTS
from handlers.console.session import db, me, tools
from handlers.console.tickets import if_changed
from handlers.console.tickets_words import span

LABELS = {
    "crisis": ("危机没人签收", "exclamation-octagon"),
    "overdue": ("回复超时", "alarm"),
    "queue": ("未分派", "collection"),
    "approvals": ("等我批", "check2-square"),
    "supervised": ("督办中", "eye"),
    "new": ("待签收", "inbox"),
    "working": ("办理中", "briefcase"),
    "waiting": ("等居民", "hourglass-split"),
    "partner": ("协办中", "people"),
    "done": ("已办待确认", "chat-left-dots"),
}
URGENT = frozenset({"crisis", "overdue"})


def make_blueprint() -> Blueprint:
    """Return the pages of supervision."""
    routes = Blueprint("supervise", __name__, url_prefix="/supervise")
    routes.add_url_rule("/", view_func=show)
    routes.add_url_rule("/live", view_func=live)
    routes.record_once(_install_words)
    return routes


def show() -> ResponseReturnValue:
    """Show how things stand."""
    return render_template("supervise/show.html", **_parts())


def live() -> ResponseReturnValue:
    """Return how things stand now; nothing (204) when the page has it already."""
    parts = _parts()
    return if_changed(render_template("supervise/live.html", **parts), str(parts["alarms"]))


def _parts() -> dict[str, Any]:
    now = tools().now()
    found = board(db(), in_charge(me()), readable=visible(me()), whose=colleagues(me()), now=now)
    return {
        "board": found,
        "labels": LABELS,
        "urgent": URGENT,
        "clock_names": CLOCKS,
        "wants": WANTS,
        "urgencies": URGENCIES,
        "behind": behind,
        "load": _load(found),
        "now": now,
        "alarms": found.numbers["crisis"] + found.numbers["overdue"],
    }


def behind(name: str) -> str:
    """Return the address of the list behind a number of the board."""
    values: dict[str, Any] = dict(narrowed(name).values)
    return url_for("tickets.mine", view="all", **values)


def _load(found: Board) -> Markup:
    """Draw what everybody carries against what they can."""
    people = found.people[:12]
    bars = [
        svg.Bar(
            it.name,
            it.load.weight,
            f"{it.load.weight}/{it.capacity}",
            kind="c6" if it.full else "c1",
            mark=float(it.capacity),
        )
        for it in people
    ]
    said = "，".join(f"{it.name}手上{it.load.count}件，重{it.load.weight}" for it in people)
    words = svg.Words("load", "每人手上多重（竖线是能担多少）", said)
    return Markup(svg.bars(words, bars))  # noqa: S704 (svg.py escapes every text)


def _install_words(state: BlueprintSetupState) -> None:
    state.app.jinja_env.filters["since"] = lambda at, now: span(now - at)
