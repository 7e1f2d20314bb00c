"""Talking with a resident from the ticket's page: replying, inserting, and mending what failed."""

import re
from datetime import timedelta

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue

from bot import outbox
from bot.casefile import notes, tasks
from bot.casefile.tables import TaskKind
from bot.db.types import JsonObject
from bot.errors import ConflictError, InvalidInputError, LastReplyError, NotFoundError
from bot.media import FOLDER
from bot.outbox import OutboundMessage, typing
from bot.replies import files, phrases, writing
from bot.replies.reach import notify
from bot.replies.writing import Last
from bot.tickets import hours, moves, scope, thread
from bot.tickets.change import locked, note_event
from bot.tickets.tables import State, Ticket
from handlers.console import talk_page, tickets_deeds, tickets_doing
from handlers.console.display import moment
from handlers.console.kept import shown
from handlers.console.session import db, me, tools
from handlers.console.tickets_collision import ask_first, went_away
from handlers.console.tickets_desk import desk
from handlers.console.tickets_drafts import letting_go
from handlers.console.tickets_page import ticket_page

NUMBER = re.compile(r"[0-9]{1,9}")
REMEDIES = {"again": outbox.requeue, "use-last": outbox.use_last, "withdraw": outbox.withdraw}
DONE = {
    "again": "已重新排队，马上再发。",
    "use-last": "好，用最后一条发。",
    "withdraw": "已撤回，没有发给居民。",
}
CALLS = {
    TaskKind.PHONE: ("打电话", timedelta(hours=2)),
    TaskKind.VISIT: ("上门", timedelta(hours=16)),
}
"""How it is called, and the working time in which it is to be done."""
EVENTS = {"again": "resent", "use-last": "resent", "withdraw": "taken_back"}


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of a conversation."""
    for name, view in (
        ("reply", letting_go("reply", reply)),
        ("compose", compose),
        ("notice", notice),
        ("call", letting_go("reply", call)),
        ("typing", is_typing),
    ):
        routes.add_url_rule(f"/tickets/<number>/{name}", name, view, methods=["POST"])
    for remedy in REMEDIES:
        routes.add_url_rule(
            f"/tickets/<number>/messages/<int:outbound_id>/{remedy}",
            remedy.replace("-", "_"),
            mend,
            methods=["POST"],
            defaults={"remedy": remedy},
        )
    routes.add_url_rule("/tickets/<number>/sent/<int:outbound_id>", "sent", show_sent)


def reply(number: str) -> ResponseReturnValue:
    """Send an answer; with `then=wait` the ticket waits for the resident afterwards."""
    text, once = request.form.get("text", ""), tickets_deeds.once()
    then, ticket_now = request.form.get("then", ""), db().scalar(scope.of_number(number, me()))
    if ticket_now is None:
        return went_away(number, text)
    if request.form.get("as") == "note":
        notes.write(db(), number, by=tickets_doing.act(), text=text, once=once)
        return tickets_deeds.shown(number)
    before = ticket_now.state
    folder = tools().settings.service.data_dir
    try:
        written = _written(text, once)
    except InvalidInputError as error:
        return _not_yet(number, text, {"file_problem": str(error)}, "tickets/_file_problem.html")
    try:
        with db().begin_nested():  # what is refused leaves nothing behind
            ticket = writing.reply(db(), number, written, by=tickets_doing.act(), folder=folder)
            if then == "wait" and ticket.state == State.IN_PROGRESS:
                moves.wait_for_resident(db(), number, by=tickets_doing.act())
    except ConflictError as error:
        return ask_first(number, text, str(error), version=tickets_doing.act().version)
    except LastReplyError as error:
        return _not_yet(number, text, {"last_problem": str(error)}, "tickets/_last.html")
    phrases.note_used(db(), me(), talk_page.inserted("p"))
    if then == "notice":
        _notify(number, once)
    return tickets_deeds.shown(number, moved=ticket.state != before)


def compose(number: str) -> ResponseReturnValue:
    """Show what can be put into the reply, or put it in; nothing is sent and nothing kept."""
    parts = ticket_page(number)
    ticket, resident = parts["ticket"], parts["resident"]
    picks = talk_page.picks(ticket, resident, request.form.get("find", ""))
    if "HX-Request" in request.headers:
        return render_template("tickets/_picks.html", picks=picks, ticket=ticket, address={})
    text, marks = request.form.get("text", ""), request.form.get("inserted", "")
    what = request.form.get("insert", "")
    if what:
        added, mark = talk_page.chosen(ticket, resident, what)
        text = f"{text.rstrip()}\n{added}".lstrip("\n")
        marks = ",".join(filter(None, (marks, mark)))
    typed = {"typed": text, "inserted": marks, "picks": None if what else picks}
    return render_template("tickets/desk.html", **(desk() | parts | typed))


def notice(number: str) -> ResponseReturnValue:
    """Tell the resident that there is something to read."""
    _notify(number, tickets_deeds.once())
    flash("提醒已排队。居民点开、回任意字后，存着的话会自动发出去。")
    return redirect(tickets_doing.back_to(number), 303)


def call(number: str) -> ResponseReturnValue:
    """Plan a call or a visit instead of the message, with what was typed as what to say."""
    kind = request.form.get("kind", "")
    if kind not in CALLS:
        raise NotFoundError(number)
    ticket, now = scope.find(db(), number, staff=me()), tools().now()
    how, within = CALLS[TaskKind(kind)]
    words = request.form.get("text", "").strip()
    office = hours.office(db(), tools().settings)
    task = tasks.plan(
        db(),
        ticket=ticket,
        kind=TaskKind(kind),
        staff_id=None,
        due_at=hours.add(now, within, office),
        text=f"微信发不出，{how}告诉居民：{words}" if words else f"微信发不出，{how}联系居民",
        by=me(),
        now=now,
    )
    flash(f"已安排{how}：{moment(task.due_at)}前。写的话在“待办”里，时间可以改。")
    if "HX-Request" in request.headers:
        return Response("", 204, {"HX-Redirect": tickets_doing.back_to(number)})
    return redirect(tickets_doing.back_to(number), 303)


def mend(number: str, outbound_id: int, remedy: str) -> ResponseReturnValue:
    """Try a message anew, spend the last one on it, or take it back."""
    now = tools().now()
    ticket = locked(db(), scope.find(db(), number, staff=me()), now=now)
    _own(ticket, outbound_id)
    REMEDIES[remedy](db(), outbound_id, now=now)
    note_event(db(), ticket, EVENTS[remedy], now=now, staff=me(), outbound=outbound_id)
    if "HX-Request" in request.headers:
        return tickets_deeds.shown(number)
    flash(DONE[remedy])
    return redirect(tickets_doing.back_to(number), 303)


def is_typing(number: str) -> ResponseReturnValue:
    """Note that this person is typing; the resident's phone may show it."""
    ticket = scope.find(db(), number, staff=me())
    if ticket.assignee_id == me().id:
        typing.wish(db(), ticket.resident_id, now=tools().now())
    return "", 204


