"""Who did what in the console, for the record."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.db.engine import Base
from bot.db.types import Json, JsonObject, UTCDateTime


class AuditEvent(Base):
    """One deed of a member of staff, or a try at one; rows are only ever added."""

    __tablename__ = "audit_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    deed: Mapped[str] = mapped_column(String(40))
    """`login`, `login_failed`, `entry.publish`, `staff.create`, …"""
    subject: Mapped[str] = mapped_column(String(80), default="")
    """What it was done to, by id; never content."""
    data: Mapped[JsonObject] = mapped_column(Json, default=dict)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


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
