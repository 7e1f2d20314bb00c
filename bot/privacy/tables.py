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
    SHARING = "sharing"  # that a matter goes to another organisation
    SENSITIVE = "sensitive"  # that illness, money and their like are written down (PIPL 29)
    GUARDIAN = "guardian"  # a guardian's, for a child under fourteen (PIPL 31)


class How(enum.StrEnum):
    """How somebody said it."""

    CHAT = "chat"
    PHONE = "phone"
    MEETING = "meeting"
    PAPER = "paper"
    NOT_ASKED = "not_asked"


class Ground(enum.StrEnum):
    """What lets it go on (PIPL 13)."""

    CONSENT = "consent"
    EMERGENCY = "emergency"  # a life, health or property in an emergency: 13 (4)
    DUTY = "duty"  # the law demands it, such as the report of harm to a child: 13 (3)


class Consent(Base):
    """One yes or no; rows are only added, and the last one of a kind counts."""

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_resident_id_kind", "resident_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    """The matter in which it was said; what goes to others is agreed to for that one only."""
    kind: Mapped[str] = mapped_column(String(12))
    about: Mapped[str] = mapped_column(String(16), default="", server_default="")
    """sharing: `org:7` or nothing; sensitive: a key of data/consent.yaml."""
    to: Mapped[str] = mapped_column(SealedText, default="", server_default="")
    what: Mapped[str] = mapped_column(SealedText, default="", server_default="")
    """Who gets what, as it was asked."""
    version: Mapped[str] = mapped_column(String(12))
    """Of the words that were shown (bot/wording_personal.py)."""
    given: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    how: Mapped[str] = mapped_column(String(12), default=How.CHAT, server_default="chat")
    said_by: Mapped[str] = mapped_column(SealedText, default="", server_default="")
    """Who said it, where that is not the owner of the phone."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Who of staff wrote it down; nobody: it was said in the chat."""
    ground: Mapped[str] = mapped_column(
        String(12), default=Ground.CONSENT, server_default="consent"
    )
    reason: Mapped[str] = mapped_column(SealedText, default="", server_default="")
    """Why it goes on without a yes."""


class ConsentQuestion(Base):
    """What somebody was asked to agree to, and whether they have answered."""

    __tablename__ = "consent_question"
    __table_args__ = (Index("ix_consent_question_resident_id", "resident_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    about: Mapped[str] = mapped_column(String(16), default="")
    to: Mapped[str] = mapped_column(SealedText, default="")
    what: Mapped[str] = mapped_column(SealedText, default="")
    version: Mapped[str] = mapped_column(String(12))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    given: Mapped[bool | None]
    """The answer that counts now; none: there is none yet."""


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


BY_REQUEST = "request"


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
