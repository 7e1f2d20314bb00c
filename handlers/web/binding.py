"""Where WeChat sends a caseworker who binds their account from inside WeChat."""

import re
from html import escape

from flask import Blueprint, Response, request

from bot.db.engine import reading, transaction
from bot.errors import RefusedError, SendLaterError
from bot.line import Line
from bot.notices import binding
from bot.staff_line import words
from bot.wechat.staff_calls import openid_of

_STATE = re.compile(r"[0-9a-f]{40}")
_CODE = re.compile(r"[A-Za-z0-9_-]{1,128}")
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_PAGE = (
    '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    "<title>绑定工作台</title></head><body><main><h1>绑定工作台</h1>{body}</main></body></html>"
)


def make_blueprint(line: Line) -> Blueprint:
    """Return the one address that WeChat's consent page leads to."""
    routes = Blueprint("binding", __name__)
    routes.add_url_rule(binding.CONSENT_PATH, "consented", lambda: _consented(line))
    return routes


def _consented(line: Line) -> Response:
    state, code = request.args.get("state", ""), request.args.get("code", "")
    if not _STATE.fullmatch(state) or not _CODE.fullmatch(code):
        return _page(words.BIND_EXPIRED, 404)
    scene = binding.PREFIX + state
    with reading(line.engine) as session:
        # Asked first: a stranger's guess must cost us no call to WeChat.
        wanted = binding.is_good(session, scene, now=line.now())
    if not wanted:
        return _page(words.BIND_EXPIRED, 404)
    try:
        openid = openid_of(line.tools.settings, code)
    except RefusedError:
        return _page(words.BIND_REFUSED, 400)
    except SendLaterError:
        return _page(words.BIND_LATER, 503)
    with transaction(line.engine) as session:
        made = binding.find(session, scene, now=line.now())
        number = binding.scanned(session, made, openid) if made else ""
    if not number:
        return _page(words.BIND_TAKEN, 409)
    return _page(words.BIND_NUMBER.format(number=number), 200)


def _page(text: str, status: int) -> Response:
    body = "".join(f"<p>{escape(line)}</p>" for line in text.splitlines())
    response = Response(_PAGE.format(body=body), status, content_type="text/html; charset=utf-8")
    response.headers.update(_HEADERS)
    return response
