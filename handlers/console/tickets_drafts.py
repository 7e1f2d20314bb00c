"""What is typed on a ticket's page and not sent yet, and who is there while it is typed."""

import re
from collections.abc import Callable
from functools import wraps

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy import exists, or_, select

from bot.audit import AuditEvent, of_ticket
from bot.desk import drafts, presence
from bot.desk.drafts import Box, Sending
from bot.desk.tables import Draft, Presence
from bot.errors import InvalidInputError, NotFoundError
from bot.notices.tables import StaffNotice
from bot.tickets import scope
from bot.tickets.tables import Ticket, TicketEvent
from handlers.console.security import REFUSED
from handlers.console.session import db, me, tools

Deed = Callable[[str], ResponseReturnValue]
KIND = re.compile(r"[a-z-]{1,16}\.[a-z_-]{1,20}")
PAGE = re.compile(r"[\w-]{8,40}")
SHOWN = re.compile(r"(\d{1,18})\.(\d{1,9})")
ANSWER = "reply."
HIDDEN = frozenset({"csrf_token", "version", "once", "draft"})


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of drafts and presence."""
    routes.add_url_rule("/drafts", "drafts", show_drafts)
    routes.add_url_rule("/drafts/<int:draft_id>/drop", "drop_draft", drop, methods=["POST"])
    for name, path, view in (
        ("keep_draft", "drafts/<kind>", keep),
        ("here", "here", here),
        ("left", "left", left),
    ):
        routes.add_url_rule(f"/tickets/<number>/{path}", name, view, methods=["POST"])


def show_drafts() -> ResponseReturnValue:
    """Show everything this person wrote and did not send."""
    return render_template("tickets/drafts.html", kept=drafts.of(db(), me()))


def drop(draft_id: int) -> ResponseReturnValue:
    """Delete a draft by its author's hand."""
    drafts.drop(db(), draft_id, staff=me())
    flash("草稿已删除。")
    return redirect(url_for("tickets.drafts"), 303)


def keep(number: str, kind: str) -> ResponseReturnValue:
    """
    Keep what stands in a box now.

    Also where the ticket went to somebody else a moment ago: the text is its
    author's own.
    """
    if not KIND.fullmatch(kind):
        raise NotFoundError(number)
    ticket_id, now = known_id(number), tools().now()
    kept = drafts.keep(db(), box_of(ticket_id, kind), request.form.get("text", ""), now=now)
    if kept is None:
        presence.stop_typing(db(), ticket_id=ticket_id, staff_id=me().id)
    elif kind.startswith(ANSWER) and db().scalar(scope.of_number(number, me())):
        presence.look(db(), ticket_id=ticket_id, staff_id=me().id, now=now, typing=True)
    return "", 204


def here(number: str) -> ResponseReturnValue:
    """Note that this person has the ticket open, while it is theirs to see."""
    ticket = db().scalar(scope.of_number(number, me()))
    if ticket is not None:
        presence.look(db(), ticket_id=ticket.id, staff_id=me().id, now=tools().now())
    return "", 204


def left(number: str) -> ResponseReturnValue:
    """Note that this person closed the ticket."""
    presence.leave(db(), ticket_id=known_id(number), staff_id=me().id)
    return "", 204


def letting_go(name: str, deed: Deed) -> Deed:
    """Return the deed, after which the drafts of what it sent are gone."""

    @wraps(deed)
    def done(number: str) -> Response:
        response = current_app.make_response(deed(number))
        page = request.form.get("once", "")
        if response.status_code < REFUSED and PAGE.fullmatch(page) and not g.get("unsent"):
            shown = (SHOWN.fullmatch(text) for text in request.form.getlist("draft"))
            sending = Sending(
                me().id,
                known_id(number),
                name,
                page,
                texts=[text for field, text in request.form.items() if field not in HIDDEN],
                shown=[(int(one[1]), int(one[2])) for one in shown if one],
            )
            drafts.sent(db(), sending)
            presence.stop_typing(db(), ticket_id=sending.ticket_id, staff_id=me().id)
        return response

    return done


def known_id(number: str) -> int:
    """
    Return the id of a ticket this person may read, or had to do with before it went away.

    Raises:
        NotFoundError: there is none, or they never knew of it.
    """
    mine = (
        select(table.ticket_id).where(table.staff_id == me().id)
        for table in (Presence, Draft, TicketEvent, StaffNotice)
    )
    looked = select(AuditEvent.id).where(
        AuditEvent.subject == of_ticket(number), AuditEvent.staff_id == me().id
    )
    known = or_(scope.visible(me()), exists(looked), *(Ticket.id.in_(ids) for ids in mine))
    ticket_id = db().scalar(select(Ticket.id).where(Ticket.number == number, known))
    if ticket_id is None:
        raise NotFoundError(number)
    return ticket_id


def not_sent(ticket_id: int, kind: str, text: str) -> None:
    """Keep what this request was to send and did not."""
    drafts.keep(db(), box_of(ticket_id, kind), text, now=tools().now())
    g.unsent = True


def box_of(ticket_id: int, kind: str) -> Box:
    """
    Return the box the form of this request came from.

    Raises:
        InvalidInputError: the page did not say which page it is.
    """
    page = request.form.get("once", "")
    if not PAGE.fullmatch(page):
        msg = "这一页不完整，请刷新后再试。"
        raise InvalidInputError(msg)
    shown = SHOWN.fullmatch(request.form.get("draft", ""))
    draft_id, revision = (int(shown[1]), int(shown[2])) if shown else (0, 0)
    return Box(me().id, ticket_id, kind, page, shown=draft_id, revision=revision)
