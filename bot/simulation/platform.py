"""WeChat as a ledger: what it would take, and what it would refuse."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.errors import SendRefusedError

LIMIT, OPEN_FOR = 5, timedelta(hours=48)
NO_WINDOW, TOO_MANY = 45015, 45047


@dataclass
class Ledger:
    """Takes messages by WeChat's own rules; stands where its client stands."""

    now: Callable[[], datetime]
    opened: dict[str, datetime] = field(default_factory=dict)
    used: Counter[str] = field(default_factory=Counter)
    accepted: Counter[tuple[str, str]] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    heard: list[tuple[str, str]] = field(default_factory=list)
    """What arrived since somebody last looked: openid and text."""

    def wrote(self, openid: str) -> None:
        """Open five messages for two days."""
        self.opened[openid] = self.now()
        self.used[openid] = 0

    def send_text(self, openid: str, text: str, *, by_machine: bool) -> None:
        """Take a text, or raise SendRefusedError as WeChat would."""
        del by_machine
        if self.now() - self.opened.get(openid, datetime.min.replace(tzinfo=self.now().tzinfo)) > (
            OPEN_FOR
        ):
            self._refuse("no_window", NO_WINDOW)
        if self.used[openid] >= LIMIT:
            self._refuse("limit_reached", TOO_MANY)
        self.used[openid] += 1
        self.accepted[openid, text] += 1
        self.heard.append((openid, text))

    def send_file(self, openid: str, kind: str, content: bytes, *, content_type: str) -> None:
        """Take no file: nobody sends one in this month."""
        del openid, kind, content, content_type
        self._refuse("bad_file", 40007)

    def send_notice(self, openid: str, text: str, *, once: str) -> str:
        """Take a notice; it needs no window."""
        self.accepted[openid, text] += 1
        return once

    def _refuse(self, outcome: str, code: int) -> None:
        self.refused[outcome] += 1
        raise SendRefusedError(code, outcome)
