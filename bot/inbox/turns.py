"""Whose turn it is: who works on a message, and which one nobody works on comes next."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, not_, or_, select, update
from sqlalchemy.orm import Session, aliased

from bot.inbox.tables import InboundMessage

LEASE = timedelta(seconds=6)
"""A little more than WeChat waits: its next repeat may take over from a dead process."""
LEFT_OVER_LEASE = timedelta(seconds=15)
"""For a message nobody waits for any more: where all are slow, it is not read twice at once."""
_NO_LEASE = timedelta(minutes=1)
"""A lease that ends later than this was given by a clock that has been set back since."""
IN_THE_WAY = 5
"""So many tries a message has before later ones of its resident need not wait for it."""


def take_over(
    session: Session, inbound_id: int, *, now: datetime, lease: timedelta = LEASE
) -> bool:
    """Lease a message on which nobody works; False: somebody does, or it is not its turn."""
    taken = session.scalar(
        update(InboundMessage)
        .where(InboundMessage.id == inbound_id, is_free(now), not_(_comes_later()))
        .values(lease_until=now + lease, attempts=InboundMessage.attempts + 1)
        .returning(InboundMessage.id)
    )
    return taken is not None


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
    this, free = aliased(InboundMessage), is_free(now)
    earlier = (
        select(free)
        .join(this, this.resident_id == InboundMessage.resident_id)
        .where(
            this.id == inbound_id,
            InboundMessage.id < this.id,
            *in_the_way(InboundMessage),
            or_(this.can_wait, not_(InboundMessage.can_wait)),
        )
    )
    found = session.scalars(earlier).all()
    return Ahead(any=bool(found), left=any(found))


def left_over(session: Session, *, now: datetime, danger_only: bool = False) -> bool:
    """Say whether there is a message to be taken up; for a look that locks nothing."""
    return session.scalar(_next(now, danger_only=danger_only)) is not None


def next_leftover(session: Session, *, now: datetime, danger_only: bool = False) -> int | None:
    """Lease the next message on which nobody works, danger first; return its id."""
    wanted = _next(now, danger_only=danger_only)
    found = session.scalar(wanted.with_for_update(skip_locked=True))
    if found is None or not take_over(session, found, now=now, lease=LEFT_OVER_LEASE):
        return None
    return found


def _next(now: datetime, *, danger_only: bool) -> Select[int]:
    danger = (not_(InboundMessage.can_wait),) if danger_only else ()
    return (
        select(InboundMessage.id)
        .where(is_free(now), not_(_comes_later()), *danger)
        .order_by(InboundMessage.can_wait, InboundMessage.id)
        .limit(1)
    )


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
    lease = InboundMessage.lease_until
    return and_(InboundMessage.answered_at.is_(None), or_(lease <= now, lease > now + _NO_LEASE))
