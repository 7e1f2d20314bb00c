"""Inbound messages: stored once whatever WeChat repeats, answered once whoever dies."""

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Executable,
    ForeignKey,
    Index,
    String,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.contracts import Push
from bot.db.engine import Base, table_of
from bot.db.types import JsonObject, SealedJson, SealedText, UTCDateTime


class ReplyVia(enum.StrEnum):
    """How the reply to a message reaches the resident."""

    PASSIVE = "passive"  # in the answer to WeChat's own call
    OUTBOX = "outbox"  # as a customer-service message
    NONE = "none"  # nothing is said


OF_STAFF = "event.staff"
"""The kind under which a caseworker's own message is kept: no words of a resident."""


class InboundMessage(Base):
    """One message or event, and what became of it."""

    __tablename__ = "inbound_message"
    __table_args__ = (
        Index("ix_inbound_message_resident", "resident_id", "id"),
        Index("ix_inbound_message_unanswered", "answered_at", "lease_until"),
        Index("ix_inbound_message_unhanded", "reply_via", "handed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"))
    kind: Mapped[str] = mapped_column(String(40))
    msg_id: Mapped[str] = mapped_column(String(32), default="")
    text: Mapped[str] = mapped_column(SealedText, default="")
    details: Mapped[JsonObject] = mapped_column(SealedJson(), default=dict)
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    lease_until: Mapped[datetime] = mapped_column(UTCDateTime)
    """Until then somebody is working on it; later anybody may."""
    attempts: Mapped[int] = mapped_column(default=1)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    intent: Mapped[str] = mapped_column(String(24), default="")
    confidence: Mapped[float | None]
    topic: Mapped[str] = mapped_column(String(32), default="")
    urgency: Mapped[str] = mapped_column(String(8), default="")
    action: Mapped[str] = mapped_column(String(12), default="")
    understood_by: Mapped[str] = mapped_column(String(10), default="")
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    reply: Mapped[str] = mapped_column(SealedText, default="")
    reply_xml: Mapped[str] = mapped_column(SealedText, default="")
    """The passive reply before encryption, so that a repeat gets the same bytes."""
    passive_text: Mapped[str] = mapped_column(SealedText, default="")
    """What of the reply the passive answer holds; the rest is in the outbox."""
    reply_via: Mapped[str] = mapped_column(String(8), default="")
    handed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the passive reply left in an answer to WeChat."""


LEASE = timedelta(seconds=6)
"""A little more than WeChat waits: its next repeat may take over from a dead process."""
HAND_OVER_WITHIN = timedelta(seconds=20)
"""WeChat's three tries are over by then; a reply that no try took is sent by the outbox."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is stored of the reply to a message."""

    inbound_id: int
    answered: bool
    reply_via: str
    reply_xml: str
    free: bool
    """Nobody is working on it."""


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


def as_kept(push: Push, *, resident_id: int, now: datetime) -> dict[str, object]:
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
        "lease_until": now + LEASE,
    }


def kept(session: Session, key: str, *, now: datetime) -> Kept | None:
    """Return what is stored of the reply to the message with this key."""
    row = session.execute(
        select(
            InboundMessage.id,
            InboundMessage.answered_at,
            InboundMessage.reply_via,
            InboundMessage.reply_xml,
            InboundMessage.lease_until,
        ).where(InboundMessage.key == key)
    ).one_or_none()
    if row is None:
        return None
    return Kept(
        inbound_id=row.id,
        answered=row.answered_at is not None,
        reply_via=row.reply_via,
        reply_xml=row.reply_xml,
        free=row.answered_at is None and row.lease_until <= now,
    )


def take_over(session: Session, inbound_id: int, *, now: datetime) -> bool:
    """Lease an unanswered message whose worker died; False when somebody else was first."""
    taken = session.scalar(
        update(InboundMessage)
        .where(
            InboundMessage.id == inbound_id,
            InboundMessage.answered_at.is_(None),
            InboundMessage.lease_until <= now,
        )
        .values(lease_until=now + LEASE, attempts=InboundMessage.attempts + 1)
        .returning(InboundMessage.id)
    )
    return taken is not None


def next_leftover(session: Session, *, now: datetime) -> int | None:
    """Lease the oldest message that nobody works on; return its id."""
    found = session.scalar(
        select(InboundMessage.id)
        .where(InboundMessage.answered_at.is_(None), InboundMessage.lease_until <= now)
        .order_by(InboundMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if found is None or not take_over(session, found, now=now):
        return None
    return found


def unanswered(session: Session, inbound_id: int) -> InboundMessage | None:
    """Lock and return the message unless somebody has answered it meanwhile."""
    return session.scalar(
        select(InboundMessage)
        .where(InboundMessage.id == inbound_id, InboundMessage.answered_at.is_(None))
        .with_for_update()
    )


def mark_handed(session: Session, inbound_ids: list[int], *, now: datetime) -> None:
    """Note that these passive replies left in an answer to WeChat."""
    session.execute(
        update(InboundMessage)
        .where(InboundMessage.id.in_(inbound_ids), InboundMessage.handed_at.is_(None))
        .values(handed_at=now)
    )


def never_handed(session: Session, *, now: datetime, limit: int = 20) -> list[InboundMessage]:
    """
    Return answered messages whose passive reply no call of WeChat came to fetch.

    They are moved to the outbox's care; the caller enqueues their replies.
    """
    found = session.scalars(
        select(InboundMessage)
        .where(
            InboundMessage.reply_via == ReplyVia.PASSIVE,
            InboundMessage.handed_at.is_(None),
            or_(
                InboundMessage.answered_at <= now - HAND_OVER_WITHIN,
                # The clock may have been set back since.
                InboundMessage.answered_at > now + HAND_OVER_WITHIN,
            ),
        )
        .order_by(InboundMessage.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for message in found:
        message.reply_via = ReplyVia.OUTBOX
    return list(found)
