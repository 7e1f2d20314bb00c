"""What is to be done besides messages, and how far it has come."""

import enum
from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.engine import Base
from bot.db.types import UTCDateTime


class ChoreState(enum.StrEnum):
    """Where a chore stands."""

    WAITING = "waiting"
    HANDED = "handed"  # its number lies in the queue
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"  # tried too often


class Chore(Base):
    """One piece of work that no message waits for."""

    __tablename__ = "chore"
    __table_args__ = (
        UniqueConstraint("kind", "subject"),
        Index("ix_chore_state", "state", "lease_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(40))
    """What it is about: the number of a row or a day, never content."""
    state: Mapped[str] = mapped_column(String(8), default=ChoreState.WAITING)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    lease_until: Mapped[datetime] = mapped_column(UTCDateTime)
    """Until then it is not due, lies in the queue or is being done; later it is handed out."""
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(String(60), default="")
    """The class of what went wrong last."""
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
