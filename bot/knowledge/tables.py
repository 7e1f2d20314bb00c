"""Entries of the knowledge base, every version of them, and a counter of changes."""

import enum
from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.engine import Base
from bot.db.types import Json, JsonObject, UTCDateTime


class EntryState(enum.StrEnum):
    """Whether an entry may be used to answer."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Entry(Base):
    """One question the service can answer."""

    __tablename__ = "knowledge_entry"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    state: Mapped[str] = mapped_column(String(12), default=EntryState.DRAFT)
    published_version_id: Mapped[int | None]
    """The version in force; no foreign key, since the two tables would need each other."""
    topic: Mapped[str] = mapped_column(String(32), index=True)
    """Of the version in force, or of the newest while none is."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)


class EntryVersion(Base):
    """What an entry said at one time; never changed once published."""

    __tablename__ = "knowledge_entry_version"
    __table_args__ = (
        UniqueConstraint("entry_id", "number"),
        Index("ix_knowledge_entry_version_digest", "entry_id", "digest"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("knowledge_entry.id"))
    number: Mapped[int]
    topic: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(32), default="")
    question: Mapped[str] = mapped_column(Text)
    variants: Mapped[list[str]] = mapped_column(Json, default=list)
    answer: Mapped[str] = mapped_column(Text)
    sources: Mapped[list[JsonObject]] = mapped_column(Json, default=list)
    """title, article, document_number, effective_date, version: bot.contracts.Source."""
    scope: Mapped[str] = mapped_column(String(12), default="national")
    """`national` or an area code."""
    variant_of: Mapped[str] = mapped_column(String(40), default="", server_default="")
    """Id of the more general entry whose question this one answers for its own area."""
    audience: Mapped[str] = mapped_column(String(80), default="")
    hotlines: Mapped[list[str]] = mapped_column(Json, default=list)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    editor_note: Mapped[str] = mapped_column(Text, default="")
    """What an editor still has to check; never shown to a resident."""
    digest: Mapped[str] = mapped_column(String(64))
    """Hash of the content, so that loading the same file twice changes nothing."""
    author_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Nobody: the starter content."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class KnowledgeRevision(Base):
    """One row, raised by every publish, so that each process notices its index is old."""

    __tablename__ = "knowledge_revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(default=0)


class KnowledgeVector(Base):
    """What one text of an entry means, as a point; the same text is kept once."""

    __tablename__ = "knowledge_vector"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Hash of the text and of how it was encoded."""
    model: Mapped[str] = mapped_column(String(80))
    data: Mapped[bytes] = mapped_column(LargeBinary)
    """384 little-endian float16, of unit length."""
