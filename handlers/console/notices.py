"""What a person was told: the bell on every page, the list, and what was seen."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from bot.notices import seen, words
from bot.notices.queue import notify
from bot.notices.seen import Bell, Told
from bot.notices.tables import Channel, Fate, NoticeDelivery, NoticeKind
from bot.tickets.scope import in_charge
from bot.tickets.tables import Ticket
from handlers.console import notices_binding, notices_ways
from handlers.console.access import may_call
from handlers.console.session import db, me, tools

STILL_NEW = timedelta(minutes=1)
"""How long a notice stands out after it was seen: long enough to be read."""
MOST_DIGITS = 18
ICONS = {
    NoticeKind.CRISIS_PAGE: "exclamation-octagon-fill",
    NoticeKind.CALL_NOW: "telephone-outbound",
    NoticeKind.DRILL: "exclamation-octagon",
    NoticeKind.ASSIGNED: "inbox",
    NoticeKind.NEW_MESSAGE: "chat-left-text",
    NoticeKind.MENTIONED: "at",
    NoticeKind.OVERDUE: "alarm",
    NoticeKind.ESCALATED: "alarm",
    NoticeKind.REMINDER: "alarm",
    NoticeKind.RIGHTS_CLOCK: "alarm",
    NoticeKind.TASK_DUE: "calendar-check",
    NoticeKind.VISIT_MISSED: "calendar-x",
    NoticeKind.APPROVAL_WANTED: "check2-square",
    NoticeKind.APPROVAL_GIVEN: "check2-square",
    NoticeKind.REPLY_FAILED: "x-circle",
    NoticeKind.UNSEALED: "unlock",
    NoticeKind.CHANNEL_BROKEN: "exclamation-triangle",
    NoticeKind.WEEKLY_REPORT: "bar-chart",
    NoticeKind.ACCOUNT: "person-exclamation",
}
LEADS_TO = {
    NoticeKind.CHANNEL_BROKEN: "notices.ways",
    NoticeKind.WEEKLY_REPORT: "reports_weekly.list_reports",
    NoticeKind.ACCOUNT: "staff.list_staff",
}
"""Where a notice leads that is of no ticket."""
FATE_KINDS = {
    Fate.DELIVERED: "good",
    Fate.SEEN: "good",
    Fate.REFUSED: "bad",
    Fate.QUEUED: "soon",
}


def make_blueprint() -> Blueprint:
    """Return the pages of what staff are told."""
    routes = Blueprint("notices", __name__)
    routes.add_url_rule("/notices", view_func=show)
    routes.add_url_rule("/notices/live", view_func=live)
    routes.add_url_rule("/notices/bell", view_func=ring)
    routes.add_url_rule("/notices/seen", "mark_seen", mark_seen, methods=["POST"])
    routes.add_url_rule("/notices/test", "send_test", send_test, methods=["POST"])
    notices_ways.add_routes(routes)
    notices_binding.add_routes(routes)
    routes.record_once(_install_words)
    return routes


def show() -> ResponseReturnValue:
    """Show what the person was told, the newest first."""
    before = _number("before")
    return render_template("notices/list.html", **_list(before), before=before)


def live() -> ResponseReturnValue:
    """Return the list as it is now; nothing (204) when the page has it already."""
    parts = _list(None)
    if request.args.get("v") == parts["version"]:
        return "", 204
    return render_template("notices/_list.html", **parts)


def ring() -> ResponseReturnValue:
    """Return the bell as it is now; nothing (204) when the page has it already."""
    bell = seen.bell(db(), me().id)
    if request.args.get("v") == bell_version(bell):
        return "", 204
    return render_template("notices/_bell.html", bell=bell, live=True)


def mark_seen() -> ResponseReturnValue:
    """Note that the list was looked at."""
    up_to = _number("up_to")
    seen.mark(db(), me().id, now=tools().now(), up_to=up_to)
    if "HX-Request" in request.headers:
        return "", 204
    return redirect(url_for("notices.show"), 303)


def send_test() -> ResponseReturnValue:
    """Send a notice over every channel the person has, to see which arrive."""
    now = tools().now()
    # Twice in a minute is a double click.
    once = f"test:{now:%Y%m%d%H%M}"
    notify(db(), staff_id=me().id, kind=NoticeKind.TEST, now=now, urgent=True, once=once)
    flash("测试提醒已经在发。看下面：每种方式到没到，几秒钟就知道。")
    return redirect(url_for("notices.show"), 303)


def bell_version(bell: Bell) -> str:
    """Return what tells one state of the bell from another."""
    return f"{bell.unseen}-{bell.urgent}-{int(bell.trouble)}"


def _list(before: int | None) -> dict[str, object]:
    now = tools().now()
    told = seen.newest(db(), me().id, before=before)
    new = {
        it.notice.id
        for it in told
        if it.notice.seen_at is None or now - it.notice.seen_at < STILL_NEW
    }
    return {
        "told": told,
        "new": new,
        "unseen": any(it.notice.seen_at is None for it in told),
        "mine": _may_open(told),
        "leads_to": {kind: to for kind, to in LEADS_TO.items() if may_call(to, me().role)},
        "more": len(told) == seen.MOST,
        "version": _version(told, new),
    }


def _may_open(told: Sequence[Told]) -> set[int]:
    """Return the tickets of these notices that the person is in charge of now."""
    ids = {it.notice.ticket_id for it in told if it.notice.ticket_id is not None}
    return set(db().scalars(select(Ticket.id).where(Ticket.id.in_(ids), in_charge(me()))))


def _version(told: Sequence[Told], new: set[int]) -> str:
    states = [
        (it.notice.id, it.notice.id in new, [(row.channel, row.state) for row in it.deliveries])
        for it in told
    ]
    return hashlib.sha256(repr(states).encode()).hexdigest()[:16]


def _number(name: str) -> int | None:
    value = request.values.get(name, "")
    return int(value) if value.isdecimal() and len(value) <= MOST_DIGITS else None


def _fate_words(row: NoticeDelivery) -> str:
    """Write what became of a notice on one channel."""
    if row.channel == Channel.CONSOLE and row.state == Fate.SENT:
        return "还没看"
    if row.state == Fate.QUEUED and row.reason:
        return "还没发出去，会再试"
    return words.FATES[Fate(row.state)]


def _install_words(state: BlueprintSetupState) -> None:
    state.app.jinja_env.filters.update(
        notice_label=words.label,
        notice_icon=lambda kind: ICONS.get(NoticeKind(kind), "bell"),
        channel_name=lambda name: words.CHANNELS[Channel(name)],
        channel_fate=_fate_words,
        channel_fate_kind=lambda row: FATE_KINDS.get(Fate(row.state), ""),
        channel_reason=words.reason,
    )
    state.app.jinja_env.globals["bell_version"] = bell_version
