"""Consent given, requests made, and what is left of who had everything deleted."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.engine import Base
from bot.db.types import Json, JsonObject, SealedJson, SealedText, UTCDateTime


class ConsentKind(enum.StrEnum):
    """What somebody says yes or no to."""

    NOTICE = "notice"  # how what they tell us is used
    SHARING = "sharing"  # that a matter goes to another organisation, by a caseworker's word


class Consent(Base):
    """One yes or no; rows are only added, and the last one of a kind counts."""

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_resident_id_kind", "resident_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"))
    kind: Mapped[str] = mapped_column(String(12))
    version: Mapped[str] = mapped_column(String(12))
    """Of the words that were shown (bot/wording_personal.py)."""
    given: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class RequestKind(enum.StrEnum):
    """What a resident wants done with what we keep of them."""

    CORRECT = "correct"
    ERASE = "erase"


class RequestState(enum.StrEnum):
    """How far it is."""

    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class DataRequest(Base):
    """A resident's wish about what we keep of them, and what became of it."""

    __tablename__ = "data_request"
    __table_args__ = (Index("ix_data_request_state_due_at", "state", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(SealedText, default="")
    """What is wrong and how it is right, in the resident's words."""
    state: Mapped[str] = mapped_column(String(10), default=RequestState.OPEN)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    agreed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Who was the first of two to agree to a deletion."""
    answer: Mapped[str] = mapped_column(SealedText, default="")
    """Why not, or what was mended; the resident reads it."""


class Erasure(Base):
    """What is left of what was deleted: that it was, how much, and the files still to go."""

    __tablename__ = "erasure"

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)
    why: Mapped[str] = mapped_column(String(12))
    """request or retention."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    backups_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """By then the last backup that still holds it is deleted."""
    rows: Mapped[JsonObject] = mapped_column(Json, default=dict)
    """How many rows of which table were emptied."""
    files: Mapped[JsonObject] = mapped_column(SealedJson(), default=dict)
    """`paths` below the data folder that are still to be deleted; empty: all are gone."""


class LegalHold(Base):
    """Nothing of the ticket is deleted while it lasts: a court or an authority needs it."""

    __tablename__ = "legal_hold"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    reason: Mapped[str] = mapped_column(SealedText)
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    lifted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