def show_sent(number: str, outbound_id: int) -> ResponseReturnValue:
    """Serve a file that was sent to the resident."""
    ticket = scope.find(db(), number, staff=me())
    found = thread.sent_file(db(), ticket, outbound_id)
    details: JsonObject = found.details if found else {}
    path = tools().settings.service.data_dir / FOLDER / str(details.get("path", ""))
    if found is None or not path.is_file():
        raise NotFoundError(number)
    return shown(path, str(details["content_type"]))


def _written(text: str, once: str) -> writing.Reply:
    upload = request.files.get("file")
    ready = None
    if upload is not None and upload.filename:
        ready = files.prepare(upload.read(), name=upload.filename)
    last = request.form.get("last", "")
    return writing.Reply(
        text,
        once,
        grounds=tuple(int(it) for it in talk_page.inserted("a") if NUMBER.fullmatch(it)),
        file=ready,
        last=Last(last) if last in list(Last) else Last.ASK,
    )


def _notify(number: str, once: str) -> None:
    notify(db(), number, by=tickets_doing.act(), once=once, settings=tools().settings)


def _own(ticket: Ticket, outbound_id: int) -> None:
    found = db().get(OutboundMessage, outbound_id)
    if found is None or found.ticket_id != ticket.id:
        raise NotFoundError(ticket.number)


def _not_yet(number: str, text: str, why: dict[str, str], template: str) -> ResponseReturnValue:
    """Ask, or say what is wrong, beside what was typed; nothing was written."""
    parts = desk() | ticket_page(number) | why | {"typed": text}
    parts["inserted"] = request.form.get("inserted", "")
    inside = "HX-Request" in request.headers
    response = make_response(render_template(template if inside else "tickets/desk.html", **parts))
    response.status_code = 409 if "last_problem" in why else 400
    if inside:
        response.headers["HX-Reswap"] = "none"
    return response
