"""Plays WeChat's part towards our own callback, to see what WeChat would see."""

import secrets
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus

import requests

from bot.wechat.envelope import SUCCESS
from bot.wechat.keys import Keys

RESIDENT = "yunqiao-doctor"
"""Who sends the test event; always the same, so that it stays one row."""
_SECONDS = 5.0  # WeChat waits no longer


class Heard(StrEnum):
    """What came back."""

    GOOD = "good"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    STRANGE = "strange"  # somebody else answers there, or something on the way changes it


def debug_event(account_id: str, *, now: datetime) -> str:
    """Return the event that WeChat's own test sends; it has no effect beyond its row."""
    return (
        f"<xml><ToUserName>{account_id or RESIDENT}</ToUserName>"
        f"<FromUserName>{RESIDENT}</FromUserName><CreateTime>{int(now.timestamp())}</CreateTime>"
        "<MsgType>event</MsgType><Event>debug_demo</Event></xml>"
    )


def confirm(url: str, keys: Keys, *, now: datetime, forged: bool = False) -> Heard:
    """Make the GET with which WeChat checks an address."""
    stamp, nonce, echo = str(int(now.timestamp())), secrets.token_hex(8), secrets.token_hex(8)
    args = {"timestamp": stamp, "nonce": nonce, "echostr": echo}
    signature = keys.sign(stamp, nonce, *_and(forged=forged))
    answer = _call("GET", url, args | {"signature": signature})
    return answer if isinstance(answer, Heard) else _good(answer == echo)


def push(url: str, keys: Keys, xml: str, *, now: datetime, forged: bool = False) -> Heard:
    """Make a POST in safe mode."""
    stamp, nonce, sealed = str(int(now.timestamp())), secrets.token_hex(8), keys.seal(xml, 0)
    args = {
        "signature": keys.sign(stamp, nonce),
        "timestamp": stamp,
        "nonce": nonce,
        "encrypt_type": "aes",
        "msg_signature": keys.sign(stamp, nonce, sealed, *_and(forged=forged)),
    }
    body = f"<xml><ToUserName/><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    answer = _call("POST", url, args, body)
    return answer if isinstance(answer, Heard) else _good(answer == SUCCESS or "Encrypt" in answer)


def _and(*, forged: bool) -> tuple[str, ...]:
    return ("forged",) if forged else ()


def _good(right: bool) -> Heard:  # noqa: FBT001 (a yes or no is all it takes)
    return Heard.GOOD if right else Heard.STRANGE


def _call(method: str, url: str, args: dict[str, str], body: str | None = None) -> Heard | str:
    try:
        answer = requests.request(
            method, url, params=args, data=body, timeout=_SECONDS, allow_redirects=False
        )
    except requests.RequestException:
        return Heard.UNREACHABLE
    if answer.status_code == HTTPStatus.FORBIDDEN:
        return Heard.REFUSED
    return answer.text if answer.status_code == HTTPStatus.OK else Heard.STRANGE
