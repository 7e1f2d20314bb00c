"""Whose turn it is: who works on a message, and which one nobody works on comes next."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.dml import ReturningUpdate

from bot.db.types import UTCDateTime
from bot.inbox.tables import InboundMessage

LEASE = timedelta(seconds=6)
"""A little more than WeChat waits: its next repeat may take over from a dead process."""
LEFT_OVER_LEASE = timedelta(seconds=15)
"""For a message nobody waits for any more: where all are slow, it is not read twice at once."""
_NO_LEASE = timedelta(minutes=1)
"""A lease that ends later than this was given by a clock that has been set back since."""
_Moment = datetime | BindParameter[datetime]
_NOW = bindparam("now", type_=UTCDateTime)
_FAR = bindparam("far", type_=UTCDateTime)
IN_THE_WAY = 5
"""So many tries a message has before later ones of its resident need not wait for it."""


def take_over(
    session: Session, inbound_id: int, *, now: datetime, lease: timedelta = LEASE
) -> bool:
    """Lease a message on which nobody works; False: somebody does, or it is not its turn."""
    asked = {"this": inbound_id, "until": now + lease, **_at(now)}
    return session.scalar(_taking(), asked) is not None


def leave(session: Session, inbound_id: int, *, now: datetime) -> None:
    """Give a message back that was not even tried: a worker takes it up."""
    session.execute(
        update(InboundMessage)
        .where(InboundMessage.id == inbound_id, InboundMessage.answered_at.is_(None))
        .values(lease_until=now, attempts=0)
    )


@dataclass(frozen=True, slots=True)
class Ahead:
    """Earlier messages of the same resident that are to be answered first."""

    any: bool
    left: bool
    """Nobody is working on one of them."""


def ahead(session: Session, inbound_id: int, *, now: datetime) -> Ahead:
    """Return what stands before a message that waits for its turn."""
    found = session.scalars(_earlier(), {"this": inbound_id, **_at(now)}).all()
    return Ahead(any=bool(found), left=any(found))


def left_over(session: Session, *, now: datetime, danger_only: bool = False) -> bool:
    """Say whether there is a message to be taken up; for a look that locks nothing."""
    return session.scalar(_next(danger_only=danger_only), _at(now)) is not None


def next_leftover(session: Session, *, now: datetime, danger_only: bool = False) -> int | None:
    """Lease the next message on which nobody works, danger first; return its id."""
    found = session.scalar(_next(danger_only=danger_only, locked=True), _at(now))
    if found is None or not take_over(session, found, now=now, lease=LEFT_OVER_LEASE):
        return None
    return found


# Made once: putting such a statement together costs more than the database needs for it.
@cache
def _next(*, danger_only: bool, locked: bool = False) -> Select[int]:
    danger = (not_(InboundMessage.can_wait),) if danger_only else ()
    found = (
        select(InboundMessage.id)
        .where(_free(_NOW, _FAR), not_(_comes_later()), *danger)
        .order_by(InboundMessage.can_wait, InboundMessage.id)
        .limit(1)
    )
    return found.with_for_update(skip_locked=True) if locked else found


@cache
def _earlier() -> Select[bool]:
    this = aliased(InboundMessage)
    return (
        select(_free(_NOW, _FAR))
        .join(this, this.resident_id == InboundMessage.resident_id)
        .where(
            this.id == bindparam("this", type_=Integer),
            InboundMessage.id < this.id,
            *in_the_way(InboundMessage),
            or_(this.can_wait, not_(InboundMessage.can_wait)),
        )
    )


@cache
def _taking() -> ReturningUpdate[int]:
    mine = InboundMessage.id == bindparam("this", type_=Integer)
    return (
        update(InboundMessage)
        .where(mine, _free(_NOW, _FAR), not_(_comes_later()))
        .values(
            lease_until=bindparam("until", type_=UTCDateTime),
            attempts=InboundMessage.attempts + 1,
        )
        .returning(InboundMessage.id)
        .execution_options(synchronize_session=False)
    )


def _at(now: datetime) -> dict[str, object]:
    return {"now": now, "far": now + _NO_LEASE}


def unanswered(session: Session, inbound_id: int) -> InboundMessage | None:
    """Lock and return the message unless somebody has answered it meanwhile."""
    return session.scalar(
        select(InboundMessage)
        .where(InboundMessage.id == inbound_id, InboundMessage.answered_at.is_(None))
        .with_for_update()
    )


def in_the_way(earlier: type[InboundMessage]) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that later messages of the resident wait for this one."""
    return (earlier.answered_at.is_(None), earlier.attempts <= IN_THE_WAY)


def _comes_later() -> ColumnElement[bool]:
    """Return the condition that the message has to wait; danger waits for earlier danger only."""
    earlier = aliased(InboundMessage)
    return exists().where(
        earlier.resident_id == InboundMessage.resident_id,
        earlier.id < InboundMessage.id,
        *in_the_way(earlier),
        or_(InboundMessage.can_wait, not_(earlier.can_wait)),
    )


def is_free(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a message waits and nobody works on it."""
    return _free(now, now + _NO_LEASE)


def _free(now: _Moment, far: _Moment) -> ColumnElement[bool]:
    lease = InboundMessage.lease_until
    return and_(InboundMessage.answered_at.is_(None), or_(lease <= now, lease > far))
