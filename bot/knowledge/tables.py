"""Entries of the knowledge base, policy documents, every version of both, changes counted."""

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


class PolicyDocument(Base):
    """One version of a policy document; never changed once imported, but for its state."""

    __tablename__ = "policy_document"
    __table_args__ = (UniqueConstraint("title", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    version: Mapped[int]
    """From 1; of one title, at most one version is published."""
    state: Mapped[str] = mapped_column(String(12), default=EntryState.DRAFT)
    document_number: Mapped[str] = mapped_column(String(80), default="")
    scope: Mapped[str] = mapped_column(String(12), default="national")
    """`national` or an area code."""
    effective_on: Mapped[date | None] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    """Last day on which it holds."""
    digest: Mapped[str] = mapped_column(String(64))
    """Hash of text and particulars, so that importing the same file twice changes nothing."""
    author_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Nobody: imported from the command line."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class PolicyPassage(Base):
    """One article, or part of one, of a policy document."""

    __tablename__ = "policy_passage"
    __table_args__ = (UniqueConstraint("document_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("policy_document.id"))
    position: Mapped[int]
    """From 1."""
    article: Mapped[str] = mapped_column(String(80), default="")
    """What it is cited by: 第三条, 二、（一）; empty: the document is not divided."""
    path: Mapped[str] = mapped_column(Text, default="")
    """The headings it stands under, outermost first, joined by ` › `."""
    text: Mapped[str] = mapped_column(Text)


class KeptWording(Base):
    """How residents ask, as an editor wrote it down without what tells who asked."""

    __tablename__ = "knowledge_wording"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    entry_id: Mapped[str | None] = mapped_column(ForeignKey("knowledge_entry.id"), index=True)
    """What answers it; None: no entry does."""
    kept_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    kept_at: Mapped[datetime] = mapped_column(UTCDateTime)


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


class UploadState(enum.StrEnum):
    """How far a large file has come that an admin uploaded."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class PolicyUpload(Base):
    """A policy document that is split by a chore and not while its admin waits for the page."""

    __tablename__ = "policy_upload"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    document_number: Mapped[str] = mapped_column(String(80), default="")
    scope: Mapped[str] = mapped_column(String(12))
    effective_on: Mapped[date | None] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    text: Mapped[str] = mapped_column(Text)
    """Nothing any more once it is split."""
    state: Mapped[str] = mapped_column(String(8), default=UploadState.WAITING)
    problem: Mapped[str] = mapped_column(Text, default="")
    document_id: Mapped[int | None] = mapped_column(ForeignKey("policy_document.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
