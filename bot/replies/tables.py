"""The tables of answers that caseworkers write."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.engine import Base
from bot.db.types import Json, JsonObject, UTCDateTime


class ReplyGround(Base):
    """The version of an entry that a caseworker put into an answer."""

    __tablename__ = "reply_ground"

    id: Mapped[int] = mapped_column(primary_key=True)
    outbound_id: Mapped[int] = mapped_column(ForeignKey("outbound_message.id"), index=True)
    """The first message of the answer."""
    version_id: Mapped[int] = mapped_column(ForeignKey("knowledge_entry_version.id"), index=True)
    clauses: Mapped[list[JsonObject]] = mapped_column(Json, default=list, server_default="[]")
    """The sources as they were named: bot.contracts.Source."""
    at: Mapped[datetime] = mapped_column(UTCDateTime)
