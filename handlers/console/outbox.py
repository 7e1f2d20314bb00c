"""What did not reach WeChat, why, and trying again."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot import audit, outbox
from bot.errors import NotFoundError
from bot.outbox import SendState
from bot.people.tables import Role
from bot.reports.undelivered import counts, is_shown, undelivered
from handlers.console.looking import looked
from handlers.console.session import db, me, tools

PER_PAGE = 30
TABS = (
    ("", "全部"),
    (SendState.GIVEN_UP, "已停止重试"),
    (SendState.REFUSED, "微信不收"),
    (SendState.HELD, "等居民来信"),
)


def make_blueprint() -> Blueprint:
    """Return the pages of undelivered messages."""
    routes = Blueprint("outbox", __name__, url_prefix="/outbox")
    routes.add_url_rule("/", view_func=list_messages)
    routes.add_url_rule("/<int:outbound_id>/again", view_func=again, methods=["POST"])
    return routes


def list_messages() -> ResponseReturnValue:
    """Show what did not arrive, newest first."""
    state = request.args.get("state", "")
    page = max(1, request.args.get("page", 1, type=int))
    rows = undelivered(db(), viewer=me(), state=state, page=page, per_page=PER_PAGE)
    if me().role != Role.ADMIN:
        looked("outbox.list", page=page)
    return render_template(
        "outbox/list.html",
        rows=rows[:PER_PAGE],
        more=len(rows) > PER_PAGE,
        page=page,
        state=state,
        tabs=TABS,
        counts=counts(db(), viewer=me()),
    )


def again(outbound_id: int) -> ResponseReturnValue:
    """Put a message back into the queue."""
    if not is_shown(db(), outbound_id, viewer=me()):
        raise NotFoundError(str(outbound_id))
    outbox.requeue(db(), outbound_id, now=tools().now())
    audit.record(
        db(),
        deed="outbox.requeue",
        staff_id=me().id,
        subject=f"outbound:{outbound_id}",
        now=tools().now(),
    )
    flash("已重新排队，马上再发。结果请过一会儿回来看。")
    return redirect(url_for("outbox.list_messages", state=request.form.get("state", "")))
