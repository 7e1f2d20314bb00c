"""What crosses the wire with WeChat: verified and opened on the way in, sealed on the way out.

Only safe mode is spoken.  In the others the signature does not cover the body, so that one
captured address would authorise any forged message, and a resident's words travel readable.

Against a replayed call there are two fences: its signed timestamp must be fresh, and within
that time the wide key of the message, unique in the database, makes it a repeat without effect.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from wechatpy.replies import TextReply

from bot.contracts import Push
from bot.errors import BadPushError
from bot.settings import WeChat
from bot.wechat.guards import argument, decode, read_xml, timestamp
from bot.wechat.keys import Keys
from bot.wechat.push import to_push
from bot.wechat.text import cdata

SUCCESS = "success"
"""The whole answer to WeChat when there is nothing to say."""
_NONCE = r"[A-Za-z0-9_-]{1,64}"
_SIGNATURE = r"[0-9a-f]{40}"
_ECHO = r"[A-Za-z0-9+/=_-]{1,128}"
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_READABLE = {"FromUserName", "MsgType", "Content", "Event"}


@dataclass(frozen=True, slots=True)
class Opened:
    """A verified push, and the number of the AES key it came under."""

    push: Push
    key_number: int


class Envelope:
    """Opens and seals what WeChat and we exchange; knows the secrets and shows none."""

    def __init__(self, settings: WeChat) -> None:
        """Take the account's keys; SettingsError if they cannot protect anything."""
        self._settings = settings
        self._keys = Keys(settings)

    def confirm(self, args: Mapping[str, str], *, now: datetime) -> str:
        """
        Return what WeChat wants to read when it checks our address with a GET.

        Raises:
            BadPushError: forged, stale or malformed.
        """
        stamp, nonce = self._stamp(args, now), argument(args, "nonce", _NONCE)
        if not self._keys.signed(argument(args, "signature", _SIGNATURE), stamp, nonce):
            msg = "forged"
            raise BadPushError(msg)
        return argument(args, "echostr", _ECHO)

    def open(self, args: Mapping[str, str], body: bytes, *, now: datetime) -> Opened:
        """
        Return the push inside a POST.

        Raises:
            BadPushError: plaintext, forged, stale, for another account, or malformed in
                any way; its text is a short code and never holds content.
        """
        if args.get("encrypt_type") != "aes":
            msg = "not_encrypted"
            raise BadPushError(msg)
        stamp, nonce = self._stamp(args, now), argument(args, "nonce", _NONCE)
        signature = argument(args, "msg_signature", _SIGNATURE)
        sealed = _ciphertext(decode(body, max_bytes=self._settings.max_body_bytes))
        if not self._keys.signed(signature, stamp, nonce, sealed):
            msg = "forged"
            raise BadPushError(msg)
        # Not opened means a wrong key of ours: WeChat must see that, or messages vanish quietly.
        xml, key_number = self._keys.open(sealed)
        try:
            push = to_push(read_xml(xml), account_id=self._settings.account_id)
        except BadPushError as error:
            raise BadPushError(str(error), signed=True) from None
        return Opened(push, key_number)

    def seal(self, xml: str, opened: Opened, *, now: datetime) -> str:
        """Return the encrypted answer, under the key the push came with; none: `success`."""
        if not xml:
            return SUCCESS
        sealed = self._keys.seal(xml, opened.key_number)
        stamp, nonce = str(int(now.timestamp())), secrets.token_hex(8)
        return (
            f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt>"
            f"<MsgSignature><![CDATA[{self._keys.sign(stamp, nonce, sealed)}]]></MsgSignature>"
            f"<TimeStamp>{stamp}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
        )

    def _stamp(self, args: Mapping[str, str], now: datetime) -> str:
        return timestamp(args, now=now, freshness_seconds=self._settings.freshness_seconds)


def text_reply(push: Push, text: str, *, now: datetime) -> str:
    """Return the readable XML that answers *push* with *text*: the same input, the same bytes."""
    reply = TextReply(
        source=push.account_id,
        target=push.openid,
        time=int(now.timestamp()),
        content=cdata(text),
    )
    return str(reply.render())


def _ciphertext(body: str) -> str:
    """Read nothing but the ciphertext: the rest of the body is not signed."""
    fields = read_xml(body)
    if _READABLE & fields.keys():
        msg = "not_safe_mode"
        raise BadPushError(msg)
    sealed = fields.get("Encrypt")
    if not isinstance(sealed, str) or not _BASE64.fullmatch(sealed.strip()):
        msg = "Encrypt"
        raise BadPushError(msg)
    return sealed.strip()
