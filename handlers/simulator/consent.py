"""The page on which the platform asks who opens a link, and what the service learns of it."""

import secrets
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from handlers.simulator.answers import answer, refusal
from handlers.simulator.guard import refuse_other_sites
from handlers.simulator.here import simulator, world
from handlers.simulator.model import Code

consent = Blueprint("consent", __name__)
LASTS = timedelta(minutes=5)
LONGEST_STATE = 128


@consent.get("/connect/oauth2/authorize")
def authorize() -> str:
    """Let a person say on whose phone the link is opened."""
    refuse_other_sites(simulator().settings.simulator.host)
    asked = request.args
    if asked.get("appid") != simulator().settings.wechat.app_id:
        abort(400, "appid is another account's")
    state = asked.get("state", "")
    if len(state) > LONGEST_STATE or not state.isalnum():
        abort(400, "state is up to 128 letters and digits")
    if urlsplit(asked.get("redirect_uri", "")).scheme not in {"http", "https"}:
        abort(400, "redirect_uri is no web address")
    with world().reading() as opened:
        phones = [
            (phone.name, phone.about, _allow(phone.openid)) for phone in opened.residents.values()
        ]
    return render_template(
        "simulator/consent.html", account=simulator().settings.service.name, phones=phones
    )


@consent.get("/connect/oauth2/allow")
def allow() -> Redirect:
    """Go back to the service with a code that is good once."""
    refuse_other_sites(simulator().settings.simulator.host)
    openid = request.args.get("openid", "")
    if world().find(openid) is None:
        abort(404, "no such phone")
    value = secrets.token_urlsafe(24)
    with world().changing() as state:
        state.codes[value] = Code(openid, world().now())
    query = urlencode({"code": value, "state": request.args.get("state", "")})
    return redirect(f"{request.args.get('redirect_uri', '')}?{query}")


@consent.get("/sns/oauth2/access_token")
def who_is_it() -> Response:
    """Tell the service who opened the link, for a code that was not used before."""
    asked, wechat = request.args, simulator().settings.wechat
    if asked.get("appid") != wechat.app_id:
        return refusal(40013)
    if asked.get("secret") != wechat.app_secret.get_secret_value():
        return refusal(40125)
    with world().changing() as state:
        code = state.codes.pop(asked.get("code", ""), None)
    if code is None or code.made_at + LASTS <= world().now():
        return refusal(40029)
    return answer(
        access_token=secrets.token_urlsafe(40),
        expires_in=7200,
        refresh_token=secrets.token_urlsafe(40),
        openid=code.openid,
        scope="snsapi_base",
    )


def _allow(openid: str) -> str:
    asked = request.args
    return url_for(
        "consent.allow",
        openid=openid,
        redirect_uri=asked.get("redirect_uri", ""),
        state=asked.get("state", ""),
    )
