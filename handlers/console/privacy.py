"""Residents' wishes about what we keep of them, what is deleted soon, and what is held by law."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.privacy import erased, holds, requests, retention
from bot.privacy.tables import RequestState
from bot.privacy.times import load_times
from handlers.console.looking import looked
from handlers.console.session import db, me, tools


def make_blueprint() -> Blueprint:
    """Return the page of personal data."""
    routes = Blueprint("privacy", __name__)
    routes.add_url_rule("/privacy/", "show", show)
    path = "/privacy/requests/<int:request_id>"
    routes.add_url_rule(path, "decide", decide, methods=["POST"])
    routes.add_url_rule("/privacy/holds", "hold", hold, methods=["POST"])
    path = "/privacy/holds/<int:hold_id>/lift"
    routes.add_url_rule(path, "lift", lift, methods=["POST"])
    return routes


def show() -> ResponseReturnValue:
    """Show what is to be decided."""
    looked("privacy.read")
    return render_template(
        "privacy/list.html",
        requests=requests.open_for(db(), me()),
        soon=retention.soon(db(), me(), now=tools().now()),
        holds=holds.of(db(), me()),
        times=load_times(),
        erased=erased.lately(db(), me()),
    )


def decide(request_id: int) -> ResponseReturnValue:
    """Do what the resident asked, or say why not."""
    granted = request.form.get("granted") == "yes"
    asked = requests.decide(
        db(), request_id, by=me(), granted=granted,
        answer=request.form.get("answer", ""), now=tools().now(),
    )  # fmt: skip
    done = {"erase": "已经删除，删了多少留有记录。", "correct": "记下了，已经告诉居民。"}
    if asked.state == RequestState.OPEN:
        flash("记下了。删了找不回来，还要另一位确认；已经提醒：别的督导，没有的话是管理员。")
    else:
        flash(done[asked.kind] if granted else "记下了，原因会告诉居民。")
    return redirect(url_for("privacy.show"), 303)


def hold() -> ResponseReturnValue:
    """Keep a ticket from being deleted."""
    number, reason = request.form.get("number", ""), request.form.get("reason", "")
    held = holds.put(db(), number, by=me(), reason=reason, now=tools().now())
    flash(f"{held.number} 依法保留，到您解除为止。")
    return redirect(url_for("privacy.show"), 303)


def lift(hold_id: int) -> ResponseReturnValue:
    """Let a ticket be deleted when its time comes."""
    holds.lift(db(), hold_id, by=me(), now=tools().now())
    flash("已解除保留。")
    return redirect(url_for("privacy.show"), 303)
