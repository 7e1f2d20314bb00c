"""
Messages to a phone that others look at: they wait until the resident asks for them.

`Resident.discretion` says which phone it is.  On a shared one a line that says
nothing tells that there is something; where the talk is hidden not even that.
An answer to the resident's own message is no news: they hold the phone.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from bot import wording_personal
from bot.outbox.queue import WAITS_TO_BE_ASKED, enqueue
from bot.outbox.tables import Kind, OutboundMessage, SendState
from bot.people.tables import Discretion, Resident

WAITS = WAITS_TO_BE_ASKED
NEUTRAL = "neutral:"
"""How the key of a line begins that says nothing."""


def must_wait(row: OutboundMessage, resident: Resident, now: datetime) -> bool:
    """Say whether the message must not appear on the phone by itself."""
    own = row.inbound_id is not None or (row.once_key or "").startswith(NEUTRAL)
    looking = resident.looks_until is not None and resident.looks_until > now
    if resident.discretion == Discretion.NONE or own or row.kind == Kind.NOTICE:
        return False
    return resident.discretion == Discretion.HIDDEN or not looking


def hold(session: Session, row: OutboundMessage, resident: Resident, *, now: datetime) -> None:
    """Let the message wait; on a shared phone say, once for all that waits, that there is news."""
    first = not _waiting(session, resident.id)
    row.state, row.outcome, row.code = SendState.HELD, WAITS, None
    session.flush()
    if first and resident.discretion == Discretion.SHARED:
        enqueue(
            session, resident_id=resident.id, text=wording_personal.NEWS, now=now,
            once_key=f"{NEUTRAL}{row.id}:{row.queued_at:%Y%m%d%H%M%S}",
        )  # fmt: skip


def release(session: Session, resident_id: int, *, now: datetime) -> int:
    """Queue what waits for the resident to ask for it; return how many."""
    again = {"state": SendState.QUEUED, "outcome": "", "not_before": now, "queued_at": now}
    done = (
        update(OutboundMessage)
        .where(*_held(resident_id))
        .values(again)
        .returning(OutboundMessage.id)
    )
    return len(session.scalars(done).all())


def _waiting(session: Session, resident_id: int) -> bool:
    found = select(OutboundMessage.id).where(*_held(resident_id)).limit(1)
    return session.scalar(found) is not None


def _held(resident_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        OutboundMessage.resident_id == resident_id,
        OutboundMessage.state == SendState.HELD,
        OutboundMessage.outcome == WAITS,
    )
