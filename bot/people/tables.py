"""Residents, staff, who they work for, and when they are there."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.engine import Base
from bot.db.types import Json, SealedKey, UTCDateTime


class Role(enum.StrEnum):
    """What a member of staff may do; a later role may do all of an earlier one but `admin`."""

    CASEWORKER = "caseworker"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


class Organisation(Base):
    """Whom staff work for and residents belong to: a service centre, an association."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    area_code: Mapped[str] = mapped_column(String(12), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Team(Base):
    """People of one organisation who share their work."""

    __tablename__ = "team"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(40))


class OfficeShift(Base):
    """Hours in which people are at work on every working day; several make a day."""

    __tablename__ = "office_shift"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """Nobody's: for everybody whose organisation has none of its own."""
    starts: Mapped[str] = mapped_column(String(5))
    """On the clock there: 08:30."""
    ends: Mapped[str] = mapped_column(String(5))


class Place(Base):
    """A township (9 digits) or village (12 digits) of an imported list."""

    __tablename__ = "place"

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))


class Scene(Base):
    """A printed QR code: who scans it belongs to its place and its organisation."""

    __tablename__ = "scene"

    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    """What WeChat hands back; anybody can read it, so it says nothing."""
    name: Mapped[str] = mapped_column(String(40))
    area_code: Mapped[str] = mapped_column(String(12), default="")
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    url: Mapped[str] = mapped_column(String(200), default="")
    """What the code has to hold; empty until WeChat made it."""
    problem: Mapped[str] = mapped_column(String(32), default="", server_default="")
    """Why WeChat will not make it."""
    tried_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    active: Mapped[bool] = mapped_column(default=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Discretion(enum.StrEnum):
    """Whose eyes are on the phone."""

    NONE = ""
    SHARED = "shared"  # others use it: what we send by ourselves says nothing
    HIDDEN = "hidden"  # the talk is hidden: nothing is sent, nothing is quoted


class Resident(Base):
    """Somebody who wrote to us; known by an openid and a made-up alias only."""

    __tablename__ = "resident"

    id: Mapped[int] = mapped_column(primary_key=True)
    openid: Mapped[str] = mapped_column(SealedKey(64), unique=True)
    alias: Mapped[str] = mapped_column(String(20), unique=True)
    """What staff see, such as 居民 K7F2; never derived from the openid."""
    following: Mapped[bool] = mapped_column(default=True)
    unfollowed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Since when not, as far as we know; none while they follow."""
    scene: Mapped[str] = mapped_column(String(64), default="")
    """The QR code that brought the resident here."""
    area_code: Mapped[str] = mapped_column(String(12), default="")
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """Whose resident this is, by the code scanned last."""
    discretion: Mapped[str] = mapped_column(String(8), default=Discretion.NONE, server_default="")
    discreet_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the talk was last hidden, or shown again."""
    looks_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Until then whoever shares the phone said that they alone look."""
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
    lanes: Mapped[list[str]] = mapped_column(Json, default=list)
    """Confidential lanes of data/routing.yaml this person may work in; empty: none."""
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    capacity: Mapped[int] = mapped_column(default=30)
    """The weight of open work (data/routing.yaml) above which nothing more is given."""
    substitutes: Mapped[list[int]] = mapped_column(Json, default=list)
    """Ids of who takes over in an absence, the first choice first."""
    phone: Mapped[str] = mapped_column(String(20), default="")
    on_duty: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool] = mapped_column(default=True)
    session_epoch: Mapped[int] = mapped_column(default=0)
    """Raised to end every login of this person."""
    failed_logins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_login_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    opened = frozenset[int]()
    """
    Ids of confidential tickets held open now (bot/tickets/sealed); no column.

    Whoever acts for the person sets it; where nobody does, nothing is open.
    """

    def __repr__(self) -> str:
        return f"<Staff {self.id} {self.role}>"


class LeaveKind(enum.StrEnum):
    """Why somebody is away; more is nobody's business."""

    ANNUAL = "annual"
    SICK = "sick"
    PERSONAL = "personal"
    TRAINING = "training"
    FIELD = "field"


class Leave(Base):
    """A time in which somebody is away: nothing is given to them, and their work moves."""

    __tablename__ = "leave"
    __table_args__ = (Index("ix_leave_staff_ends", "staff_id", "ends_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """When the person is back; moved forward when they come back earlier."""
    kind: Mapped[str] = mapped_column(String(16))
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    set_at: Mapped[datetime] = mapped_column(UTCDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class DutyRole(enum.StrEnum):
    """What somebody on the roster does."""

    DESK = "desk"  # 接件: new work comes to them first
    CRISIS = "crisis"  # 危机值班: is paged in a crisis, at any hour


class DutyShift(Base):
    """One person's turn on the duty roster."""

    __tablename__ = "duty_shift"
    __table_args__ = (Index("ix_duty_shift_starts_ends", "starts_at", "ends_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    role: Mapped[str] = mapped_column(String(16))
    rung: Mapped[int] = mapped_column(default=1)
    """Who is paged first (1), second (2), …"""
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
