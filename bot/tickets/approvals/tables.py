"""Requests that somebody else decides."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.engine import Base
from bot.db.types import JsonObject, SealedJson, SealedText, UTCDateTime


class ApprovalKind(enum.StrEnum):
    """What needs a second person's word."""

    EXTENSION = "extension"
    CLOSE = "close"
    CALM = "calm"  # taking the crisis flag off


class Approval(Base):
    """A request that somebody else must decide; never who asked."""

    __tablename__ = "ticket_approval"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(SealedText)
    """For an extension: what the resident is told."""
    data: Mapped[JsonObject] = mapped_column(SealedJson(), default=dict)
    """What is asked for: until, code, responsible, way_on, …"""
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    approved: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(SealedText, default="", server_default="")
