"""The table of outbound messages."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.engine import Base
from bot.db.types import UTCDateTime


class SendState(enum.StrEnum):
    """What became of an outbound message."""

    QUEUED = "queued"  # 排队
    HELD = "held"  # no budget: waits until the resident writes again
    ACCEPTED = "accepted"  # 已送达微信
    REFUSED = "refused"  # WeChat will never deliver it
    GIVEN_UP = "given_up"  # tried for a day


class OutboundMessage(Base):
    """One customer-service message to one resident, at most `wechat.text_bytes` long."""

    __tablename__ = "outbound_message"
    __table_args__ = (
        Index("ix_outbound_message_due", "state", "not_before"),
        Index("ix_outbound_message_resident", "resident_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    inbound_id: Mapped[int | None] = mapped_column(ForeignKey("inbound_message.id"))
    """The message it answers, where it answers one."""
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Who wrote it; nobody: the service."""
    text: Mapped[str] = mapped_column(Text)
    by_machine: Mapped[bool] = mapped_column(default=True)
    once_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    """Makes a second writing of the same message a no-op: a double click, a job run twice."""
    state: Mapped[str] = mapped_column(String(10), default=SendState.QUEUED)
    outcome: Mapped[str] = mapped_column(String(32), default="")
    """Our name for WeChat's answer, as bot/wechat/outcomes.py has them."""
    code: Mapped[int | None]
    attempts: Mapped[int] = mapped_column(default=0)
    doubtful: Mapped[bool] = mapped_column(default=False)
    """A try may have arrived without our learning of it."""
    paid_from: Mapped[str] = mapped_column(String(8), default="")
    """The window of the budget that pays for the try under way."""
    claimed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the try under way began."""
    not_before: Mapped[datetime] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    queued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """Since when it is tried; later than created_at where it was held or sent anew."""
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
