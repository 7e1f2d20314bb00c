"""The record of who did and saw what; who may see what."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from bot.people import staff
from bot.reports.deeds import Deed, Wanted, deeds
from bot.tickets import scope
from handlers.console import audit_words
from handlers.console.access import RULES, SCOPES
from handlers.console.session import db, me

PER_PAGE = 50
LONGEST_NUMBER = 20


def make_blueprint() -> Blueprint:
    """Return the pages of the record, and of who may see what."""
    routes = Blueprint("audit", __name__, url_prefix="/audit")
    routes.add_url_rule("/", view_func=list_events)
    routes.add_url_rule("/access", view_func=show_access)
    routes.add_url_rule("/tickets/<number>", view_func=of_ticket)
    return routes


def list_events() -> ResponseReturnValue:
    """Show who did and saw what, newest first."""
    page = max(1, request.args.get("page", 1, type=int))
    wanted = Wanted(
        request.args.get("person", type=int),
        request.args.get("deed", ""),
        request.args.get("ticket", "").strip()[:LONGEST_NUMBER],
    )
    rows = deeds(db(), wanted, page=page, per_page=PER_PAGE)
    return render_template(
        "audit/list.html",
        **_lines(rows, page),
        wanted=wanted,
        names=audit_words.DEEDS,
        people=staff.everybody(db()),
    )


def of_ticket(number: str) -> ResponseReturnValue:
    """Show who looked at a ticket and did what with it, to whoever supervises it."""
    ticket = scope.find(db(), number, staff=me(), unread=True)
    page = max(1, request.args.get("page", 1, type=int))
    rows = deeds(db(), Wanted(ticket=ticket.number), page=page, per_page=PER_PAGE)
    return render_template("audit/ticket.html", **_lines(rows, page), ticket=ticket)


def _lines(rows: list[Deed], page: int) -> dict[str, object]:
    return {
        "rows": rows[:PER_PAGE],
        "more": len(rows) > PER_PAGE,
        "page": page,
        "deed_name": audit_words.deed_name,
        "detail": audit_words.detail,
    }


def show_access() -> ResponseReturnValue:
    """Show the table of who may see what, in words."""
    return render_template("audit/access.html", rules=RULES, scopes=SCOPES)
