"""Where the dialogue with each resident stands, and what was answered from what."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.engine import Base
from bot.db.types import Json, JsonObject, SealedJson, UTCDateTime


class Speaker(enum.StrEnum):
    """Who talks to the resident now."""

    BOT = "bot"
    PERSON = "person"


class Conversation(Base):
    """The dialogue with one resident; its row is locked while a turn is decided."""

    __tablename__ = "conversation"

    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), primary_key=True)
    speaker: Mapped[str] = mapped_column(String(8), default=Speaker.BOT)
    pending: Mapped[JsonObject] = mapped_column(SealedJson(), default=dict)
    """What the next short answer means: {"kind": "offer", "entries": [...]}, or nothing."""
    pending_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_answer_id: Mapped[int | None]
    """The last row of AnswerGiven, which 1 有用 / 2 没用 is about."""
    area_asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the resident was asked where they live; they are asked once."""
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """When the resident was last asked something."""


class AnswerGiven(Base):
    """An answer that was sent, and the version of the entry it rested on."""

    __tablename__ = "answer_given"

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)
    inbound_id: Mapped[int] = mapped_column(ForeignKey("inbound_message.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("knowledge_entry_version.id"), index=True)
    confidence: Mapped[float]
    clauses: Mapped[list[JsonObject]] = mapped_column(Json, default=list, server_default="[]")
    """The sources as they were sent: bot.contracts.Source."""
    quote: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What a follow-up was answered with, word for word; empty: the whole answer was sent."""
    useful: Mapped[bool | None]
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class PassageOffered(Base):
    """A passage of a policy document that was named to a resident, and whether they read it."""

    __tablename__ = "passage_offered"

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)
    inbound_id: Mapped[int] = mapped_column(ForeignKey("inbound_message.id"), index=True)
    """The message that asked."""
    passage_id: Mapped[int] = mapped_column(ForeignKey("policy_passage.id"), index=True)
    confidence: Mapped[float]
    """That the first passage named answers the question."""
    clause: Mapped[JsonObject] = mapped_column(Json, default=dict)
    """The source as it was named: bot.contracts.Source."""
    shown_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When its text was sent; None: it was named only."""
    at: Mapped[datetime] = mapped_column(UTCDateTime)
