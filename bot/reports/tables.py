"""What supervision keeps: frozen reports, exported files, and deeds done to many tickets."""

import enum
from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.engine import Base
from bot.db.types import Json, JsonList, JsonObject, SealedJson, SealedText, UTCDateTime


class ReportSnapshot(Base):
    """The numbers of some days as they were known then; nothing in it is ever changed."""

    __tablename__ = "report_snapshot"
    __table_args__ = (UniqueConstraint("kind", "first", "last"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    first: Mapped[date] = mapped_column(Date)
    last: Mapped[date] = mapped_column(Date)
    last_event_id: Mapped[int]
    """How far the log of tickets had come: what came later is not counted."""
    content: Mapped[JsonObject] = mapped_column(Json)
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the content; counting the same events again gives the same."""
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)


class ExportState(enum.StrEnum):
    """Where a file stands."""

    QUEUED = "queued"
    READY = "ready"
    FAILED = "failed"
    EXPIRED = "expired"  # the file is gone, the record stays


class Export(Base):
    """A spreadsheet somebody asked for; only they may fetch it, and only for a day."""

    __tablename__ = "report_export"
    __table_args__ = (Index("ix_report_export_state", "state", "lease_until"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(String(8), default=ExportState.QUEUED)
    lease_until: Mapped[datetime] = mapped_column(UTCDateTime)
    """Of versions before there were chores, as `attempts`; gone with the next but one."""
    attempts: Mapped[int] = mapped_column(default=0)
    narrow: Mapped[JsonObject] = mapped_column(SealedJson(), default=dict)
    columns: Mapped[JsonList] = mapped_column(Json, default=list)
    with_messages: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(SealedText, default="")
    """Why the words of residents were asked for."""
    rows: Mapped[int | None]
    digest: Mapped[str] = mapped_column(String(64), default="")
    ready_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class BulkDeed(Base):
    """One thing done to many tickets at once."""

    __tablename__ = "bulk_deed"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    action: Mapped[str] = mapped_column(String(12))
    data: Mapped[JsonObject] = mapped_column(SealedJson(), default=dict)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class BulkItem(Base):
    """What became of one ticket in it."""

    __tablename__ = "bulk_item"
    __table_args__ = (UniqueConstraint("bulk_id", "ticket_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bulk_id: Mapped[int] = mapped_column(ForeignKey("bulk_deed.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    done: Mapped[bool]
    says: Mapped[str] = mapped_column(SealedText, default="")
    """Why it was not done, in words for staff."""
    before: Mapped[JsonObject] = mapped_column(SealedJson(), default=dict)
    """How it stood: what undoing goes back to."""
    event_id: Mapped[int | None]
    """The newest event after it; a later one means that somebody acted since."""
    undone: Mapped[bool] = mapped_column(default=False)
    undo_says: Mapped[str] = mapped_column(SealedText, default="")
