"""Days that are worked or not, beyond what is built in."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.engine import Base
from bot.db.types import UTCDateTime

OWN = 0
LONGEST_WHY = 40


class CalendarDay(Base):
    """A day on which is worked or not, whatever its weekday."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    list_year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """The year whose announced list it belongs to; 0: a day of our own, which goes before all."""
    works: Mapped[bool]
    why: Mapped[str] = mapped_column(String(LONGEST_WHY))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Who said so; NULL: whoever loaded it at the command line."""
    noted_at: Mapped[datetime] = mapped_column(UTCDateTime)


class CalendarChange(Base):
    """The calendar changed; what was promised by it is counted anew, a part at a time."""

    __tablename__ = "calendar_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    counted_up_to: Mapped[int] = mapped_column(default=0, server_default="0")
    """Tickets up to this id have been seen to."""
    counted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When all had."""
