"""What a member of staff has at their desk: drafts, who is there too, kept filters."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.engine import Base
from bot.db.types import SealedText, UTCDateTime


class Draft(Base):
    """
    What somebody wrote and has not sent; goes only by being sent or by its author's hand.

    Two pages of one person each write a row of their own, so that neither
    overwrites the other.
    """

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("staff_id", "ticket_id", "kind", "page"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    """The deed its form does, and the box in the form: reply.text, resolve.outcome."""
    page: Mapped[str] = mapped_column(String(40))
    """The page that writes it, by the token the page sends its text with."""
    text: Mapped[str] = mapped_column(SealedText)
    revision: Mapped[int] = mapped_column(default=1)
    """How often it was written: a page goes on with what it showed, or not at all."""
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 (SQLAlchemy's form)


class Presence(Base):
    """Who has a ticket open; too old a row means nobody."""

    __tablename__ = "presence"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    looked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    typed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class SavedFilter(Base):
    """A list somebody wants to find again, under a name of their own."""

    __tablename__ = "saved_filter"
    __table_args__ = (UniqueConstraint("staff_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    name: Mapped[str] = mapped_column(String(20))
    address: Mapped[str] = mapped_column(SealedText)
    """The list's address behind its question mark."""
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
