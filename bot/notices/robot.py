"""The robot of a WeCom group: its address is a secret, and may lead nowhere but to WeCom."""

import json
from typing import Any

from bot.errors import SendLaterError, SendRefusedError
from bot.sections_alerts import robot_may_call
from bot.settings import Settings
from bot.wechat.outcomes import NoCode, failed
from bot.wechat.wire import Wire

_MOST_BYTES = 100_000
_TOO_FAST = {45009, 45033}
_GONE = {93000}


class Robot:
    """Says things in one group; shows its address to nobody."""

    def __init__(self, settings: Settings) -> None:
        ours, wechat = settings.alerts, settings.wechat
        self._url = ours.wecom_webhook.get_secret_value()
        self._hosts = ours.wecom_hosts
        self._wire = Wire(
            "",
            connect_seconds=wechat.connect_timeout_seconds,
            read_seconds=wechat.read_timeout_seconds,
        )

    def say(self, markdown: str) -> None:
        """
        Say it in the group.

        Raises:
            SendRefusedError: the address is not one of WeCom's, or no longer good.
            SendLaterError: not now.
        """
        if not robot_may_call(self._url, self._hosts):
            raise SendRefusedError(None, "bad_robot")
        payload = {"msgtype": "markdown", "markdown": {"content": markdown}}
        answer = self._wire.fetch(self._url, payload=payload, most_bytes=_MOST_BYTES)
        code = _code(answer.content)
        if code in _TOO_FAST:
            raise SendLaterError(code, "too_fast")
        if code in _GONE:
            raise SendRefusedError(code, "bad_robot")
        if code == -1:
            raise SendLaterError(code, "busy")
        if code:
            raise SendRefusedError(code, "robot_refused")


def _code(content: bytes) -> int:
    try:
        answer: dict[str, Any] = json.loads(content)
        return int(answer["errcode"])
    except (ValueError, TypeError, KeyError):
        raise failed(NoCode.UNREADABLE) from None
