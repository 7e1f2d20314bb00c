"""The tables of answers that caseworkers write."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
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


class QuickReply(Base):
    """A phrase that is kept for use: somebody's own, a team's, or everybody's."""

    __tablename__ = "quick_reply"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    """Whose own it is."""
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    """Whose team's it is; neither a person's nor a team's: everybody's."""
    title: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    """As it is inserted, with 〔姓名〕〔编号〕〔时间〕 to be filled in."""
    used: Mapped[int] = mapped_column(default=0, server_default="0")
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
