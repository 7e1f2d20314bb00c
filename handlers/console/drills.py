"""Practising the alarm: starting it, saying that one is there, and how the last ones went."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from bot.people.tables import Role
from bot.tickets.alarm import drill
from handlers.console.session import db, me, tools


def make_blueprint() -> Blueprint:
    """Return the pages of drills."""
    routes = Blueprint("drills", __name__)
    routes.add_url_rule("/drills", "show", show)
    routes.add_url_rule("/drills", "start", start, methods=["POST"])
    path = "/drills/<int:drill_id>/here"
    routes.add_url_rule(path, "here", here, methods=["POST"])
    return routes


def show() -> ResponseReturnValue:
    """Show the drill one is called to, and how the last ones went."""
    return render_template(
        "drills/list.html",
        waiting=drill.waiting_for(db(), me()),
        drills=drill.drills(db()),
        may_start=me().role == Role.SUPERVISOR,
    )


def start() -> ResponseReturnValue:
    """Start a drill."""
    drill.start(db(), now=tools().now(), by=me())
    flash("演练开始，正在叫值班的第一个人。5分钟没人接，就叫下一个。")
    return redirect(url_for("drills.show"), 303)


def here(drill_id: int) -> ResponseReturnValue:
    """Say that one is there."""
    drill.accept(db(), drill_id, by=me(), now=tools().now())
    flash("收到，演练结束。谢谢。")
    return redirect(url_for("drills.show"), 303)
