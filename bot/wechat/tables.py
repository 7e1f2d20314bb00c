"""What the platform lets us do: the shared token, and each resident's reply budget."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.engine import Base
from bot.db.types import SealedText, UTCDateTime


class SharedToken(Base):
    """The access token of one account, shared by every process."""

    __tablename__ = "shared_token"

    app_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    token: Mapped[str] = mapped_column(SealedText, default="")
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    fetching_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Somebody is fetching a new one; the others wait instead of fetching too."""


class ReplyBudget(Base):
    """How many customer-service messages WeChat still takes for a resident, as far as we know.

    A message of theirs opens 48 hours with 5; a menu tap, a follow or a scan
    opens a minute with 3.  Windows are set, never added up: how WeChat
    combines them is not documented, and promising too much loses a message.
    """

    __tablename__ = "reply_budget"

    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), primary_key=True)
    message_left: Mapped[int] = mapped_column(default=0)
    message_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    event_left: Mapped[int] = mapped_column(default=0)
    event_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
