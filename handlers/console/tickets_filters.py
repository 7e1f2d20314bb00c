"""Lists a person keeps under names of their own."""

from urllib.parse import parse_qsl

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.desk import filters
from handlers.console.session import db, me, tools
from handlers.console.tickets_desk import address_of


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of kept lists."""
    routes.add_url_rule("/lists", "save_list", save, methods=["POST"])
    routes.add_url_rule("/lists/<int:list_id>/drop", "drop_list", drop, methods=["POST"])


def save() -> ResponseReturnValue:
    """Keep the list the form stands on."""
    wanted = address_of(dict(parse_qsl(request.form.get("address", ""))))
    wanted.pop("page", None)
    kept = filters.save(db(), me(), request.form.get("name", ""), wanted, now=tools().now())
    flash(f"存好了，以后点“{kept.name}”就回到这个列表。")
    return redirect(f"{url_for('tickets.mine')}?{kept.address}", 303)


def drop(list_id: int) -> ResponseReturnValue:
    """Forget a kept list; its tickets stay as they are."""
    filters.remove(db(), me(), list_id)
    flash("删掉了。里面的工单没有变。")
    return redirect(url_for("tickets.mine"), 303)
