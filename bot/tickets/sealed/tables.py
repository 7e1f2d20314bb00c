"""Who opened a confidential ticket that is not theirs, why, and until when."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.engine import Base
from bot.db.types import SealedText, UTCDateTime


class Opening(Base):
    """One supervisor may read one ticket until then; rows are only ever added."""

    __tablename__ = "sealed_opening"
    __table_args__ = (Index("ix_sealed_opening_staff_id_until", "staff_id", "until"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[str] = mapped_column(String(16))
    """A reason of data/access.yaml."""
    reason: Mapped[str] = mapped_column(SealedText)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    until: Mapped[datetime] = mapped_column(UTCDateTime)
