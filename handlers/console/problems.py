"""Every error as a page, or a notice, that says in Chinese what to do next."""

from http import HTTPStatus
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from bot.errors import (
    ConflictError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
    RefusedError,
    UpstreamError,
)
from handlers.console.security import came_from
from handlers.console.session import NotLoggedInError

log = structlog.get_logger()
TITLES = {
    HTTPStatus.BAD_REQUEST: ("没有保存", "填的内容有一处不合适，请返回改一下。"),
    HTTPStatus.UNAUTHORIZED: ("登录已过期", "请重新登录，登录后接着做刚才的事。"),
    HTTPStatus.FORBIDDEN: ("这一页您不能打开", "需要的话请找管理员或督导。"),
    HTTPStatus.NOT_FOUND: ("没有找到这一页", "地址可能写错了，或者这条内容不归您看。"),
    HTTPStatus.METHOD_NOT_ALLOWED: ("不能这样打开", "请从页面上的按钮进入。"),
    HTTPStatus.CONFLICT: ("别人刚刚改过", "您的内容没有保存。请看一下新的内容，再决定怎么改。"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("内容太大", "请缩短文字，或者分几次提交。"),
    HTTPStatus.TOO_MANY_REQUESTS: ("试得太快了", "请等一分钟再试。"),
    HTTPStatus.INTERNAL_SERVER_ERROR: ("出了问题", "什么都没有改。请再试一次；不行请告诉管理员。"),
    HTTPStatus.SERVICE_UNAVAILABLE: ("暂时做不了", "连接的服务没有回应，请过一会儿再试。"),
}  # fmt: skip
STATUS_OF = (
    (NotFoundError, HTTPStatus.NOT_FOUND),
    (NotAllowedError, HTTPStatus.FORBIDDEN),
    (ConflictError, HTTPStatus.CONFLICT),
    (InvalidInputError, HTTPStatus.BAD_REQUEST),
    (StaleDataError, HTTPStatus.CONFLICT),
    (UpstreamError, HTTPStatus.SERVICE_UNAVAILABLE),
    (RefusedError, HTTPStatus.BAD_REQUEST),
    # A number no row can have, a day beyond the calendar, a text that PostgreSQL takes no part of.
    (OverflowError, HTTPStatus.BAD_REQUEST),
    (DataError, HTTPStatus.BAD_REQUEST),
)
SPOKEN = (NotAllowedError, ConflictError, InvalidInputError)
"""Errors whose text is written for the person who sees it."""
NOT_SHOWN = frozenset(
    {
        *("csrf_token", "password", "old", "new", "again", "code"),
        *("version", "once", "draft", "inserted", "to", "suggested"),  # the page's own marks
    }
)


def install(app: Flask) -> None:
    """Answer every error of the app."""
    app.register_error_handler(NotLoggedInError, lost_session)
    app.register_error_handler(CSRFError, _bad_token)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _any)


def lost_session(error: Exception) -> ResponseReturnValue:
    """Ask to log in; what was typed stays on the page, and the way back is kept."""
    del error
    if _by_htmx():
        # The page under it may hold half a reply: it must not be replaced by a login form.
        return _notice(HTTPStatus.UNAUTHORIZED, "", template="problems/lost_notice.html")
    if request.method == "GET":
        return redirect(url_for("auth.sign_in", next=request.full_path.rstrip("?")))
    page = render_template("problems/lost.html", next=came_from(), typed=_typed())
    return make_response(page, HTTPStatus.UNAUTHORIZED)


def _bad_token(error: CSRFError) -> ResponseReturnValue:
    del error
    text = "这一页打开太久，或者刚刚重新登录过。没有保存，请刷新页面后再试一次。"
    return _problem(HTTPStatus.BAD_REQUEST, text)


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error.get_response()  # a redirect
    return _problem(HTTPStatus(error.code))


def _any(error: Exception) -> ResponseReturnValue:
    for kind, status in STATUS_OF:
        if isinstance(error, kind):
            return _problem(status, str(error) if isinstance(error, SPOKEN) else "")
    # Neither the message nor the stack's values: both may hold what a resident wrote.
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    log.error("page_failed", page=request.endpoint, error=type(error).__name__, where=where)
    return _problem(HTTPStatus.INTERNAL_SERVER_ERROR)


def _problem(status: HTTPStatus, text: str = "") -> Response:
    title, advice = TITLES.get(status, TITLES[HTTPStatus.BAD_REQUEST])
    if _by_htmx():
        return _notice(status, text or f"{title}。{advice}")
    page = render_template(
        "problems/problem.html",
        title=title,
        text=text or advice,
        back=came_from(),
        typed=_typed(),
    )
    return make_response(page, status)


def _notice(status: HTTPStatus, text: str, template: str = "problems/notice.html") -> Response:
    """Only the notice changes; the part of the page that was asked for stays as it is."""
    response = make_response(render_template(template, text=text), status)
    response.headers["HX-Reswap"] = "none"
    return response


def _by_htmx() -> bool:
    return "HX-Request" in request.headers


def _typed() -> list[str]:
    """What was typed into one of our own forms: nobody loses a text to an error."""
    if request.method != "POST" or urlsplit(request.referrer or "").netloc != request.host:
        return []
    pairs = request.form.items(multi=True)
    return [text for name, text in pairs if name not in NOT_SHOWN and len(text.strip()) > 1]
