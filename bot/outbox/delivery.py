"""Handing a claimed message to WeChat, with no transaction open, whatever it holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from bot import kept_files
from bot.errors import SendLaterError, SendRefusedError
from bot.outbox.tables import FILES, Kind, OutboundMessage

ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Sendable:
    """A message that is ours to send, for the time of the lease."""

    outbound_id: int
    attempt: int
    by_machine: bool
    openid: str = field(repr=False)
    text: str = field(repr=False)
    kind: str = Kind.TEXT
    path: str = ""
    """Of a file: where it lies below the folder of media."""
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """How a try ended: `accepted`, or a name of bot/wechat/outcomes.py."""

    outcome: str
    code: int | None = None
    told: Mapping[str, str] = field(default_factory=dict)
    """What WeChat said of an accepted message and will come back to."""


class Sender(Protocol):
    """What sends: the client of WeChat's API.  All raise SendRefusedError or SendLaterError."""

    def send_text(self, openid: str, text: str, *, by_machine: bool) -> None:
        """Send a text."""

    def send_file(self, openid: str, kind: str, content: bytes, *, content_type: str) -> None:
        """Send a picture, a voice or a video."""

    def send_notice(self, openid: str, text: str, *, once: str) -> str:
        """Say that there is something to read; return WeChat's id of the notice."""


def of_kind(row: OutboundMessage, *, openid: str, text: str) -> Sendable:
    """Return the row as something to send."""
    details = row.details
    return Sendable(
        outbound_id=row.id,
        attempt=row.attempts,
        by_machine=row.by_machine,
        openid=openid,
        text=text,
        kind=row.kind,
        path=str(details.get("path", "")),
        content_type=str(details.get("content_type", "")),
    )


def deliver(api: Sender, sendable: Sendable, *, folder: Path | None = None) -> Result:
    """Send, with no transaction open, and return how it ended; files lie below *folder*."""
    told: Mapping[str, str] = {}
    try:
        if sendable.kind in FILES:
            _send_file(api, sendable, folder)
        elif sendable.kind == Kind.NOTICE:
            told = {"notice_id": _send_notice(api, sendable)}
        else:
            api.send_text(sendable.openid, sendable.text, by_machine=sendable.by_machine)
    except (SendRefusedError, SendLaterError) as error:
        return Result(error.outcome, error.code)
    return Result(ACCEPTED, 0, told)


def _send_notice(api: Sender, sendable: Sendable) -> str:
    # One try is one notice: a repeat after an answer lost on the way is not shown twice.
    return api.send_notice(sendable.openid, sendable.text, once=f"notice-{sendable.outbound_id}")


def _send_file(api: Sender, sendable: Sendable, folder: Path | None) -> None:
    path = folder / sendable.path if folder and sendable.path else None
    if path is None or not path.is_file():
        raise SendRefusedError(None, "file_gone")
    content = kept_files.read(path)
    api.send_file(sendable.openid, sendable.kind, content, content_type=sendable.content_type)
