"""The report of a visit: saved from a form that may have been without a connection for hours."""

import re
from secrets import token_urlsafe
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.casefile import attachments, tasks, visits
from bot.casefile.tables import CaseTask
from bot.casefile.visits import Field, Hand, Written
from bot.errors import InvalidInputError
from handlers.console.casefile_forms import number
from handlers.console.session import db, me, tools

FORM = re.compile(r"[\w-]{8,30}")
MOST_SEEN = 50


def add_routes(routes: Blueprint) -> None:
    """Add what a report is saved and settled with."""
    for name, view in (("report", report), ("settle", settle)):
        routes.add_url_rule(f"/tasks/<int:task_id>/{name}", name, view, methods=["POST"])


def page(task: CaseTask) -> dict[str, Any]:
    """Return what the page of a visit shows of its report."""
    fields = visits.report(db(), task)
    return {
        "fields": [field for field in fields if not field.disputed],
        "disputed": [field for field in fields if field.disputed],
        "form_id": token_urlsafe(12),
        "photos": attachments.of_task(db(), task),
    }


def report(task_id: int) -> ResponseReturnValue:
    """Keep what was written; with `then=finish` the visit is done as well."""
    sent = {key for key in visits.FIELDS if key in request.form}
    written = {key: Written(request.form[key], _seen(f"base-{key}")) for key in sent}
    fields = visits.save(db(), task_id, written, by=_hand())
    flash(_after(task_id, fields))
    target = url_for("casefile.task", task_id=task_id)
    if request.accept_mimetypes.best == "application/json":
        return jsonify(next=target)
    return redirect(target, 303)


def settle(task_id: int) -> ResponseReturnValue:
    """Let one text stand where two people wrote differently."""
    key, seen = request.form.get("field", ""), _seen("base")
    if key not in visits.FIELDS:
        msg = "这一页不完整，请刷新后再定。"
        raise InvalidInputError(msg)
    visits.save(db(), task_id, {key: Written(_settled(), seen)}, by=_hand())
    flash("定下来了。两个人写的都留在记录里。")
    return redirect(url_for("casefile.task", task_id=task_id), 303)


def _after(task_id: int, fields: list[Field]) -> str:
    """Finish the visit where that was asked for, and say how it stands."""
    disputed = sum(field.disputed for field in fields)
    if disputed:
        return f"存下了。有{disputed}处您和同事写的不一样，两边都留着，请看过定一个。"
    if request.form.get("then") != "finish":
        return "走访记录存下了。"
    task, _ = tasks.taken(db(), task_id, me())
    if task.state not in tasks.OPEN:
        return "走访记录存下了。这次上门之前已经记过结果。"
    words = visits.summary(fields)
    if not words:
        msg = "请先写一点：见到了谁、怎么样。"
        raise InvalidInputError(msg)
    tasks.finish(
        db(), task_id, by=tasks.Touch(me(), task.sync_version, tools().now()), outcome=words
    )
    return "走访记录存下了，这次上门办完了。"


def _hand() -> Hand:
    form = request.form.get("form", "")
    if not FORM.fullmatch(form):
        msg = "这一页不完整，请刷新后再存一次。写的字还在这台手机上。"
        raise InvalidInputError(msg)
    return Hand(me(), form, tools().now())


def _settled() -> str:
    """The text somebody chose, or put together from both."""
    use, texts = number("use"), request.form.getlist("value")
    return texts[use - 1] if 0 < use <= len(texts) else request.form.get("text", "")


def _seen(name: str) -> set[int]:
    """The values the form showed, as it says itself."""
    ids = request.form.get(name, "").split(",")[:MOST_SEEN]
    return {int(text) for text in ids if text.isdecimal()}
