"""The index that finds tickets by what was said in them."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.engine import Base


class TicketGram(Base):
    """
    Two neighbouring characters, a whole word or a whole number that a ticket holds.

    One row for each ticket, not for each message: a list is of tickets, and a
    phrase is looked for in the texts themselves once few tickets are left.
    """

    __tablename__ = "ticket_gram"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 (SQLAlchemy's form)

    gram: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """bot/finding/grams.py makes it; nothing can be read out of it."""
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True, index=True)
