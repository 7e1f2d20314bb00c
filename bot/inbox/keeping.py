"""Keeping what arrives: stored once whatever WeChat repeats."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Executable, exists, insert, not_, or_, select
from sqlalchemy.orm import Session, aliased

from bot.contracts import Push
from bot.db.engine import table_of
from bot.inbox.tables import InboundMessage
from bot.inbox.turns import LEASE, in_the_way, is_free


@dataclass(frozen=True, slots=True)
class Kept:
    """What is stored of the reply to a message."""

    inbound_id: int
    answered: bool
    reply_via: str
    reply_xml: str
    free: bool
    """Nobody is working on it."""


@dataclass(frozen=True, slots=True)
class Placing:
    """How a message that arrives is to be answered."""

    can_wait: bool = True
    now: bool = True
    """By whoever stores it; else a worker takes it up."""


USUAL = Placing()


def store(session: Session, push: Push, *, resident_id: int, now: datetime) -> InboundMessage:
    """
    Keep the message, leased to the caller.

    Raises:
        sqlalchemy.exc.IntegrityError: it is here already; the caller's
            transaction is void and must be rolled back.
    """
    values = as_kept(push, resident_id=resident_id, now=now)
    return session.get_one(InboundMessage, session.execute(storing(), values).scalar_one())


def storing(*asked: ColumnElement[bool]) -> Executable:
    """Return the statement that keeps `as_kept` and gives the id, and what is *asked* besides."""
    messages = table_of(InboundMessage)
    return insert(messages).returning(messages.c.id, *asked)


def as_kept(
    push: Push, *, resident_id: int, now: datetime, placing: Placing = USUAL
) -> dict[str, object]:
    """Return the values of a message that was just received."""
    return {
        "key": push.key,
        "resident_id": resident_id,
        "kind": push.kind,
        "msg_id": push.msg_id,
        "text": push.text,
        "details": dict(push.details),
        "sent_at": push.sent_at,
        "received_at": now,
        "lease_until": now + LEASE if placing.now else now,
        "attempts": 1 if placing.now else 0,
        "can_wait": placing.can_wait,
    }


def behind(
    writer: ColumnElement[int], key: ColumnElement[str], calm: ColumnElement[bool]
) -> ColumnElement[bool]:
    """
    Return the condition that an earlier message of the *writer* is to be answered first.

    *key* is that of the message itself; where it is not *calm*, only danger goes before it.
    """
    earlier = aliased(InboundMessage)
    return exists().where(
        earlier.resident_id == writer,
        earlier.key != key,
        *in_the_way(earlier),
        or_(calm, not_(earlier.can_wait)),
    )


def kept(session: Session, key: str, *, now: datetime) -> Kept | None:
    """Return what is stored of the reply to the message with this key."""
    row = session.execute(
        select(
            InboundMessage.id,
            InboundMessage.answered_at,
            InboundMessage.reply_via,
            InboundMessage.reply_xml,
            is_free(now).label("free"),
        ).where(InboundMessage.key == key)
    ).one_or_none()
    if row is None:
        return None
    return Kept(
        inbound_id=row.id,
        answered=row.answered_at is not None,
        reply_via=row.reply_via,
        reply_xml=row.reply_xml,
        free=bool(row.free),
    )
