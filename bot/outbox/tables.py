"""The table of outbound messages."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, true
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.engine import Base
from bot.db.types import JsonObject, SealedJson, SealedText, UTCDateTime


class SendState(enum.StrEnum):
    """What became of an outbound message."""

    QUEUED = "queued"  # 排队
    HELD = "held"  # no budget: waits until the resident writes again
    ACCEPTED = "accepted"  # 已送达微信
    REFUSED = "refused"  # WeChat will never deliver it
    GIVEN_UP = "given_up"  # tried for a day
    WITHDRAWN = "withdrawn"  # taken back before it was sent


class Kind(enum.StrEnum):
    """What an outbound message is."""

    TEXT = "text"
    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    NOTICE = "notice"  # “您有一条新答复”: needs no open window and costs nothing of the budget


FILES = frozenset({Kind.IMAGE, Kind.VOICE, Kind.VIDEO})


class OutboundMessage(Base):
    """One message to one resident; a text is at most `wechat.text_bytes` long."""

    __tablename__ = "outbound_message"
    __table_args__ = (
        Index("ix_outbound_message_due", "state", "can_wait", "id"),
        Index("ix_outbound_message_resident", "resident_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    inbound_id: Mapped[int | None] = mapped_column(ForeignKey("inbound_message.id"))
    """The message it answers, where it answers one."""
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Who wrote it; nobody: the service."""
    kind: Mapped[str] = mapped_column(String(8), default=Kind.TEXT, server_default="text")
    text: Mapped[str] = mapped_column(SealedText)
    details: Mapped[JsonObject] = mapped_column(SealedJson(), default=dict, server_default="{}")
    """Of a file: path below the data folder's media/, content_type, name."""
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
    may_use_last: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether it may be paid for with the message that is kept for the outcome."""
    bundle_id: Mapped[int | None] = mapped_column(ForeignKey("outbound_message.id"), index=True)
    """The message in whose text this one goes out; its fate is this one's."""
    paid_from: Mapped[str] = mapped_column(String(8), default="")
    """The window of the budget that pays for the try under way."""
    claimed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the try under way began."""
    can_wait: Mapped[bool] = mapped_column(default=True, server_default=true())
    """False for what is said in a crisis or by a person: in a rush it goes before the rest."""
    not_before: Mapped[datetime] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    queued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """Since when it is tried; later than created_at where it was held or sent anew."""
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class TypingSign(Base):
    """That somebody is writing to a resident, for “对方正在输入” on their phone."""

    __tablename__ = "typing_sign"

    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), primary_key=True)
    wanted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    shown_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When WeChat was asked last."""
