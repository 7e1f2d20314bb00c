"""From the fields of WeChat's XML to a Push: what it is, who sent it, and its wide key."""

import hashlib
import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot import sealing
from bot.contracts import Push
from bot.errors import BadPushError

_MESSAGES = {"text", "voice", "image", "video", "shortvideo", "location", "link"}
_TEXT_FIELD = {"text": "Content", "voice": "Recognition", "link": "Title"}
_IDENTITY = r"[A-Za-z0-9_-]{1,64}"
_COORDINATES = {"Location_X": 90, "Location_Y": 180, "Latitude": 90, "Longitude": 180}
# Everything the platform sends once and as a plain text, as far as it is used here.
_SINGLE = {
    *("ToUserName", "FromUserName", "CreateTime", "MsgType", "MsgId", "MsgID", "Content"),
    *("Recognition", "Title", "Description", "Url", "PicUrl", "MediaId", "MediaId16K", "Format"),
    *("ThumbMediaId", "Scale", "Label", "Event", "EventKey", "Ticket", "Precision", "MenuId"),
    *("Status", "bizmsgmenuid"),
    *_COORDINATES,
}
_OWN_PLACE = {"ToUserName", "FromUserName", "CreateTime", "MsgType", "MsgId", "Event"}
# Two events of one person in one second differ in one of these.
_DISTINGUISHING = (
    *("EventKey", "Ticket", "MsgID", "MsgId", "MenuId", "Status", "KfAccount"),
    *("Latitude", "Longitude", "Precision"),
)
PLATFORMS_OWN = frozenset(
    {
        "event.templatesendjobfinish",
        "event.masssendjobfinish",
        "event.publishjobfinish",
        "event.subscribe_msg_sent_event",
    }
)
"""Events in a resident's name that no resident did."""
_LAST_SECOND = 4_102_444_800  # the year 2100
_MOST_FIELDS = 40
_LONGEST_NAME = 40
_LONGEST_DETAIL = 1000
_LONGEST_KIND = 32
# What WeChat sends as a text when a sticker or a file cannot be forwarded to us.
_UNSUPPORTED = "【收到不支持的消息类型"


def to_push(fields: Mapping[str, Any], *, account_id: str = "") -> Push:
    """
    Return the push these fields describe; types and events we do not know are pushes too.

    Args:
        fields: those of the decrypted XML, as `guards.read_xml` returns them.
        account_id: our own `gh_…`; empty, not checked.

    Raises:
        BadPushError: a field is missing, doubled, nested or out of range.
    """
    texts = _texts(fields)
    account = _match(texts, "ToUserName", _IDENTITY)
    if account_id and account != account_id:
        msg = "account"
        raise BadPushError(msg)
    openid = _match(texts, "FromUserName", _IDENTITY)
    kind = _kind(texts)
    _check_coordinates(texts)
    own = {"Content", "Recognition", "Title"} & {_TEXT_FIELD.get(kind)}
    return Push(
        key=_key(texts, openid=openid, kind=kind),
        kind=kind,
        openid=openid,
        account_id=account,
        sent_at=datetime.fromtimestamp(_created(texts), UTC),
        msg_id=texts.get("MsgId", "").strip(),
        text=texts.get(_TEXT_FIELD.get(kind, ""), ""),
        details={k: v[:_LONGEST_DETAIL] for k, v in texts.items() if k not in _OWN_PLACE | own},
    )


def _texts(fields: Mapping[str, Any]) -> dict[str, str]:
    """Return every field as a text; those we do not use may be nested, as JSON."""
    if len(fields) > _MOST_FIELDS:
        msg = "fields"
        raise BadPushError(msg)
    texts = {}
    for name, value in fields.items():
        if name in _SINGLE and not isinstance(value, str | None):
            raise BadPushError(name)
        if re.fullmatch(r"\w+", name, re.ASCII) and len(name) <= _LONGEST_NAME:
            texts[name] = _as_text(value)
    return texts


def _as_text(value: object) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        msg = "depth"
        raise BadPushError(msg) from None


def _match(texts: Mapping[str, str], name: str, pattern: str) -> str:
    value = texts.get(name, "").strip()
    if not re.fullmatch(pattern, value, re.ASCII):
        raise BadPushError(name)
    return value


def _created(texts: Mapping[str, str]) -> int:
    seconds = int(_match(texts, "CreateTime", r"\d{1,10}"))
    if not 0 < seconds < _LAST_SECOND:
        msg = "CreateTime"
        raise BadPushError(msg)
    return seconds


def _kind(texts: Mapping[str, str]) -> str:
    name = _plain(texts, "MsgType")
    if name == "event":
        return f"event.{_plain(texts, 'Event')}"
    if name == "text" and texts.get("Content", "").startswith(_UNSUPPORTED):
        return "unknown.unsupported"
    return name if name in _MESSAGES else f"unknown.{name}"


def _plain(texts: Mapping[str, str], name: str) -> str:
    value = texts.get(name, "").strip().lower()
    if not value:
        raise BadPushError(name)
    return re.sub(r"[^a-z0-9_]", "_", value)[:_LONGEST_KIND]


def _check_coordinates(texts: Mapping[str, str]) -> None:
    for name, limit in _COORDINATES.items():
        if not texts.get(name):
            continue
        try:
            value = float(texts[name])
        except ValueError:
            value = math.nan
        if not -limit <= value <= limit:
            raise BadPushError(name)


def _key(texts: Mapping[str, str], *, openid: str, kind: str) -> str:
    """
    Return what tells this push from every other, and is the same for its repeats.

    The keys WeChat recommends are too narrow: MsgId was seen twice, for two
    people sending voice at once, and several events of one person may carry
    the same second.
    """
    created, whose = _created(texts), sealing.token(openid)
    if kind.startswith("event."):
        apart = json.dumps([texts.get(name, "") for name in _DISTINGUISHING])
        return f"e:{created}:{whose}:{kind.removeprefix('event.')}:{_short(apart)}"
    if kind in _MESSAGES or texts.get("MsgId"):
        return f"m:{_match(texts, 'MsgId', '[0-9]{1,20}')}:{created}:{whose}"
    return f"m:{_short(json.dumps(sorted(texts.items())))}:{created}:{whose}"


def _short(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:32]
