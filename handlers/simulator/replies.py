"""What the callback answered: nothing, a reply to show, or something abnormal."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from xml.parsers.expat import ExpatError

import xmltodict

from handlers.simulator.crypto import Envelope, EnvelopeError
from handlers.simulator.model import Json
from handlers.simulator.wire import Answer

LONGEST_TEXT = 2047  # bytes; longer passive replies are reported to fail
OK = 200


class AbnormalReplyError(Exception):
    """The platform would show the grey line."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A passive reply, decrypted and checked."""

    xml: str
    kind: str
    text: str
    details: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads replies to one account."""

    envelope: Envelope
    account_id: str
    has_media: Callable[[str], bool]

    def read(self, answer: Answer, *, openid: str, plaintext: bool = False) -> Reply | None:
        """
        Return the reply, or None when the service has nothing to say.

        Raises:
            AbnormalReplyError: the answer is not one the platform accepts.
        """
        if answer.error or answer.status != OK:
            raise AbnormalReplyError(answer.error or f"HTTP {answer.status}")
        if answer.body.strip() in {b"", b"success"}:
            return None
        outer = _fields(answer.body.decode(errors="replace"))
        if "Encrypt" not in outer and not plaintext:
            msg = "not encrypted"
            raise AbnormalReplyError(msg)
        xml = self._open(outer) if "Encrypt" in outer else answer.body.decode(errors="replace")
        return self._check(xml, openid)

    def _open(self, outer: Json) -> str:
        stamp, nonce = _text(outer, "TimeStamp"), _text(outer, "Nonce")
        sealed = _text(outer, "Encrypt")
        if not self.envelope.matches(_text(outer, "MsgSignature"), stamp, nonce, sealed):
            msg = "wrong MsgSignature"
            raise AbnormalReplyError(msg)
        try:
            return self.envelope.decrypt(sealed)
        except EnvelopeError as error:
            raise AbnormalReplyError(str(error)) from None

    def _check(self, xml: str, openid: str) -> Reply:
        fields = _fields(xml)
        if _text(fields, "ToUserName") != openid:
            msg = "addressed to somebody else"
            raise AbnormalReplyError(msg)
        if _text(fields, "FromUserName") != self.account_id:
            msg = "sent by another account"
            raise AbnormalReplyError(msg)
        if not _text(fields, "CreateTime").isdecimal():
            msg = "CreateTime is not a number"
            raise AbnormalReplyError(msg)
        kind = _text(fields, "MsgType")
        shape = SHAPES.get(kind)
        if shape is None:
            msg = f"unknown MsgType {kind!r}"
            raise AbnormalReplyError(msg)
        text, details = shape(fields)
        media_id = details.get("media_id", "")
        if media_id and not self.has_media(media_id):
            msg = "unknown or expired MediaId"
            raise AbnormalReplyError(msg)
        return Reply(xml, kind, text, details)


def _fields(xml: str) -> Json:
    if "<!DOCTYPE" in xml:
        msg = "has a DOCTYPE"
        raise AbnormalReplyError(msg)
    try:
        root = xmltodict.parse(xml, strip_whitespace=False)["xml"]
    except (ExpatError, KeyError, ValueError):
        msg = "not the platform's XML"
        raise AbnormalReplyError(msg) from None
    if not isinstance(root, dict):
        msg = "not the platform's XML"
        raise AbnormalReplyError(msg)
    return root


def _text(fields: Json, name: str) -> str:
    value: Any = fields.get(name)
    if not isinstance(value, str) or not value.strip():
        msg = f"{name} is missing or empty"
        raise AbnormalReplyError(msg)
    return value


def _shape_text(fields: Json) -> tuple[str, Json]:
    content = _text(fields, "Content")
    if len(content.encode()) > LONGEST_TEXT:
        msg = f"Content is longer than {LONGEST_TEXT} bytes"
        raise AbnormalReplyError(msg)
    return content, {}


def _shape_image(fields: Json) -> tuple[str, Json]:
    return "", {"media_id": _text(_part(fields, "Image"), "MediaId")}


def _shape_voice(fields: Json) -> tuple[str, Json]:
    return "", {"media_id": _text(_part(fields, "Voice"), "MediaId"), "seconds": 3}


def _shape_video(fields: Json) -> tuple[str, Json]:
    return "", {"media_id": _text(_part(fields, "Video"), "MediaId")}


def _shape_news(fields: Json) -> tuple[str, Json]:
    items = _part(fields, "Articles").get("item")
    item = items[0] if isinstance(items, list) and items else items
    if not isinstance(item, dict):
        msg = "news without an article"
        raise AbnormalReplyError(msg)
    keys = {"description": "Description", "url": "Url", "picture": "PicUrl"}
    return _text(item, "Title"), {ours: item.get(name) or "" for ours, name in keys.items()}


def _shape_transfer(fields: Json) -> tuple[str, Json]:
    del fields
    return "", {}


def _part(fields: Json, name: str) -> Json:
    part = fields.get(name)
    if not isinstance(part, dict):
        msg = f"{name} is missing"
        raise AbnormalReplyError(msg)
    return part


SHAPES: dict[str, Callable[[Json], tuple[str, Json]]] = {
    "text": _shape_text,
    "image": _shape_image,
    "voice": _shape_voice,
    "video": _shape_video,
    "news": _shape_news,
    "transfer_customer_service": _shape_transfer,
}
