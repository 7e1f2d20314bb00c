"""Residents: made at their first message, known by an openid and a made-up alias."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Executable, bindparam, case, select, update
from sqlalchemy.orm import Session

from bot.conversation.tables import Conversation, Speaker
from bot.db.engine import table_of
from bot.db.held import held, hold
from bot.db.inserting import insert_into
from bot.db.types import UTCDateTime
from bot.db.writing import WATCHED
from bot.people.areas import home_stated, within
from bot.people.tables import Resident

LETTERS = "ACDEFGHJKLMNPQRTUVWXY34679"  # no two of them are mistaken for each other
ALIAS_LENGTH = 4
TRIES = 20
_NO_ALIAS = "no free alias"


def find_or_create(session: Session, openid: str, *, now: datetime) -> tuple[Resident, bool]:
    """
    Return the resident of *openid*, and whether they are new.

    Two first messages at the same moment give one resident: the unique keys
    decide, and whoever comes second reads what the first one wrote.
    """
    for _ in range(TRIES):
        known = session.scalar(select(Resident).where(Resident.openid == openid))
        if known is not None:
            return known, False
        made = _make(session, openid, now=now)
        if made is not None:
            return session.get_one(Resident, made), True
    raise RuntimeError(_NO_ALIAS)


@dataclass(frozen=True, slots=True)
class Writer:
    """Who wrote, as far as keeping a message needs it."""

    id: int
    area_code: str


def wrote(session: Session, openid: str, *, now: datetime) -> Writer:
    """Note that the resident of *openid* wrote just now and so follows the account; say who."""
    for _ in range(TRIES):
        known = session.execute(_wrote(), {"whose": openid, "at": now}).one_or_none()
        if known is not None:
            return Writer(*known)
        made = _make(session, openid, now=now)
        if made is not None:
            return Writer(made, area_code="")
    raise RuntimeError(_NO_ALIAS)


def _make(session: Session, openid: str, *, now: datetime) -> int | None:
    """Make a resident; None: somebody else has just done so, or the alias is taken."""
    values = {"openid": openid, "alias": _alias(), "created_at": now, "last_inbound_at": now}
    made: int | None = session.scalar(_making(session.get_bind().dialect.name), values)
    if made is not None:
        begin_conversation(session, made, now=now)
    return made


# These are made once, and of the tables: making them takes longer than running them.
@cache
def _making(dialect: str) -> Executable:
    known = table_of(Resident)
    return insert_into(dialect, known).on_conflict_do_nothing().returning(known.c.id)


@cache
def _beginning(dialect: str) -> Executable:
    return insert_into(dialect, table_of(Conversation)).on_conflict_do_nothing()


@cache
def _wrote() -> Executable:
    known, at = table_of(Resident), bindparam("at", type_=UTCDateTime())
    last = known.c.last_inbound_at
    return (
        update(known)
        .where(known.c.openid == bindparam("whose"))
        .values(
            following=True,
            unfollowed_at=None,
            last_inbound_at=case((last > at, last), else_=at),
        )
        .returning(known.c.id, known.c.area_code)
    )


def unfollow(session: Session, resident: Resident, *, now: datetime) -> None:
    """Note that WeChat no longer lets us write to this resident; what is kept of them expires."""
    resident.following = False
    resident.unfollowed_at = resident.unfollowed_at or now
    session.flush()


def learn_area(resident: Resident, text: str) -> None:
    """Remember where the writer of *text* says they live; a wider place adds nothing."""
    stated = home_stated(text)
    if stated and not within(resident.area_code, stated):
        resident.area_code = stated


def lock_conversation(session: Session, resident_id: int, *, now: datetime) -> Conversation:
    """
    Return the resident's conversation, locked until the transaction ends.

    PostgreSQL locks the row; on SQLite the transaction holds the write lock already, or is a
    turn that looks at the row again once it does (`bot.db.engine.deciding`).
    """
    ours = held(session, Conversation, resident_id)
    if ours is not None:
        return ours
    # What this session read before the lock may be out of date by now.
    locked = (
        select(Conversation)
        .where(Conversation.resident_id == resident_id)
        .with_for_update()
        .execution_options(populate_existing=True, **{WATCHED: True})
    )
    found = session.scalar(locked)
    if found is None:
        begin_conversation(session, resident_id, now=now)
        found = session.scalars(locked).one()
    hold(session, found, resident_id)
    return found


def begin_conversation(session: Session, resident_id: int, *, now: datetime) -> None:
    """Make the resident's conversation, unless somebody does so at the same moment."""
    first = {"resident_id": resident_id, "pending": {}, "updated_at": now, "speaker": Speaker.BOT}
    session.execute(_beginning(session.get_bind().dialect.name), first)


def _alias() -> str:
    return "居民 " + "".join(secrets.choice(LETTERS) for _ in range(ALIAS_LENGTH))
