"""The API side: messages to residents, and the typing sign."""

from datetime import timedelta

from flask import Blueprint, Response, g

from handlers.simulator import quota
from handlers.simulator.answers import PlatformError, body, done, part, string
from handlers.simulator.here import following, simulator, world
from handlers.simulator.model import Json, Resident

messages = Blueprint("messages", __name__)
LONGEST = 2048
TYPING_FOR = timedelta(seconds=15)
TYPING_AFTER = timedelta(seconds=30)
MEDIA_KINDS = frozenset({"image", "voice", "video"})
PLAIN_KINDS = frozenset({"mpnews", "mpnewsarticle", "wxcard", "miniprogrampage", "music"})


@messages.post("/message/custom/send")
def send() -> Response:
    """Put a message into a resident's chat if the quota allows."""
    fields = body()
    resident = _addressee(fields)
    kind = string(fields, "msgtype")
    text, details = _content(kind, part(fields, kind))
    _spend(resident)
    g.call_id = world().next_id()
    world().change(resident.openid, typing_until=None, exchanged_at=world().now())
    world().say(
        resident.openid,
        "account",
        kind,
        text,
        ai=_is_ai(fields),
        agent=string(part(fields, "customservice"), "kf_account").partition("@")[0],
        exchange=g.call_id,
        details=details,
    )
    return done()


@messages.post("/message/custom/typing")
def typing() -> Response:
    """Show or hide 对方正在输入."""
    fields = body()
    resident = _addressee(fields)
    command = string(fields, "command")
    now = world().now()
    if command == "CancelTyping":
        world().change(resident.openid, typing_until=None)
        return done()
    if command != "Typing":
        raise PlatformError(40035)
    if resident.exchanged_at is None or now - resident.exchanged_at > TYPING_AFTER:
        raise PlatformError(45080)
    if resident.typing_until is not None and resident.typing_until > now:
        raise PlatformError(45081)
    world().change(resident.openid, typing_until=now + TYPING_FOR)
    return done()


def _addressee(fields: Json) -> Resident:
    openid = string(fields, "touser")
    if world().find(openid) is None:
        raise PlatformError(40003)
    resident = following(openid)
    if resident is None:
        raise PlatformError(quota.OUT_OF_TIME)
    return resident


def _spend(resident: Resident) -> None:
    with world().changing():
        fresh = world().find(resident.openid) or resident
        code, windows = quota.spend(fresh.windows, world().now())
        if code:
            raise PlatformError(code)
        world().change(resident.openid, windows=windows)


def _is_ai(fields: Json) -> bool:
    return string(part(fields, "aimsgcontext"), "is_ai_msg") == "1"


def _content(kind: str, inner: Json) -> tuple[str, Json]:
    if kind == "text":
        return _sized(string(inner, "content")), {}
    if kind in MEDIA_KINDS:
        return "", _media(inner)
    if kind == "msgmenu":
        return _msgmenu(inner)
    if kind == "news":
        return _news(inner)
    if kind in PLAIN_KINDS:
        return string(inner, "title") or kind, {}
    raise PlatformError(40008)


def _sized(text: str) -> str:
    if not text:
        raise PlatformError(44004)
    if len(text.encode()) > LONGEST:
        raise PlatformError(45002)
    return text


def _media(inner: Json) -> Json:
    media_id = string(inner, "media_id")
    if not simulator().media.has(media_id):
        raise PlatformError(40007)
    return {"media_id": media_id, "seconds": 3}


def _msgmenu(inner: Json) -> tuple[str, Json]:
    items = inner.get("list")
    if not isinstance(items, list) or not items:
        raise PlatformError(44004)
    choices = [
        {"id": string(item, "id"), "content": _sized(string(item, "content"))}
        for item in items
        if isinstance(item, dict)
    ]
    head, tail = string(inner, "head_content"), string(inner, "tail_content")
    _sized("".join([head or " ", *(choice["content"] for choice in choices), tail]))
    return head, {"choices": choices, "tail": tail}


def _news(inner: Json) -> tuple[str, Json]:
    articles = inner.get("articles")
    if not isinstance(articles, list) or len(articles) != 1 or not isinstance(articles[0], dict):
        raise PlatformError(45008)
    article = articles[0]
    keys = {"description": "description", "url": "url", "picture": "picurl"}
    return _sized(string(article, "title")), {k: string(article, v) for k, v in keys.items()}
