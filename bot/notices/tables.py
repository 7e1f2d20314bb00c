"""What staff are told, and what became of it on each way there; never content of a case."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.engine import Base
from bot.db.types import UTCDateTime


class NoticeKind(enum.StrEnum):
    """Why somebody is told something; bot/notices/words.py says it in words."""

    ASSIGNED = "assigned"
    NEW_MESSAGE = "new_message"
    MENTIONED = "mentioned"
    REMINDER = "reminder"
    OVERDUE = "overdue"
    ESCALATED = "escalated"
    CRISIS_PAGE = "crisis_page"
    DRILL = "drill"
    APPROVAL_WANTED = "approval_wanted"
    APPROVAL_GIVEN = "approval_given"
    TASK_DUE = "task_due"
    VISIT_MISSED = "visit_missed"
    UNASSIGNED_AGE = "unassigned_age"
    SUPERVISED = "supervised"
    HANDED_BACK = "handed_back"
    REOPENED = "reopened"
    REPLY_FAILED = "reply_failed"
    RIGHTS_CLOCK = "rights_clock"
    WEEKLY_REPORT = "weekly_report"
    CHANNEL_BROKEN = "channel_broken"
    TEST = "test"


class Channel(enum.StrEnum):
    """A way to somebody."""

    CONSOLE = "console"
    WECHAT = "wechat"
    WECOM = "wecom"
    EMAIL = "email"


class Fate(enum.StrEnum):
    """What became of a notice on one channel."""

    QUEUED = "queued"
    SENT = "sent"  # the channel took it
    DELIVERED = "delivered"  # the channel says that it arrived
    SEEN = "seen"
    REFUSED = "refused"


class StaffNotice(Base):
    """One thing one member of staff is told."""

    __tablename__ = "staff_notice"
    __table_args__ = (
        UniqueConstraint("staff_id", "once"),
        Index("ix_staff_notice_next_at", "next_at"),
        Index("ix_staff_notice_staff_id_seen_at", "staff_id", "seen_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[str] = mapped_column(String(24))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    urgent: Mapped[bool] = mapped_column(default=False)
    """Breaks through quiet hours and moves on to the next channel sooner."""
    once: Mapped[str] = mapped_column(String(80))
    """Makes telling the same person the same thing twice a no-op."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    next_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the next channel is tried unless it is seen before; none: nothing more to try."""
    seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    def __repr__(self) -> str:
        return f"<StaffNotice {self.id} {self.kind}>"


class NoticeDelivery(Base):
    """A notice on its way over one channel."""

    __tablename__ = "notice_delivery"
    __table_args__ = (
        UniqueConstraint("notice_id", "channel"),
        Index("ix_notice_delivery_state_not_before", "state", "not_before"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("staff_notice.id"))
    channel: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(10), default=Fate.QUEUED)
    reason: Mapped[str] = mapped_column(String(32), default="")
    """Why it was not taken; a key of bot/notices/words.py."""
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime] = mapped_column(UTCDateTime)
    provider_id: Mapped[str] = mapped_column(String(32), default="", index=True)
    """What the channel calls the message, where it reports on it later."""
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    """Since when it is in its state."""
