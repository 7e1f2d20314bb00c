"""The table of inbound messages."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text, true
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.engine import Base
from bot.db.types import JsonObject, SealedJson, SealedText, UTCDateTime


class ReplyVia(enum.StrEnum):
    """How the reply to a message reaches the resident."""

    PASSIVE = "passive"  # in the answer to WeChat's own call
    OUTBOX = "outbox"  # as a customer-service message
    NONE = "none"  # nothing is said


OF_STAFF = "event.staff"
"""The kind under which a caseworker's own message is kept: no words of a resident."""


def _of_unanswered(name: str, *columns: str) -> Index:
    """Return an index that stays small, since nearly everything is answered."""
    which = text("answered_at IS NULL")
    return Index(name, *columns, sqlite_where=which, postgresql_where=which)


ASKED = text("shown IS NOT NULL AND text != ''")
ABOUT = text("about_id IS NOT NULL")


class InboundMessage(Base):
    """One message or event, and what became of it."""

    __tablename__ = "inbound_message"
    __table_args__ = (
        Index("ix_inbound_message_resident", "resident_id", "id"),
        _of_unanswered("ix_inbound_message_waiting", "can_wait", "id"),
        _of_unanswered("ix_inbound_message_waiting_resident", "resident_id", "id"),
        Index("ix_inbound_message_unhanded", "reply_via", "handed_at"),
        Index("ix_inbound_message_asked", "id", sqlite_where=ASKED, postgresql_where=ASKED),
        Index("ix_inbound_message_about", "about_id", sqlite_where=ABOUT, postgresql_where=ABOUT),
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
    can_wait: Mapped[bool] = mapped_column(default=True, server_default=true())
    """False for what reads like a crisis: it is answered before all others."""
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
    shown: Mapped[str | None] = mapped_column(String(128))
    """Of a question to the knowledge base that nobody has looked over: ids of the entries it was
    answered with, offered or, declined, found; with blanks between."""
    about_id: Mapped[int | None]
    """The earlier message that this one, a number or a place, goes back to."""
    handed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the passive reply left in an answer to WeChat."""
