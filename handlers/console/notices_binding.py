"""Binding one's WeChat: a code to scan, the number that appears on the phone, done."""

import io

import segno
from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.errors import NotFoundError
from bot.notices import binding, preferences
from bot.notices.tables import BindingOffer, Channel
from handlers.console.session import db, me, tools


def add_routes(routes: Blueprint) -> None:
    """Add the pages of the binding."""
    routes.add_url_rule("/notices/wechat", "wechat", wechat)
    routes.add_url_rule("/notices/wechat/state", "wechat_state", wechat_state)
    routes.add_url_rule("/notices/wechat/code.svg", "wechat_code", wechat_code)
    for name, view in (("start", start), ("confirm", confirm), ("unbind", unbind)):
        routes.add_url_rule(f"/notices/wechat/{name}", f"wechat_{name}", view, methods=["POST"])


def wechat() -> ResponseReturnValue:
    """Show how far the binding has come."""
    return render_template("notices/wechat.html", **_state())


def wechat_state() -> ResponseReturnValue:
    """Return that part alone; nothing (204) while it stays as it is."""
    state = _state()
    if request.args.get("v") == state["step"]:
        return "", 204
    return render_template("notices/_wechat.html", **state)


def wechat_code() -> ResponseReturnValue:
    """Draw the code of the person's own offer."""
    made = binding.running(db(), me().id, now=tools().now())
    if made is None or not made.url:
        msg = "code"
        raise NotFoundError(msg)
    picture = io.BytesIO()
    segno.make(made.url).save(picture, kind="svg", scale=6, border=2)
    return Response(picture.getvalue(), content_type="image/svg+xml")


def start() -> ResponseReturnValue:
    """Open an offer; the worker has WeChat make its code within a moment."""
    binding.offer(db(), me().id, now=tools().now())
    return redirect(url_for("notices.wechat"), 303)


def confirm() -> ResponseReturnValue:
    """Bind, where the number is the one on the phone."""
    problem = binding.confirm(db(), me(), request.form.get("number", ""), now=tools().now())
    if problem:
        flash(problem, "bad")
        return redirect(url_for("notices.wechat"), 303)
    flash("绑定好了。以后提醒会发到这个微信，也可以在微信里接单、回话：发“帮助”看怎么用。")
    return redirect(url_for("notices.ways"), 303)


def unbind() -> ResponseReturnValue:
    """End the binding."""
    binding.unbind(db(), me(), now=tools().now())
    flash("已解绑，提醒不再发到那个微信。")
    return redirect(url_for("notices.ways"), 303)


def _state() -> dict[str, object]:
    now, settings = tools().now(), tools().settings
    made = binding.running(db(), me().id, now=now)
    return {
        "offer": made,
        "step": _step(made),
        "bound": binding.bound(db(), me().id),
        "ready": Channel.WECHAT in preferences.offered(settings),
        "consent_page": binding.consent_page(made, settings) if made else "",
    }


def _step(made: BindingOffer | None) -> str:
    if made is None:
        return "none"
    if made.openid:
        return "scanned"
    if made.problem:
        return "failed"
    return "ready" if made.url else "making"
