"""WeChat's side of the wire, written from the platform's description and not from our code."""

import base64
import hashlib
import os
import struct

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from pydantic import SecretStr

from bot.settings import WeChat
from tests.conftest import NOW

TOKEN = "a-token-of-the-test"
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
OLD_KEY = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"
APP_ID = "wx0123456789abcdef"
SECRET = "the-app-secret-of-the-test"
STAMP = str(int(NOW.timestamp()))
TEXT = "<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{}]]></Content><MsgId>42</MsgId>"


def settings(**changes: object) -> WeChat:
    values: dict[str, object] = {
        "token": SecretStr(TOKEN),
        "aes_key": SecretStr(KEY),
        "app_id": APP_ID,
        "app_secret": SecretStr(SECRET),
    }
    return WeChat.model_validate(values | changes)


def sign(*parts: str) -> str:
    return hashlib.sha1("".join(sorted((TOKEN, *parts))).encode()).hexdigest()


def encrypt(xml: str | bytes, *, key: str = KEY, app_id: str = APP_ID) -> str:
    data = xml.encode() if isinstance(xml, str) else xml
    plain = os.urandom(16) + struct.pack(">I", len(data)) + data + app_id.encode()
    pad = 32 - len(plain) % 32
    raw = base64.b64decode(key + "=")
    encryptor = Cipher(AES(raw), CBC(raw[:16])).encryptor()
    sealed = encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()
    return base64.b64encode(sealed).decode()


def decrypt(sealed: str, *, key: str = KEY) -> str:
    raw = base64.b64decode(key + "=")
    decryptor = Cipher(AES(raw), CBC(raw[:16])).decryptor()
    plain = decryptor.update(base64.b64decode(sealed)) + decryptor.finalize()
    plain = plain[: -plain[-1]]
    (length,) = struct.unpack(">I", plain[16:20])
    assert plain[20 + length :].decode() == APP_ID
    return plain[20 : 20 + length].decode()


def message(inside: str, *, openid: str = "o-li", created: str = STAMP) -> str:
    return (
        "<xml><ToUserName><![CDATA[gh_1]]></ToUserName>"
        f"<FromUserName><![CDATA[{openid}]]></FromUserName>"
        f"<CreateTime>{created}</CreateTime>{inside}</xml>"
    )


def event(name: str, inside: str = "", *, openid: str = "o-li") -> str:
    kind = f"<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[{name}]]></Event>"
    return message(kind + inside, openid=openid)


def text(content: str) -> str:
    return message(TEXT.format(content))


def call(sealed: str, *, stamp: str = STAMP) -> tuple[dict[str, str], bytes]:
    """The query and the body of a proper POST in safe mode."""
    body = (
        "<xml><ToUserName><![CDATA[gh_1]]></ToUserName>"
        f"<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    )
    args = {
        "signature": sign(stamp, "n1"),
        "timestamp": stamp,
        "nonce": "n1",
        "encrypt_type": "aes",
        "msg_signature": sign(stamp, "n1", sealed),
        "openid": "o-somebody-else",
    }
    return args, body.encode()


def greeting(**changes: str) -> dict[str, str]:
    """The query of the GET with which WeChat checks our address."""
    args = {"signature": sign(STAMP, "n1"), "timestamp": STAMP, "nonce": "n1", "echostr": "5927"}
    return args | changes
