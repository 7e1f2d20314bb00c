"""Who looked at what, put on record once the page is made and its transaction is over."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import g, request
from sqlalchemy import Engine

from bot import audit
from bot.db.engine import transaction
from handlers.console.access import TABLE

AGAIN = timedelta(minutes=15)
"""Looking at the same thing within this time is one look: pages ask anew by themselves."""
MOST_REMEMBERED = 20_000
QUERY_DIGITS = 16
SELF_NOTED = frozenset({"tickets.show", "file.choose", "casefile.mentionable"})
"""What says itself whether content was shown, or shows none."""


@dataclass(frozen=True, slots=True)
class Look:
    """Something that somebody was shown."""

    deed: str
    subject: str
    detail: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Looks:
    """What this process put on record lately, so that a page costs no statement for it."""

    _at: dict[tuple[int, Look], datetime] = field(default_factory=dict)

    def new(self, staff_id: int, looks: Sequence[Look], *, now: datetime) -> list[Look]:
        """Return those that are not on record yet, each once."""
        long_ago = now - AGAIN
        known = self._at
        return [
            look
            for look in dict.fromkeys(looks)
            if known.get((staff_id, look), long_ago) <= long_ago
        ]

    def keep(self, staff_id: int, looks: Sequence[Look], *, now: datetime) -> None:
        """Remember what was committed."""
        if len(self._at) > MOST_REMEMBERED:
            self._at.clear()
        self._at.update(dict.fromkeys(((staff_id, look) for look in looks), now))


def looked_at_ticket(number: str, page: str, **detail: object) -> None:
    """Note that this request shows what is in a ticket."""
    looked("ticket.read", audit.of_ticket(number), page=page, **detail)


def looked(deed: str, subject: str = "", **detail: object) -> None:
    """Note that this request shows something of residents; no content in *detail*."""
    said = tuple((name, str(value)) for name, value in detail.items())
    g.setdefault("looks", []).append(Look(deed, subject, said))


def query_mark(words: str, key: str) -> str:
    """Return what tells whether the same was searched for again, and not what it was."""
    mark = hmac.new(key.encode(), words.strip().encode("utf-8", "replace"), hashlib.sha256)
    return mark.hexdigest()[:QUERY_DIGITS]


def note_page(*, changes: bool) -> None:
    """Note a page of a ticket that its address names; what *changes* it is on record anyway."""
    rule = TABLE.get(request.endpoint or "")
    number = (request.view_args or {}).get("number")
    if changes or rule is None or not rule.reads or not number or request.endpoint in SELF_NOTED:
        return
    media = (request.view_args or {}).get("media_id")
    # Small pictures come with the page, by the dozen; what is opened is named.
    named = {"media": media} if media and request.endpoint == "tickets.media" else {}
    looked_at_ticket(str(number), str(request.endpoint), **named)


def put_on_record(engine: Engine, memory: Looks, *, staff_id: int, now: datetime) -> None:
    """
    Write what this request showed; a page that cannot be put on record is not shown.

    In a transaction of its own: making a page holds up no writer.
    """
    new = memory.new(staff_id, g.get("looks", []), now=now)
    if not new:
        return
    with transaction(engine) as session:
        for look in new:
            audit.record(
                session, deed=look.deed, now=now, staff_id=staff_id, subject=look.subject,
                **dict(look.detail),
            )  # fmt: skip
    memory.keep(staff_id, new, now=now)
