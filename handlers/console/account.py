"""What a person sets for themselves: duty, password, logins."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.errors import InvalidInputError
from bot.people import logins, staff
from bot.people.signin import second, sessions
from handlers.console.security import safe_next
from handlers.console.session import db, idle_time, log_in, me, this_login, tools


def make_blueprint() -> Blueprint:
    """Return the pages of a person's own account."""
    routes = Blueprint("account", __name__)
    routes.add_url_rule("/me", view_func=show)
    routes.add_url_rule("/me/duty", view_func=duty, methods=["POST"])
    routes.add_url_rule("/me/password", view_func=password, methods=["GET", "POST"])
    routes.add_url_rule("/me/end-logins", view_func=end_logins, methods=["POST"])
    routes.add_url_rule("/me/logins/<int:login_id>/end", view_func=end_login, methods=["POST"])
    routes.add_url_rule("/help", view_func=help_page)
    return routes


def show() -> ResponseReturnValue:
    """Show the own account."""
    return render_template(
        "account/show.html",
        person=me(),
        logins=sessions.running(db(), me(), idle=idle_time(), now=tools().now()),
        this=this_login().id,
        second=second.has(db(), me().id),
    )


def duty() -> ResponseReturnValue:
    """Go on or off duty."""
    on = request.form.get("on") == "1"
    staff.set_duty(db(), me(), on=on, by=me(), now=tools().now())
    flash("已上班，新的工单会分给您。" if on else "已下班，不再分新工单；手上的工单还在您这里。")
    return redirect(safe_next(request.form.get("next", url_for("account.show"))))


def password() -> ResponseReturnValue:
    """Choose a new password; this browser stays logged in, all others do not."""
    if request.method == "GET":
        return render_template("account/password.html", first=me().must_change_password)
    old, new, again = (request.form.get(name, "") for name in ("old", "new", "again"))
    try:
        if new != again:
            msg = "两次输入的新密码不一样，请再输一次。"
            raise InvalidInputError(msg)  # noqa: TRY301 (one place answers all that is wrong)
        logins.change_password(db(), me(), old=old, new=new, now=tools().now())
    except InvalidInputError as error:
        page = render_template(
            "account/password.html", first=me().must_change_password, problem=str(error)
        )
        return make_response(page, 400)
    log_in(db(), me(), proven=this_login().proven_at is not None)
    flash("密码已改。其他设备上的登录都已退出。")
    return redirect(url_for("account.show"))


def end_logins() -> ResponseReturnValue:
    """End the own logins on all devices but this one."""
    logins.end_logins(db(), me(), now=tools().now())
    log_in(db(), me(), proven=this_login().proven_at is not None)
    flash("其他设备上的登录都已退出。")
    return redirect(url_for("account.show"))


def end_login(login_id: int) -> ResponseReturnValue:
    """End one of the own logins."""
    sessions.end(db(), me(), login_id, now=tools().now())
    flash("那台设备已退出。")
    return redirect(url_for("account.show", _anchor="logins"))


def help_page() -> ResponseReturnValue:
    """Explain the keys and how to work."""
    return render_template("account/help.html")
