"""The reports of weeks, as they were frozen; each can be counted again and printed."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from bot.errors import NotFoundError
from bot.reports import weekly
from bot.reports.cells import hidden
from bot.reports.periods import Period
from bot.reports.tables import ReportSnapshot
from bot.tickets import hours
from bot.tickets.words import CLOSE_CODES
from handlers.console.reports import behind
from handlers.console.reports_words import names_of
from handlers.console.session import db, me, tools

TABLES = (
    ("topics", "topic", "事项"),
    ("areas", "area", "县区"),
    ("languages", "language", "语言"),
)


def make_blueprint() -> Blueprint:
    """Return the pages of weekly reports."""
    routes = Blueprint("reports_weekly", __name__, url_prefix="/reports/weekly")
    routes.add_url_rule("/", "list_reports", list_reports)
    routes.add_url_rule("/<int:report_id>", "show", show)
    return routes


def list_reports() -> ResponseReturnValue:
    """Show every week there is a report of."""
    reports = weekly.all_made(db()) if weekly.may_see(db(), me()) else ()
    return render_template("reports/weeks.html", reports=reports)


def show(report_id: int) -> ResponseReturnValue:
    """Show a report as it was made, and whether the log still gives the same."""
    report = db().get(ReportSnapshot, report_id)
    if report is None or report.kind != weekly.KIND or not weekly.may_see(db(), me()):
        raise NotFoundError(str(report_id))
    period = Period(report.first, report.last)
    before = weekly.find(db(), period.before())
    office = hours.office(db(), tools().settings)
    zone = tools().settings.zone
    return render_template(
        "reports/week.html",
        report=report,
        it=report.content,
        before=before.content if before else None,
        same=weekly.counted_again(db(), report, office=office) == report.digest,
        tables=[_table(report.content, *table) for table in TABLES],
        code_names=CLOSE_CODES,
        came=behind(period, "", zone=zone),
        went=behind(period, "closed_", zone=zone),
    )


def _table(content: Mapping[str, Any], name: str, key: str, label: str) -> Mapping[str, Any]:
    counts: Mapping[str, int] = content[name]
    cells = {**counts, "": content["opened"]}
    # Topics are no traits of people; small counts of them are only marked.
    gone = hidden(cells, [dict.fromkeys(counts, 1) | {"": -1}]) if key != "topic" else frozenset()
    rows = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return {"key": key, "label": label, "rows": rows, "gone": gone, "names": names_of(key, counts)}
