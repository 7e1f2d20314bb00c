"""The reply that is kept for the outcome, and how many messages an answer would take."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.outbox import Kind, OutboundMessage, SendState
from bot.outbox.bundling import closing_said_once
from bot.outbox.sending import KEPT, SHORT
from bot.wechat import budget


@dataclass(frozen=True, slots=True)
class Room:
    """What is left to say for a resident who does not write."""

    left: int
    """Messages WeChat still takes, what is queued paid for already; never negative."""
    until: datetime | None
    """None: no window is open."""
    keeps: bool
    """Whether one of them is kept for the outcome."""

    @property
    def free(self) -> int:
        """How many answers can be written before the last message is touched."""
        return max(0, self.left - KEPT) if self.keeps else self.left


def room(session: Session, resident_id: int, *, now: datetime, limit_bytes: int) -> Room:
    """Return what is left when everything that is queued has gone out."""
    known = budget.left(session, resident_id, now=now)
    if known.left == 0:
        return Room(0, known.until, keeps=known.window == "message")
    used = would_take(known.left, queued(session, resident_id), limit_bytes=limit_bytes)
    return Room(max(0, known.left - used), known.until, keeps=known.window == "message")


def queued(session: Session, resident_id: int) -> Sequence[OutboundMessage]:
    """Return what is on its way to the resident and not paid for, in order."""
    return session.scalars(
        select(OutboundMessage)
        .where(
            OutboundMessage.resident_id == resident_id,
            OutboundMessage.state == SendState.QUEUED,
            OutboundMessage.kind != Kind.NOTICE,
            OutboundMessage.bundle_id.is_(None),
            OutboundMessage.paid_from == "",
        )
        .order_by(OutboundMessage.id)
    ).all()


def would_take(left: int, rows: Sequence[OutboundMessage], *, limit_bytes: int) -> int:
    """Return how many of *left* messages these rows cost, with bundling as the outbox does it."""
    used, at = 0, 0
    while at < len(rows):
        short = left - used <= SHORT
        at += _as_one(rows[at:], limit_bytes) if short else 1
        used += 1
    return used


def _as_one(rows: Sequence[OutboundMessage], limit_bytes: int) -> int:
    """Return how many of the rows go out in the text of the first."""
    head = rows[0]
    if head.by_machine or head.kind != Kind.TEXT:
        return 1
    for count in range(1, len(rows)):
        other = rows[count]
        alike = (other.by_machine, other.kind, other.staff_id, other.ticket_id) == (
            False,
            Kind.TEXT,
            head.staff_id,
            head.ticket_id,
        )
        texts = [row.text for row in rows[: count + 1]]
        if not alike or len(closing_said_once(texts).encode()) > limit_bytes:
            return count
    return len(rows)
