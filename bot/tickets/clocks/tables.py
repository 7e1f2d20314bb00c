"""The running and the stopped clocks of tickets."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.engine import Base
from bot.db.types import Json, JsonList, JsonObject, UTCDateTime


class TicketClock(Base):
    """One promise of a ticket: when it began, when it must be kept, and whether it was."""

    __tablename__ = "ticket_clock"
    __table_args__ = (
        Index(
            "uq_ticket_clock_running",
            "ticket_id",
            "kind",
            unique=True,
            sqlite_where=text("stopped_at IS NULL"),
            postgresql_where=text("stopped_at IS NULL"),
        ),
        Index(
            "ix_ticket_clock_look",
            "look_at",
            sqlite_where=text("stopped_at IS NULL"),
            postgresql_where=text("stopped_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    paused: Mapped[JsonList] = mapped_column(Json, default=list)
    """Pairs of ISO moments; the last pair has no end while it is paused."""
    adjusted: Mapped[JsonObject] = mapped_column(Json, default=dict, server_default="{}")
    """What moved it: since, extended (working days), not_after."""
    stopped_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    look_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the timetable has to see to it: to warn, to escalate, to end a pause."""
    warned_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    breached_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    rung: Mapped[int] = mapped_column(default=0, server_default="0")
    """How far up the ladder it has been escalated."""
    rule: Mapped[str] = mapped_column(String(60))
    """Name, level and version of the rule that set it."""
