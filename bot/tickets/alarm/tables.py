"""Who was called to a crisis or a drill, and when somebody came."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.engine import Base
from bot.db.types import UTCDateTime


class Drill(Base):
    """A practice alarm: the duty roster is paged as in a crisis, and measured the same way."""

    __tablename__ = "crisis_drill"

    id: Mapped[int] = mapped_column(primary_key=True)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    accepted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Called off without acceptance."""


class Page(Base):
    """Somebody on duty was called to a crisis, or to a drill."""

    __tablename__ = "crisis_page"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    drill_id: Mapped[int | None] = mapped_column(ForeignKey("crisis_drill.id"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    rung: Mapped[int]
    """1 for the first who was called; the ladder starts again after its end."""
    paged_at: Mapped[datetime] = mapped_column(UTCDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
