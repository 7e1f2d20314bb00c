"""Two people on one ticket: whoever comes second loses nothing and decides with open eyes."""

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.desk import changes
from handlers.console.session import db, me
from handlers.console.tickets_desk import desk
from handlers.console.tickets_drafts import known_id, not_sent
from handlers.console.tickets_page import ticket_page


def ask_first(number: str, text: str, problem: str, *, version: int) -> ResponseReturnValue:
    """Show what changed beside what was typed; sending again is then meant."""
    parts = desk() | ticket_page(number) | {"typed": text, "conflict": problem}
    parts["changes"] = changes.since(db(), parts["ticket"], version=version, staff=me())
    if "HX-Request" in request.headers:
        response = make_response(render_template("tickets/changed.html", **parts), 409)
        response.headers["HX-Reswap"] = "none"
        return response
    return make_response(render_template("tickets/desk.html", **parts), 409)


def went_away(number: str, text: str) -> ResponseReturnValue:
    """
    Keep the text of somebody whose ticket is no longer theirs to see.

    Raises:
        NotFoundError: there never was such a ticket, or they never knew of it.
    """
    not_sent(known_id(number), "reply.text", text)
    if "HX-Request" in request.headers:
        response = make_response(render_template("tickets/_lost.html", number=number))
        response.headers["HX-Reswap"] = "none"
        return response
    flash(f"{number} 刚转给别人，没有发出。您写的字在这里，可以复制给接手的同事。")
    return redirect(url_for("tickets.drafts"), 303)
