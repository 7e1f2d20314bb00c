"""Logging in and out."""

from datetime import timedelta

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from bot import audit
from bot.db.engine import reading, transaction
from bot.people import logins, passwords, staff
from bot.people.signin import second as factor
from bot.people.tables import Staff
from handlers.console.security import safe_next
from handlers.console.session import db, log_in, log_out, me, tools

REFUSAL = (
    "登录名或密码不对，或者试的次数太多了。请检查后再试；"
    "连错 5 次要等 1 到 15 分钟。忘了密码请找管理员重设。"
)
HALF = "half"
"""Of the cookie: whose password was right, their epoch, until when that counts."""
HALF_WAY = timedelta(minutes=5)


def make_blueprint() -> Blueprint:
    """Return the pages of logging in and out."""
    routes = Blueprint("auth", __name__)
    routes.add_url_rule("/login", view_func=sign_in, methods=["GET", "POST"])
    routes.add_url_rule("/login/code", view_func=second, methods=["GET", "POST"])
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
    person_id = _whose_password(login, request.form.get("password", ""))
    if person_id is None:
        page = render_template("auth/login.html", next=target, login=login, refusal=REFUSAL)
        return make_response(page, 401)
    if _enter_or_ask(person_id):
        return redirect(target)
    return redirect(url_for("auth.second", next=target))


def second() -> ResponseReturnValue:
    """Ask whoever typed a right password for the code of their phone."""
    target = safe_next(request.values.get("next", "/"))
    if _half() is None:
        return redirect(url_for("auth.sign_in", next=target))
    if request.method == "GET":
        return render_template("auth/second.html", next=target)
    if _code_fits(request.form.get("code", "")):
        return redirect(target)
    return make_response(
        render_template("auth/second.html", next=target, refusal=factor.WRONG), 401
    )


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


def _whose_password(login: str, password: str) -> int | None:
    engine = tools().engine
    with reading(engine) as session:
        stored = logins.stored_hash(session, login)
    # No transaction is open here: strangers asking must not hold up residents' messages.
    check = passwords.check(stored, password[: passwords.LONGEST])
    with transaction(engine) as session:
        person = logins.verify(session, login, check=check, now=tools().now())
    return person.id if person else None


def _enter_or_ask(person_id: int) -> bool:
    """Let in whoever set up no second factor; of the others note that the password was right."""
    with transaction(tools().engine) as session:
        person = staff.get(session, person_id)
        if not factor.has(session, person_id):
            logins.let_in(session, person, now=tools().now())
            log_in(session, person)
            return True
        cookie.clear()
        until = tools().now() + HALF_WAY
        cookie[HALF] = [person.id, person.session_epoch, until.timestamp()]
        return False


def _half() -> tuple[int, int] | None:
    """Who typed a right password a moment ago, and their epoch then."""
    staff_id, epoch, until = cookie.get(HALF) or (0, 0, 0.0)
    return (staff_id, epoch) if tools().now().timestamp() < until else None


def _code_fits(code: str) -> bool:
    half = _half()
    with transaction(tools().engine) as session:
        person = session.get(Staff, half[0]) if half else None
        if half is None or person is None or not person.active or person.session_epoch != half[1]:
            return False
        if not factor.check(session, person, code, now=tools().now()):
            return False
        logins.let_in(session, person, now=tools().now())
        log_in(session, person, proven=True)
        return True
