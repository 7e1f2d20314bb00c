"""Residents and staff."""

import enum
from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.engine import Base
from bot.db.types import Json, UTCDateTime


class Role(enum.StrEnum):
    """What a member of staff may do; a later role may do all of an earlier one but `admin`."""

    CASEWORKER = "caseworker"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


class Resident(Base):
    """Somebody who wrote to us; known by an openid and a made-up alias only."""

    __tablename__ = "resident"

    id: Mapped[int] = mapped_column(primary_key=True)
    openid: Mapped[str] = mapped_column(String(64), unique=True)
    alias: Mapped[str] = mapped_column(String(20), unique=True)
    """What staff see, such as 居民 K7F2; never derived from the openid."""
    following: Mapped[bool] = mapped_column(default=True)
    scene: Mapped[str] = mapped_column(String(64), default="")
    """The QR code that brought the resident here."""
    area_code: Mapped[str] = mapped_column(String(12), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_inbound_at: Mapped[datetime] = mapped_column(UTCDateTime)

    def __repr__(self) -> str:
        return f"<Resident {self.id}>"


class Staff(Base):
    """A member of staff with a login."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    role: Mapped[str] = mapped_column(String(16), default=Role.CASEWORKER)
    password_hash: Mapped[str] = mapped_column(Text)
    must_change_password: Mapped[bool] = mapped_column(default=False)
    """The password was made by somebody else and is good for one login only."""
    services: Mapped[list[str]] = mapped_column(Json, default=list)
    """Service fields of data/topics.yaml this person handles; empty: all."""
    area_codes: Mapped[list[str]] = mapped_column(Json, default=list)
    """Areas this person serves, each with all below it; empty: everywhere."""
    languages: Mapped[list[str]] = mapped_column(Json, default=list)
    on_duty: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool] = mapped_column(default=True)
    session_epoch: Mapped[int] = mapped_column(default=0)
    """Raised to end every login of this person."""
    failed_logins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_login_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    def __repr__(self) -> str:
        return f"<Staff {self.id} {self.role}>"
