"""Pictures and voice that residents sent, fetched from WeChat before it forgets them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.engine import Base
from bot.db.types import UTCDateTime


class Media(Base):
    """One file a resident sent; WeChat keeps it for three days only."""

    __tablename__ = "media"
    __table_args__ = (Index("ix_media_due", "state", "not_before"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    inbound_id: Mapped[int] = mapped_column(ForeignKey("inbound_message.id"), unique=True)
    media_id: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10), default="queued")
    """queued, stored or lost."""
    path: Mapped[str] = mapped_column(String(120), default="")
    """Below the data folder's media/."""
    content_type: Mapped[str] = mapped_column(String(60), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime] = mapped_column(UTCDateTime)
