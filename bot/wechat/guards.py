"""Checks of what comes in from outside; every failure is a BadPushError with a short code."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from xml.parsers.expat import ExpatError

import xmltodict

from bot.errors import BadPushError
from bot.wechat.text import cdata, strip_controls

# Nothing but an XML declaration may stand before the root.  That keeps out every DOCTYPE,
# and with it entities of any kind; after the root has begun the parser itself refuses one.
_ROOT_FIRST = re.compile(r"\ufeff?\s*(?:<\?xml[^<>]*\?>)?\s*<xml[\s>]")
_CONTENT = re.compile(r"(<Content><!\[CDATA\[)((?:(?!</Content>).)*)(\]\]></Content>)", re.DOTALL)
_TIMESTAMP = re.compile(r"\d{10}", re.ASCII)
_LONGEST_VALUE = 256


def argument(args: Mapping[str, str], name: str, pattern: str) -> str:
    """Return the query argument *name*, which must be there and be like *pattern* as a whole."""
    value = args.get(name, "")
    if len(value) > _LONGEST_VALUE or not re.fullmatch(pattern, value, re.ASCII):
        raise BadPushError(name)
    return value


def timestamp(args: Mapping[str, str], *, now: datetime, freshness_seconds: int) -> str:
    """
    Return the signed timestamp if it is near enough to *now*.

    It must have ten digits: the signature joins its parts without a mark
    between them, so `12` + `3` would pass for `1` + `23`.
    """
    value = args.get("timestamp", "")
    if not _TIMESTAMP.fullmatch(value):
        msg = "timestamp"
        raise BadPushError(msg)
    if abs(now.timestamp() - int(value)) > freshness_seconds:
        msg = "stale"
        raise BadPushError(msg)
    return value


def decode(body: bytes, *, max_bytes: int) -> str:
    """Return the body as text."""
    if not body or len(body) > max_bytes:
        msg = "size"
        raise BadPushError(msg)
    try:
        return body.decode()
    except UnicodeDecodeError:
        msg = "encoding"
        raise BadPushError(msg) from None


def read_xml(text: str) -> dict[str, Any]:
    """
    Return the fields below the root `<xml>`: texts, or None where empty.

    A field that came twice is a list and one with fields inside is a dict;
    the caller says where that is allowed.  Control characters are dropped.
    """
    text = strip_controls(text)
    if not _ROOT_FIRST.match(text):
        msg = "root"
        raise BadPushError(msg)
    try:
        fields = _parse(text)["xml"]
    except (ExpatError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        msg = "xml"
        raise BadPushError(msg) from None
    if not isinstance(fields, dict):
        msg = "empty"
        raise BadPushError(msg)
    return fields


def _parse(text: str) -> dict[str, Any]:
    try:
        return dict(xmltodict.parse(text, strip_whitespace=False))
    except ExpatError:
        # Whether WeChat escapes a `]]>` that a resident types is not documented.
        mended = _CONTENT.sub(lambda m: m[1] + cdata(m[2]) + m[3], text)
        return dict(xmltodict.parse(mended, strip_whitespace=False))
