"""Logins in force, and what people prove themselves with beside a password."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.engine import Base
from bot.db.types import SealedText, UTCDateTime


class Login(Base):
    """One login of a person in one browser."""

    __tablename__ = "staff_login"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the number in the cookie: who reads this table cannot make the cookie."""
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    epoch: Mapped[int]
    """The person's `session_epoch` then; another one now has ended this login."""
    device: Mapped[str] = mapped_column(String(40))
    """In plain words: Chrome，Windows 电脑."""
    address: Mapped[str] = mapped_column(String(45))
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    until: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    proven_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the second factor was shown last in this login; none: never."""
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class SecondFactor(Base):
    """The secret that a person's phone makes codes of."""

    __tablename__ = "second_factor"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(SealedText)
    """Of the form `staff id:secret`: another person's row cannot be put in its place."""
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When a first code was typed; until then it is not asked for."""
    last_step: Mapped[int] = mapped_column(default=0)
    """The half minute whose code was taken last: no code is taken twice, nor an older one."""


class RecoveryCode(Base):
    """A code on paper, for whoever lost the phone; good once."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
