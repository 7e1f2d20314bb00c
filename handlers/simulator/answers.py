"""The platform's way to answer: JSON with errcode and errmsg, always HTTP 200."""

import json
import re
from typing import Any

from flask import Response, request

from handlers.simulator.model import Json

MESSAGES = {
    0: "ok",
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40004: "invalid media type",
    40005: "invalid file type",
    40006: "invalid media size",
    40007: "invalid media_id",
    40008: "invalid message type",
    40013: "invalid appid",
    40016: "invalid button size",
    40018: "invalid button name size",
    40023: "invalid sub button size",
    40029: "invalid code",
    40035: "invalid parameter",
    40037: "invalid template_id",
    40066: "invalid url",
    40125: "invalid appsecret",
    41001: "access_token missing",
    41005: "media data missing",
    42001: "access_token expired",
    43004: "require subscribe",
    43101: "user refuse to accept the msg",
    44004: "empty content",
    45002: "content size out of limit",
    45008: "article size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    45015: "response out of time limit or subscription is canceled",
    45047: "out of response count limit",
    45080: "client has not sent message recently",
    45081: "typing already in progress",
    46003: "menu no exist",
    47001: "data format error",
    47003: "argument invalid",
    48001: "api unauthorized",
    70000: "为保护未成年人权益，该条消息发送失败",
}
ESCAPED = re.compile(rb"(?<!\\)((?:\\\\)*)\\(u(?!00[01])[0-9a-fA-F]{4})")


class PlatformError(Exception):
    """The platform refuses a call."""

    def __init__(self, code: int) -> None:
        """Refuse with *code*."""
        super().__init__(code)
        self.code = code


def answer(**fields: Any) -> Response:  # noqa: ANN401 - whatever JSON holds
    """Return *fields* as the platform's JSON."""
    return _response(fields)


def done(**fields: Any) -> Response:  # noqa: ANN401
    """Return errcode 0 with *fields*."""
    return _response({"errcode": 0, "errmsg": "ok", **fields})


def refusal(code: int) -> Response:
    """Return *code* with its message."""
    return _response({"errcode": code, "errmsg": MESSAGES.get(code, "error")})


def body() -> Json:
    r"""
    Return the JSON of the request.

    The platform does not read `\\u4f60`: it shows a resident those six
    characters, a trap that many libraries fell into.  So it is here.

    Raises:
        PlatformError: 47001, the body is not a JSON object.
    """
    raw = ESCAPED.sub(rb"\1\\\\\2", request.get_data())
    try:
        value = json.loads(raw)
    except (ValueError, UnicodeDecodeError):
        raise PlatformError(47001) from None
    if not isinstance(value, dict):
        raise PlatformError(47001)
    return value


def part(fields: Json, name: str) -> Json:
    """Return the object *name* of *fields*, empty when it is something else."""
    value = fields.get(name)
    return value if isinstance(value, dict) else {}


def string(fields: Json, name: str) -> str:
    """Return the text *name* of *fields*; numbers count as text, all else is empty."""
    value = fields.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""


def _response(fields: Json) -> Response:
    text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    return Response(text, content_type="application/json; encoding=utf-8")
