"""What is done to a ticket from its page."""

import re
from collections.abc import Callable
from json import dumps

from flask import Blueprint, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from bot.casefile import notes
from bot.errors import InvalidInputError
from bot.notices import seen as notices
from bot.tickets import moves, scope, thread
from bot.tickets.approvals import asking
from bot.tickets.tables import CloseCode, State, Ticket
from bot.wechat import budget
from handlers.console import talk_words, tickets_deeds_more
from handlers.console.casefile_notes import word_with
from handlers.console.session import db, me, tools
from handlers.console.tickets_desk import desk
from handlers.console.tickets_doing import act, back_to, chosen, done, field, person
from handlers.console.tickets_drafts import letting_go
from handlers.console.tickets_page import ticket_page

ONCE = re.compile(r"[\w-]{8,40}")


def add_routes(routes: Blueprint) -> None:
    """Add an address for every deed."""
    for name, view in (DEEDS | tickets_deeds_more.DEEDS).items():
        routes.add_url_rule(
            f"/tickets/<number>/{name}",
            name.replace("-", "_"),
            letting_go(name, view),
            methods=["POST"],
        )

    decide = tickets_deeds_more.decide
    path = "/tickets/<number>/decide/<int:approval_id>"
    routes.add_url_rule(path, "decide", decide, methods=["POST"])


def seen(number: str) -> ResponseReturnValue:
    """Note that the page was looked at."""
    ticket = scope.find(db(), number, staff=me())
    thread.mark_seen(db(), ticket, staff_id=me().id, now=tools().now())
    notes.mark_seen(db(), ticket, staff_id=me().id, now=tools().now())
    notices.mark(db(), me().id, now=tools().now(), ticket_id=ticket.id)
    return "", 204


def note(number: str) -> ResponseReturnValue:
    """Keep an internal note."""
    notes.write(db(), number, by=act(), text=request.form.get("note", ""), once=once())
    return shown(number)


def accept(number: str) -> ResponseReturnValue:
    """Take the ticket."""
    moves.accept(db(), number, by=act())
    return done(number, "已接手。您说话时机器人不再插话。")


def assign(number: str) -> ResponseReturnValue:
    """Give the ticket to a colleague."""
    to = request.form.get("to", "")
    if not to.isdecimal():
        msg = "请选一个人。"
        raise InvalidInputError(msg)
    reason = request.form.get("reason", "")
    word_with(scope.find(db(), number, staff=me(), unread=True))
    ticket = moves.assign(db(), number, by=act(), to=int(to), reason=reason)
    return done(number, f"{ticket.number} 已转出，等对方签收。")


def hand_back(number: str) -> ResponseReturnValue:
    """Give the ticket back, and say who should have it."""
    word_with(scope.find(db(), number, staff=me()))
    code = field("code") or "other"
    to = person("suggested")
    ticket = moves.hand_back(
        db(), number, by=act(), reason=field("reason"), code=code, suggested=to
    )
    if ticket.state == State.TRIAGE:
        return done(number, f"{number} 已退回，等督导或下一位接手。")
    return done(number, f"{number} 已退回，转给了别人。")


def wait(number: str) -> ResponseReturnValue:
    """Wait for the resident."""
    moves.wait_for_resident(db(), number, by=act())
    return done(number, "已改成等居民。居民一来信就回到“办理中”。")


def resolve(number: str) -> ResponseReturnValue:
    """Tell the outcome and ask the resident."""
    code = field("code") or CloseCode.SOLVED
    outcome = request.form.get("outcome", "")
    ticket = moves.resolve(db(), number, by=act(), outcome=outcome, code=code)
    return done(number, talk_words.outcome_told(_left(ticket)))


def _left(ticket: Ticket) -> int:
    """How many messages WeChat takes for the resident now."""
    return budget.left(db(), ticket.resident_id, now=tools().now()).left


def close(number: str) -> ResponseReturnValue:
    """Close otherwise than solved, or ask a supervisor to."""
    code = CloseCode(chosen("code", CloseCode, "请选一种办结方式。"))
    reason = request.form.get("reason", "")
    if code not in asking.TOLD:
        moves.close_without_answer(db(), number, by=act(), code=code, reason=reason)
        return done(number, f"{number} 已办结。")
    way = {"responsible": field("responsible"), "way_on": field("way_on")}
    asking.ask_close(db(), number, by=act(), code=code, reason=reason, **way)
    return done(number, "已提交，督导同意后办结，并把原因和去处发给居民。")


def reopen(number: str) -> ResponseReturnValue:
    """Go on with a done ticket."""
    moves.reopen(db(), number, by=act())
    return done(number, "已重新打开。")


def once() -> str:
    """Return what the page made for this very form: sent twice, it acts once."""
    made = request.form.get("once", "")
    if not ONCE.fullmatch(made):
        msg = "这一页不完整，请刷新后再发一次。"
        raise InvalidInputError(msg)
    return made


def shown(number: str, *, moved: bool = False) -> ResponseReturnValue:
    """Show what was just written: in place, or as a new page where other deeds are open now."""
    if "HX-Request" not in request.headers:
        return redirect(back_to(number), 303)
    parts = desk() | ticket_page(number)
    response = make_response(render_template("tickets/live.html", sent=True, **parts))
    written = {"version": parts["own_last"]["note" if "note" in request.form else "reply"]}
    if moved:
        response.headers["HX-Refresh"] = "true"
    response.headers["HX-Trigger"] = dumps({"sent": written, "unread": parts["unread"]})
    return response


DEEDS: dict[str, Callable[[str], ResponseReturnValue]] = {
    "seen": seen,
    "note": note,
    "accept": accept,
    "assign": assign,
    "hand-back": hand_back,
    "wait": wait,
    "resolve": resolve,
    "close": close,
    "reopen": reopen,
}
