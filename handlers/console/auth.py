"""Logging in and out."""

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from bot import audit
from bot.db.engine import reading, transaction
from bot.people import logins, passwords
from handlers.console.security import safe_next
from handlers.console.session import db, log_in, log_out, me, tools

REFUSAL = (
    "登录名或密码不对，或者试的次数太多了。请检查后再试；"
    "连错 5 次要等 1 到 15 分钟。忘了密码请找管理员重设。"
)


def make_blueprint() -> Blueprint:
    """Return the pages of logging in and out."""
    routes = Blueprint("auth", __name__)
    routes.add_url_rule("/login", view_func=sign_in, methods=["GET", "POST"])
    routes.add_url_rule("/logout", view_func=sign_out, methods=["POST"])
    routes.add_url_rule("/session", view_func=present)
    routes.add_url_rule("/signed-in", view_func=signed_in)
    return routes


def sign_in() -> ResponseReturnValue:
    """Show the form; let in who types a right pair, and go on to where they were."""
    target = safe_next(request.values.get("next", "/"))
    if request.method == "GET":
        return render_template("auth/login.html", next=target, login="")
    login = request.form.get("login", "")
    if _let_in(login, request.form.get("password", "")):
        return redirect(target)
    page = render_template("auth/login.html", next=target, login=login, refusal=REFUSAL)
    return make_response(page, 401)


def sign_out() -> ResponseReturnValue:
    """End the login in this browser."""
    audit.record(db(), deed="logout", staff_id=me().id, now=tools().now())
    log_out()
    g.pop("csrf_token", None)
    return redirect(url_for("auth.sign_in"))


def present() -> ResponseReturnValue:
    """Hand a page that outlived its login the token of the new one."""
    return {"csrf_token": generate_csrf()}


def signed_in() -> ResponseReturnValue:
    """Tell somebody who logged in beside a half-written page to go back to it."""
    return render_template("auth/signed_in.html")


def _let_in(login: str, password: str) -> bool:
    engine = tools().engine
    with reading(engine) as session:
        stored = logins.stored_hash(session, login)
    # No transaction is open here: strangers asking must not hold up residents' messages.
    check = passwords.check(stored, password[: passwords.LONGEST])
    with transaction(engine) as session:
        person = logins.verify(session, login, check=check, now=tools().now())
    if person is None:
        return False
    log_in(person)
    return True
