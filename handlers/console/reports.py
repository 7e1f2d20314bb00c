"""The numbers of a period, for supervisors; each opens the list behind it."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from bot.reports import periods
from bot.reports.breakdown import Breakdown, Row, breakdown
from bot.reports.dimensions import DIMENSIONS
from bot.reports.measures import Asked, asked_by, ended_count, opened
from bot.reports.periods import CUSTOM, Period
from bot.reports.topics import hot
from bot.reports.trend import trend
from bot.tickets import narrow as narrowing
from bot.tickets.bounds import fits
from bot.tickets.narrow import Narrow
from bot.tickets.scope import in_charge
from bot.tickets.words import CLOSE_CODES
from bot.workdays import calendar
from handlers.console import reports_pictures as pictures
from handlers.console import reports_words
from handlers.console.narrow_words import narrow_words
from handlers.console.reports_words import names_of
from handlers.console.session import db, me, tools

OWN_DAYS = frozenset({"from", "to", "resolved_from", "resolved_to", "closed_from", "closed_to"})
"""What the period says already."""
EQUAL = ("language", "area")
Link = Callable[..., str]


def make_blueprint() -> Blueprint:
    """Return the pages of numbers."""
    routes = Blueprint("reports", __name__, url_prefix="/reports")
    routes.add_url_rule("/", view_func=show)
    routes.add_url_rule("/equal", view_func=equal)
    routes.record_once(_install_words)
    return routes


def show() -> ResponseReturnValue:
    """Show the period at a glance, and told apart by one dimension."""
    period, narrow = _period(), _narrow()
    asked = _asked(narrow)
    by = DIMENSIONS.get(request.args.get("by", ""), DIMENSIONS["topic"])
    table = breakdown(asked, period, by)
    before = period.before()
    topics = hot(asked, period)
    moved = trend(asked, period)
    names = names_of(by.key, (row.key for row in table.rows))
    topic_names = names_of("topic", (topic.key for topic in topics))
    return render_template(
        "reports/show.html",
        **_frame(period, narrow, active=by.key),
        table=table,
        names=names,
        by=by,
        now=Row("", table.total.opened, table.total.ended),  # all together hides nobody
        before={"opened": opened(asked, before)[""], "ended": ended_count(asked, before)},
        codes=moved.codes,
        code_names=CLOSE_CODES,
        topics=topics,
        topic_names=topic_names,
        days=moved.days,
        flow=pictures.flow(moved.days),
        topic_bars=pictures.topics(topics, topic_names),
        area_map=pictures.places(table.rows) if by.key == "area" else None,
    )


def equal() -> ResponseReturnValue:
    """Show whether everybody is served alike, whatever they speak and wherever they live."""
    period, narrow = _period(), _narrow()
    asked = _asked(narrow)
    tables = [_equal(asked, period, key) for key in EQUAL]
    return render_template("reports/equal.html", **_frame(period, narrow, "equal"), tables=tables)


def _equal(asked: Asked, period: Period, key: str) -> Mapping[str, Any]:
    table: Breakdown = breakdown(asked, period, DIMENSIONS[key])
    names = names_of(key, (row.key for row in table.rows))
    return {
        "by": table.by,
        "table": table,
        "names": names,
        "alarms": table.waits_twice(),
        "picture": pictures.waits(table.rows, names, key),
    }


def _asked(narrow: Narrow) -> Asked:
    return asked_by(
        db(), in_charge(me()), narrow=narrow, now=tools().now(), settings=tools().settings
    )


def _period() -> Period:
    today = calendar.today(tools().now(), tools().settings)
    name = request.args.get("period", "")
    first, last = (_day(request.args.get(key, "")) for key in ("first", "last"))
    if name == CUSTOM and first and last:
        return periods.custom(first, last)
    return periods.named(name, today)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if fits(day) else None


def _narrow() -> Narrow:
    kept = {key: value for key, value in request.args.items() if key not in OWN_DAYS}
    return narrowing.read(kept, zone=tools().settings.zone)


def _frame(period: Period, narrow: Narrow, active: str) -> dict[str, Any]:
    """What every page of numbers has: the period, what narrows it, and how links are made."""
    kept = dict(narrow.values)
    span = {"first": period.first.isoformat(), "last": period.last.isoformat()}
    chosen = request.args.get("period", periods.DEFAULT)
    here = kept | {"period": chosen} | (span if chosen == CUSTOM else {})
    return {
        "period": period,
        "previous": period.before(),
        "periods": {name: label for name, (label, _) in periods.NAMED.items()},
        "chosen": chosen,
        "custom": CUSTOM,
        "narrowed": narrow_words(narrow),
        "kept": kept,
        "dimensions": DIMENSIONS,
        "active": active,
        "here": here,
        "came": _behind(narrow, period, ""),
        "went": _behind(narrow, period, "closed_"),
    }


def behind(period: Period, prefix: str, *, zone: ZoneInfo) -> Link:
    """Return how the list behind a number of these days is reached."""
    return _behind(narrowing.read({}, zone=zone), period, prefix)


def _behind(narrow: Narrow, period: Period, prefix: str) -> Link:
    """Return how the list behind a number is reached: opened, or closed, in the period."""
    days = {f"{prefix}from": period.first.isoformat(), f"{prefix}to": period.last.isoformat()}
    kept = dict(narrow.values) | days
    everything = url_for("tickets.mine", view="all")
    usual = f"{everything}&{urlencode(kept)}"  # hundreds of links on a page begin with it

    def link(**keys: str) -> str:
        said = {key: value for key, value in keys.items() if value}
        if said.keys() & kept.keys():
            return f"{everything}&{urlencode(kept | said)}"
        return f"{usual}&{urlencode(said)}" if said else usual

    return link


def _install_words(state: BlueprintSetupState) -> None:
    reports_words.install(state.app)
