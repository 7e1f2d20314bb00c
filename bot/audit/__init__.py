"""Who did what and who looked at what, for the record: rows are added, and chained by hash."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.db.engine import Base
from bot.db.types import Json, JsonObject, UTCDateTime


class AuditEvent(Base):
    """
    One deed or look of a member of staff, or a try at one; rows are only ever added.

    The database itself refuses to change or delete a row, but for the chain's two
    columns, once (a trigger of the migration).
    """

    __tablename__ = "audit_event"
    __table_args__ = (Index("ix_audit_event_subject", "subject", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    deed: Mapped[str] = mapped_column(String(40))
    """`login`, `login_failed`, `entry.publish`, `ticket.read`, …"""
    subject: Mapped[str] = mapped_column(String(80), default="")
    """What it was done to, by id (`ticket:2611-0041`, `staff:7`); never content."""
    data: Mapped[JsonObject] = mapped_column(Json, default=dict)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    place: Mapped[int | None] = mapped_column(index=True, unique=True)
    """Where it stands in the chain; none until bot/audit/chain.py took it up."""
    digest: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of this row and of the digest before it."""


WAITING = AuditEvent.place.is_(None)
Index(
    "ix_audit_event_waiting",
    AuditEvent.id,
    sqlite_where=WAITING,
    postgresql_where=WAITING,
)


def record(
    session: Session,
    *,
    deed: str,
    now: datetime,
    staff_id: int | None = None,
    subject: str = "",
    **data: object,
) -> None:
    """Add a deed to the record, in the transaction that does it; *data* is never content."""
    session.add(AuditEvent(deed=deed, at=now, staff_id=staff_id, subject=subject, data=data))


def of_ticket(number: str) -> str:
    """Return the subject of what was done to a ticket."""
    return f"ticket:{number}"
