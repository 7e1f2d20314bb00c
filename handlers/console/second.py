"""A person's second factor: set up, shown again, taken away."""

import io

import segno
from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.errors import InvalidInputError, NotFoundError
from bot.people import logins, passwords
from bot.people.signin import second
from handlers.console.security import safe_next
from handlers.console.session import db, log_in, me, tools

GROUP = 4
NOT_YOU = "密码不对，请再输一次。"


def make_blueprint() -> Blueprint:
    """Return the pages of the second factor."""
    routes = Blueprint("second", __name__)
    routes.add_url_rule("/me/second", view_func=show)
    routes.add_url_rule("/me/second", "start", start, methods=["POST"])
    routes.add_url_rule("/me/second/code.svg", view_func=picture)
    for name, view in (("confirm", confirm), ("codes", codes), ("remove", remove)):
        routes.add_url_rule(f"/me/second/{name}", name, view, methods=["POST"])
    routes.add_url_rule("/me/prove", view_func=prove, methods=["GET", "POST"])
    return routes


def show() -> ResponseReturnValue:
    """Show how far it is set up."""
    secret = second.offered(db(), me())
    groups = [secret[at : at + GROUP] for at in range(0, len(secret), GROUP)]
    return render_template(
        "account/second.html",
        on=second.has(db(), me().id),
        secret=" ".join(groups),
        left=second.codes_left(db(), me()),
        must=tools().settings.console.second_factor == "everybody",
        next=_next(),
    )


def start() -> ResponseReturnValue:
    """Make a new secret for whoever knows the password too: a desk left open is not enough."""
    typed = request.form.get("password", "")[: passwords.LONGEST]
    locked = logins.is_locked(me(), tools().now())
    if locked or not passwords.check(me().password_hash, typed).right:
        logins.note_wrong_try(me(), tools().now())
        flash(NOT_YOU, "bad")
    else:
        second.start(db(), me(), now=tools().now())
    return redirect(url_for("second.show", next=_next()), 303)


def picture() -> ResponseReturnValue:
    """Draw the code that the phone's app scans."""
    secret = second.offered(db(), me())
    if not secret:
        msg = "code"
        raise NotFoundError(msg)
    name = tools().settings.service.name
    held = second.address(secret, login=me().login, service=f"{name}社工台")
    drawn = io.BytesIO()
    segno.make(held).save(drawn, kind="svg", scale=5, border=3, light="#fff")
    return Response(drawn.getvalue(), content_type="image/svg+xml")


def confirm() -> ResponseReturnValue:
    """Put it in force with its first code, and show the codes for paper, once."""
    try:
        made = second.confirm(db(), me(), request.form.get("code", ""), now=tools().now())
    except InvalidInputError as error:
        flash(str(error), "bad")
        return redirect(url_for("second.show", next=_next()), 303)
    # Whoever is logged in elsewhere got in without it.
    me().session_epoch += 1
    log_in(db(), me(), proven=True)
    return render_template("account/second_codes.html", codes=made, next=_next(), first=True)


def codes() -> ResponseReturnValue:
    """Show ten new codes for paper, once."""
    if not _right():
        return redirect(url_for("second.show"), 303)
    made = second.renew_codes(db(), me(), now=tools().now())
    return render_template("account/second_codes.html", codes=made, next="", first=False)


def remove() -> ResponseReturnValue:
    """Take it away, for a new phone."""
    if _right():
        second.remove(db(), me(), now=tools().now())
        g.login.proven_at = None
        flash("两步验证已关掉。换手机的话，现在用新手机重新设。")
    return redirect(url_for("second.show"), 303)


def prove() -> ResponseReturnValue:
    """Ask for a code before data is taken away, and go on."""
    if request.method == "GET":
        return render_template("account/prove.html", next=_next())
    if not _right():
        return redirect(url_for("second.prove", next=_next()), 303)
    return redirect(safe_next(_next() or "/"), 303)


def _right() -> bool:
    # A redirect answers a wrong code: an answer of 400 would take its count back.
    right = second.check(db(), me(), request.form.get("code", ""), now=tools().now())
    if right:
        g.login.proven_at = tools().now()
    else:
        flash(second.WRONG, "bad")
    return right


def _next() -> str:
    wanted = request.values.get("next", "")
    return safe_next(wanted) if wanted else ""
