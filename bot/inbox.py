"""Inbound messages: stored once whatever WeChat repeats, answered once whoever dies."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.engine import Base
from bot.db.types import Json, JsonObject, UTCDateTime


class ReplyVia(enum.StrEnum):
    """How the reply to a message reaches the resident."""

    PASSIVE = "passive"  # in the answer to WeChat's own call
    OUTBOX = "outbox"  # as a customer-service message
    NONE = "none"  # nothing is said


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
    text: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[JsonObject] = mapped_column(Json, default=dict)
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
    reply: Mapped[str] = mapped_column(Text, default="")
    reply_xml: Mapped[str] = mapped_column(Text, default="")
    """The passive reply before encryption, so that a repeat gets the same bytes."""
    reply_via: Mapped[str] = mapped_column(String(8), default="")
    handed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the passive reply left in an answer to WeChat."""
