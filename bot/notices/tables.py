"""What staff are told, and what became of it on each way there; never content of a case."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.engine import Base
from bot.db.types import Json, JsonObject, SealedKey, UTCDateTime


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
    CALL_NOW = "call_now"
    UNSEALED = "unsealed"
    RIGHTS_CLOCK = "rights_clock"
    WEEKLY_REPORT = "weekly_report"
    DATA_REQUEST = "data_request"
    ACCOUNT = "account"
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
    SPARED = "spared"  # seen elsewhere before it was sent


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


class NoticePreference(Base):
    """How somebody wants to be told; who has none is told as config.yaml says."""

    __tablename__ = "notice_preference"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    channels: Mapped[list[str]] = mapped_column(Json, default=list)
    """Besides the console, in order."""
    next_minutes: Mapped[int]
    """How long a notice stays unseen before the next channel is tried."""
    quiet_from: Mapped[str] = mapped_column(String(5), default="")
    """On the clock there, 21:30; empty: no quiet hours."""
    quiet_until: Mapped[str] = mapped_column(String(5), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    wecom_user: Mapped[str] = mapped_column(String(64), default="")


class ChannelTrouble(Base):
    """A channel that does not reach somebody now."""

    __tablename__ = "channel_trouble"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    channel: Mapped[str] = mapped_column(String(8), primary_key=True)
    reason: Mapped[str] = mapped_column(String(32))
    since: Mapped[datetime] = mapped_column(UTCDateTime)


class StaffWeChat(Base):
    """The WeChat account a member of staff is told on, and works from."""

    __tablename__ = "staff_wechat"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    openid: Mapped[str] = mapped_column(SealedKey(64), unique=True)
    bound_at: Mapped[datetime] = mapped_column(UTCDateTime)
    epoch: Mapped[int] = mapped_column(default=0, server_default="0")
    """The person's session_epoch then: whoever ends their logins ends this too."""
    resident_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Until then this phone writes as a resident."""
    minute_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    minute_count: Mapped[int] = mapped_column(default=0)
    """How many commands came since minute_at."""
    seen: Mapped[JsonObject] = mapped_column(Json, default=dict)
    """How far the history of each ticket was shown on this phone, by ticket id."""

    def __repr__(self) -> str:
        return f"<StaffWeChat {self.staff_id}>"


class BindingOffer(Base):
    """A code that binds the WeChat account that scans it, once, for some minutes."""

    __tablename__ = "binding_offer"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    scene: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Its secret; forgotten when it is over."""
    url: Mapped[str] = mapped_column(String(200), default="")
    """What the code holds; empty until the worker had WeChat make it."""
    problem: Mapped[str] = mapped_column(String(32), default="", server_default="")
    """Why WeChat makes none; a key of bot/notices/words.py."""
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    openid: Mapped[str] = mapped_column(SealedKey(64), default="")
    """Who scanned it."""
    number: Mapped[str] = mapped_column(String(6), default="")
    """Shown on that phone and typed on the page, so that no stranger's scan counts."""
    tries: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    def __repr__(self) -> str:
        return f"<BindingOffer {self.id}>"
