"""The case file of a ticket: a page of its own, and folded up beside the conversation."""

from typing import Any

from flask import Blueprint, flash, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.casefile import attachments, checklists, persons, related
from bot.tickets import scope
from bot.tickets.tables import Ticket
from handlers.console import (
    casefile_attachments,
    casefile_consents,
    casefile_help,
    casefile_people,
    casefile_print,
)
from handlers.console.casefile_forms import back
from handlers.console.session import db, me, tools


def make_blueprint() -> Blueprint:
    """Return the pages of case files."""
    routes = Blueprint("file", __name__)
    routes.add_url_rule("/tickets/<number>/file", "show", show)
    for name, view in (("tick", tick), ("add", add)):
        rule = f"/tickets/<number>/checklist/{name}"
        routes.add_url_rule(rule, name, view, methods=["POST"])
    casefile_attachments.add_routes(routes)
    casefile_consents.add_routes(routes)
    casefile_people.add_routes(routes)
    casefile_print.add_routes(routes)
    casefile_help.add_routes(routes)
    return routes


def show(number: str) -> ResponseReturnValue:
    """Show the case file: all of the page, or the part that stands beside a conversation."""
    ticket = scope.find(db(), number, staff=me())
    part = "HX-Request" in request.headers
    template = "casefile/_file.html" if part else "casefile/file.html"
    # Where a form goes back to: beside the conversation, or to this page.
    beside = url_for("tickets.show", number=number, pane="details")
    here = beside if part else url_for("file.show", number=number)
    return render_template(template, part=part, here=here, **file_page(ticket))


def file_page(ticket: Ticket) -> dict[str, Any]:
    """Return everything the case file shows."""
    return {
        "ticket": ticket,
        "checklist": checklists.of_ticket(db(), ticket),
        "attachments": attachments.of_ticket(db(), ticket),
        "known": persons.of_ticket(db(), ticket, me()),
        "related": related.of_ticket(db(), ticket, me()),
        **casefile_consents.side(ticket),
        "relations": persons.RELATIONS,
        "now_year": tools().now().year,
    }


def tick(number: str) -> ResponseReturnValue:
    """Tick a line, or take the tick back."""
    ticket = scope.find(db(), number, staff=me())
    key, done = request.form.get("key", ""), request.form.get("done") == "1"
    checklists.tick(db(), ticket, key, done=done, by=me(), now=tools().now())
    return _checklist(ticket)


def add(number: str) -> ResponseReturnValue:
    """Add a line of one's own."""
    ticket = scope.find(db(), number, staff=me())
    text = request.form.get("text", "")
    checklists.add(db(), ticket, text, by=me(), now=tools().now())
    return _checklist(ticket, "加上了。")


def _checklist(ticket: Ticket, said: str = "") -> ResponseReturnValue:
    """The list in its place, or the page it stands on."""
    if "HX-Request" in request.headers:
        found = checklists.of_ticket(db(), ticket)
        page = render_template("casefile/_checklist.html", ticket=ticket, checklist=found)
        return make_response(page)
    if said:
        flash(said)
    return back(url_for("file.show", number=ticket.number))
