"""Tickets: a resident's matter, who is to answer it, and everything that happened to it."""

import enum
from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.db.engine import Base
from bot.db.types import JsonObject, SealedJson, SealedText, UTCDateTime
from bot.tickets.clocks.tables import TicketClock


class State(enum.StrEnum):
    """Where a ticket stands; bot/tickets/machine.py has the transitions."""

    TRIAGE = "triage"  # 待分派: nobody has it
    DISPATCHED = "dispatched"  # 待签收: somebody has it and has not looked
    IN_PROGRESS = "in_progress"  # 办理中
    WAITING_RESIDENT = "waiting_resident"  # 等居民
    WAITING_PARTNER = "waiting_partner"  # 协办中: another body works on it; our clocks run
    RESOLVED = "resolved"  # 已办待确认: the resident has not said whether it is solved
    CLOSED = "closed"  # 办结
    MERGED = "merged"  # 已并入: it goes on in another, and can be taken out again


class CloseCode(enum.StrEnum):
    """How a ticket ended; `solved` is only the resident's word or somebody else's call-back."""

    SOLVED = "solved"
    ANSWERED_UNCONFIRMED = "answered_unconfirmed"
    EXPLAINED = "explained"
    NOT_SOLVED = "not_solved"
    REFERRED_OUT = "referred_out"
    NOT_ACCEPTED = "not_accepted"
    WITHDRAWN = "withdrawn"
    UNREACHABLE = "unreachable"
    DUPLICATE = "duplicate"
    SPAM = "spam"


class Level(enum.StrEnum):
    """What is promised; data/clocks.yaml has the times of each."""

    CRISIS = "crisis"
    URGENT = "urgent"
    ORDINARY = "ordinary"
    DISPUTE = "dispute"
    COMPLEX = "complex"


class Lane(enum.StrEnum):
    """Who may have it at all; most tickets are in none."""

    NONE = ""
    MINOR = "minor"
    VIOLENCE = "violence"
    SEALED = "sealed"


class ClockKind(enum.StrEnum):
    """What a clock measures."""

    ACK = "ack"  # until our first words
    DISPATCH = "dispatch"  # until somebody has it
    ACCEPT = "accept"  # until they took it
    FIRST_REPLY = "first_reply"  # until a person answered for the first time
    REPLY = "reply"  # until a person answered what was last written
    RESOLVE = "resolve"  # until there is an outcome
    CONFIRM = "confirm"  # until somebody asked whether it is solved
    PARTNER = "partner"  # until the other body has answered
    RIGHTS = "rights"  # until a right of the resident is lost


LIVE = (
    State.TRIAGE,
    State.DISPATCHED,
    State.IN_PROGRESS,
    State.WAITING_RESIDENT,
    State.WAITING_PARTNER,
)
_LIVE_SQL = text(
    "state IN ('triage', 'dispatched', 'in_progress', 'waiting_resident', 'waiting_partner')"
)
_QUEUED_SQL = text("state = 'triage'")


class Ticket(Base):
    """One matter raised by one resident."""

    __tablename__ = "ticket"
    __table_args__ = (
        CheckConstraint(
            "state IN ('triage', 'closed', 'resolved') OR assignee_id IS NOT NULL",
            name="has_owner",
        ),
        CheckConstraint("(state = 'closed') = (close_code IS NOT NULL)", name="closed_with_code"),
        # At most one live matter that takes the resident's messages, whatever they send
        # in parallel; what was split off has a strand of its own.
        Index(
            "uq_ticket_live_resident",
            "resident_id",
            "strand",
            unique=True,
            sqlite_where=_LIVE_SQL,
            postgresql_where=_LIVE_SQL,
        ),
        Index("ix_ticket_assignee_state", "assignee_id", "state"),
        Index("ix_ticket_assigned_at", "assigned_at"),
        Index(
            "ix_ticket_queue",
            "opened_at",
            sqlite_where=_QUEUED_SQL,
            postgresql_where=_QUEUED_SQL,
        ),
        Index("ix_ticket_state_reply_due", "state", "reply_due_at"),
        # For reports, which ask for days; with what they count most, so that no row is read.
        Index("ix_ticket_opened_at", "opened_at", "topic", "state"),
        Index("ix_ticket_closed_at", "closed_at", "close_code", "state"),
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
    level: Mapped[str] = mapped_column(
        String(10), default=Level.ORDINARY, server_default="ordinary"
    )
    lane: Mapped[str] = mapped_column(String(10), default=Lane.NONE, server_default="")
    strand: Mapped[int] = mapped_column(default=0, server_default="0")
    """0: where the resident's messages go; what was split off has a higher one."""
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    """What it was split from, or follows up."""
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    area_code: Mapped[str] = mapped_column(String(12), default="")
    summary: Mapped[str] = mapped_column(SealedText, default="")
    """The first words of the resident, for lists."""
    facts: Mapped[JsonObject] = mapped_column(SealedJson("languages"), default=dict)
    """Entities found so far: place, amount_yuan, people_count, phone, …"""
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    reason: Mapped[str] = mapped_column(SealedText, default="")
    """Why this person got it, in words staff read."""
    assigned_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the present assignee got it."""
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    first_reply_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    first_due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When a person had to answer for the first time; none: opened before that was kept."""
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
    outcome: Mapped[str] = mapped_column(SealedText, default="")
    """What was reached, in words the resident was told."""
    reopened: Mapped[int] = mapped_column(default=0)
    hand_backs: Mapped[int] = mapped_column(default=0, server_default="0")
    supervised_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Since when a supervisor watches over it 督办."""
    watched_on: Mapped[date | None]
    """The last day on which that was told."""
    extension_pending: Mapped[bool] = mapped_column(default=False, server_default=false())
    satisfied: Mapped[bool | None]
    """What the resident said of us when called back about the last outcome; none: not asked."""
    version: Mapped[int] = mapped_column(default=1)
    clocks: Mapped[list[TicketClock]] = relationship(order_by=TicketClock.id)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's form)

    def __repr__(self) -> str:
        return f"<Ticket {self.number} {self.state}>"


class TicketEvent(Base):
    """One thing that happened to a ticket; rows are only ever added."""

    __tablename__ = "ticket_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    kind: Mapped[str] = mapped_column(String(24))
    """opened, assigned, accepted, …: bot/tickets/machine.py has them all but notes of others."""
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Who did it; nobody means the resident or the service, as `data` says."""
    text: Mapped[str] = mapped_column(SealedText, default="")
    """An internal note or a reason; never shown to the resident."""
    data: Mapped[JsonObject] = mapped_column(SealedJson("solved"), default=dict)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class TicketCounter(Base):
    """The last ticket number of each month; the row's lock makes numbers unique."""

    __tablename__ = "ticket_counter"

    month: Mapped[str] = mapped_column(String(4), primary_key=True)
    last: Mapped[int]


class TicketLink(Base):
    """Two tickets that belong together: related, split, follow_up."""

    __tablename__ = "ticket_link"
    __table_args__ = (UniqueConstraint("ticket_id", "other_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
