"""The API side: what every call of api.weixin.qq.com has in common, and the tokens."""

import json
import re
import time

from flask import Blueprint, Response, g, request

from handlers.simulator.answers import PlatformError, answer, body, refusal, string
from handlers.simulator.here import simulator, world
from handlers.simulator.model import ApiCall
from handlers.simulator.platform_assets import assets
from handlers.simulator.platform_messages import messages
from handlers.simulator.platform_notices import notices

api = Blueprint("api", __name__, url_prefix="/cgi-bin")
NEEDS_NO_TOKEN = frozenset({"/cgi-bin/token", "/cgi-bin/stable_token", "/cgi-bin/showqrcode"})
HTML = "<html><body><h1>502 Bad Gateway</h1></body></html>"
NO_JSON = -2
LONGEST_RECORD = 6000
SECRET = re.compile(r'("secret"\s*:\s*")[^"]*')


@api.before_request
def come_in() -> Response | None:
    """Let the faults strike, then check the token."""
    g.started = time.perf_counter()
    struck = _strike(request.path)
    if struck is not None or request.path in NEEDS_NO_TOKEN:
        return struck
    code = simulator().tokens.check(request.args.get("access_token", ""))
    return refusal(code) if code else None


@api.errorhandler(PlatformError)
def refuse(error: PlatformError) -> Response:
    """Answer a refusal in the platform's form."""
    return refusal(error.code)


@api.after_request
def record(response: Response) -> Response:
    """Keep what was asked and answered, without secrets."""
    fields = request.get_json(force=True, silent=True)
    fields = fields if isinstance(fields, dict) else {}
    text = "" if response.is_streamed else _readable(response)
    call = ApiCall(
        id=g.get("call_id") or world().next_id(),
        at=world().now(),
        method=request.method,
        path=request.path,
        openid=string(fields, "touser") or request.args.get("openid", ""),
        kind=string(fields, "msgtype") or string(fields, "command"),
        code=_code(text, response),
        request=_asked(),
        response=text[:LONGEST_RECORD],
        ms=round((time.perf_counter() - g.started) * 1000),
    )
    world().keep_call(call)
    return response


@api.post("/stable_token")
def stable_token() -> Response:
    """Give the one token that everybody shares."""
    fields = body()
    _check_account(string(fields, "appid"), string(fields, "secret"), fields.get("grant_type"))
    value, seconds = simulator().tokens.stable(force=fields.get("force_refresh") is True)
    return answer(access_token=value, expires_in=seconds)


@api.get("/token")
def token() -> Response:
    """Give a new token; the last one works five minutes longer."""
    asked = request.args
    _check_account(asked.get("appid", ""), asked.get("secret", ""), asked.get("grant_type"))
    value, seconds = simulator().tokens.plain()
    return answer(access_token=value, expires_in=seconds)


@api.get("/get_api_domain_ip")
@api.get("/getcallbackip")
def addresses() -> Response:
    """Name the platform's own addresses."""
    return answer(ip_list=["127.0.0.1"])


@api.route("/<path:rest>", methods=["GET", "POST"])
def nothing_here(rest: str) -> Response:
    """Refuse every other address."""
    del rest
    return refusal(40066)


def _check_account(app_id: str, secret: str, grant: object) -> None:
    wechat = simulator().settings.wechat
    if grant != "client_credential":
        raise PlatformError(40002)
    if app_id != wechat.app_id:
        raise PlatformError(40013)
    if secret != wechat.app_secret.get_secret_value():
        raise PlatformError(40125)


def _strike(path: str) -> Response | None:
    faults = simulator().faults
    slow = faults.take("api_slow", path)
    if slow is not None:
        time.sleep(slow.seconds)
    if faults.take("api_5xx", path):
        return Response(HTML, 502, content_type="text/html")
    if faults.take("api_html", path):
        return Response(HTML, 200, content_type="text/html")
    wrong = faults.take("api_errcode", path)
    if wrong is not None:
        return refusal(wrong.code)
    if faults.take("token_expired", path):
        simulator().tokens.expire()
    return None


def _asked() -> str:
    if request.path.endswith("/media/upload"):
        return f"({request.content_length} bytes)"
    return SECRET.sub(r"\1***", request.get_data(as_text=True))[:LONGEST_RECORD]


def _readable(response: Response) -> str:
    size = response.content_length
    return f"({size} bytes)" if _is_file(response) else response.get_data(as_text=True)


def _code(text: str, response: Response) -> int:
    if not response.is_json:
        return 0 if _is_file(response) else NO_JSON
    fields = json.loads(text)
    return int(fields.get("errcode", 0)) if isinstance(fields, dict) else NO_JSON


def _is_file(response: Response) -> bool:
    return (response.mimetype or "").startswith(("image/", "audio/", "video/"))


for blueprint in (messages, notices, assets):
    api.register_blueprint(blueprint)
