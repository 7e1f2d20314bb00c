"""Tickets: a resident's matter, who is to answer it, and everything that happened to it."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.engine import Base
from bot.db.types import Json, JsonObject, UTCDateTime


class State(enum.StrEnum):
    """Where a ticket stands; bot/tickets/moves.py has the moves."""

    TRIAGE = "triage"  # 待分派: nobody has it
    DISPATCHED = "dispatched"  # 待签收: somebody has it and has not looked
    IN_PROGRESS = "in_progress"  # 办理中
    WAITING_RESIDENT = "waiting_resident"  # 等居民
    RESOLVED = "resolved"  # 已办待确认: the resident has not said whether it is solved
    CLOSED = "closed"  # 办结


class CloseCode(enum.StrEnum):
    """How a ticket ended; `solved` is only ever the resident's own word."""

    SOLVED = "solved"
    ANSWERED_UNCONFIRMED = "answered_unconfirmed"
    NOT_SOLVED = "not_solved"
    REFERRED_OUT = "referred_out"
    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"
    UNREACHABLE = "unreachable"


LIVE = (State.TRIAGE, State.DISPATCHED, State.IN_PROGRESS, State.WAITING_RESIDENT)
_LIVE_SQL = text("state IN ('triage', 'dispatched', 'in_progress', 'waiting_resident')")


class Ticket(Base):
    """One matter raised by one resident."""

    __tablename__ = "ticket"
    __table_args__ = (
        CheckConstraint(
            "state IN ('triage', 'closed', 'resolved') OR assignee_id IS NOT NULL",
            name="has_owner",
        ),
        CheckConstraint("(state = 'closed') = (close_code IS NOT NULL)", name="closed_with_code"),
        # At most one live matter per resident, whatever they send in parallel.
        Index(
            "uq_ticket_live_resident",
            "resident_id",
            unique=True,
            sqlite_where=_LIVE_SQL,
            postgresql_where=_LIVE_SQL,
        ),
        Index("ix_ticket_assignee_state", "assignee_id", "state"),
        Index("ix_ticket_state_reply_due", "state", "reply_due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(16), unique=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)
    state: Mapped[str] = mapped_column(String(20))
    state_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """When it came to its present state."""
    intent: Mapped[str] = mapped_column(String(24))
    topic: Mapped[str] = mapped_column(String(32))
    service: Mapped[str] = mapped_column(String(16), default="")
    """Service field that routes it; empty where the topic has none."""
    urgency: Mapped[str] = mapped_column(String(8))
    area_code: Mapped[str] = mapped_column(String(12), default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    """The first words of the resident, for lists."""
    facts: Mapped[JsonObject] = mapped_column(Json, default=dict)
    """Entities found so far: place, amount_yuan, people_count, phone, …"""
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why this person got it, in words staff read."""
    assigned_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the present assignee got it."""
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    first_reply_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reply_due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """When a person must have answered; the promise made to the resident."""
    last_resident_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_reply_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When a person last answered; none, or older than last_resident_at: an answer is owed."""
    seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the assignee last looked; older than last_resident_at means unread."""
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    escalated_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    close_code: Mapped[str | None] = mapped_column(String(24))
    outcome: Mapped[str] = mapped_column(Text, default="")
    """What was reached, in words the resident was told."""
    reopened: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's form)

    def __repr__(self) -> str:
        return f"<Ticket {self.number} {self.state}>"


class TicketEvent(Base):
    """One thing that happened to a ticket; rows are only ever added."""

    __tablename__ = "ticket_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    kind: Mapped[str] = mapped_column(String(24))
    """opened, assigned, accepted, note, reply, urgency, resolved, closed, reopened, rated, …"""
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Who did it; nobody means the resident or the service, as `data` says."""
    text: Mapped[str] = mapped_column(Text, default="")
    """An internal note or a reason; never shown to the resident."""
    data: Mapped[JsonObject] = mapped_column(Json, default=dict)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class TicketCounter(Base):
    """The last ticket number of each month; the row's lock makes numbers unique."""

    __tablename__ = "ticket_counter"

    month: Mapped[str] = mapped_column(String(4), primary_key=True)
    last: Mapped[int]
