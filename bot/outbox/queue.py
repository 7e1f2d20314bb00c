"""Into the queue of outbound messages, and back into it."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import BindParameter, ColumnElement, exists, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.db.types import JsonObject
from bot.db.wake import announce
from bot.finding import index
from bot.outbox.tables import Kind, OutboundMessage, SendState
from bot.wechat.text import split_text, strip_controls

WAITS_TO_BE_ASKED = "discreet"
"""The outcome of a message that waits for the resident to ask for it (discreet.py)."""
_MOST_PARTS = 100
_LONGEST_KEY = 72


def enqueue(  # noqa: PLR0913 (each is a column of the row)
    session: Session,
    *,
    resident_id: int,
    text: str,
    now: datetime,
    limit_bytes: int = 1800,
    ticket_id: int | None = None,
    staff_id: int | None = None,
    inbound_id: int | None = None,
    by_machine: bool = True,
    once_key: str | None = None,
    not_before: datetime | None = None,
    can_wait: bool = True,
) -> Sequence[OutboundMessage]:
    """
    Write the text for sending, cut to length; return its rows in order, none for a blank text.

    With a *once_key* that was used before, that time's rows are returned.  What cannot wait,
    or was written by a person, goes before the rest of a rush, with what it has to follow.
    """
    if once_key and (known := _written_before(session, once_key)):
        return known
    rows = [
        OutboundMessage(
            resident_id=resident_id,
            ticket_id=ticket_id,
            staff_id=staff_id,
            inbound_id=inbound_id,
            text=part,
            by_machine=by_machine,
            once_key=_part_key(once_key, number) if once_key else None,
            not_before=not_before or now,
            can_wait=can_wait and staff_id is None,
            created_at=now,
            queued_at=now,
        )
        for number, part in enumerate(split_text(strip_controls(text), limit_bytes), start=1)
    ]
    return _write(session, rows, once_key)


def enqueue_other(  # noqa: PLR0913 (each is a column of the row)
    session: Session,
    *,
    resident_id: int,
    kind: Kind,
    text: str,
    details: JsonObject,
    now: datetime,
    ticket_id: int,
    staff_id: int | None,
    once_key: str,
) -> OutboundMessage:
    """Write a file or a notice for sending; with a *once_key* used before return that row."""
    if known := _written_before(session, once_key):
        return known[0]
    row = OutboundMessage(
        resident_id=resident_id,
        ticket_id=ticket_id,
        staff_id=staff_id,
        kind=kind,
        text=text,
        details=details,
        by_machine=kind == Kind.NOTICE,
        once_key=_part_key(once_key, 1),
        not_before=now,
        can_wait=staff_id is None,
        created_at=now,
        queued_at=now,
    )
    return _write(session, [row], once_key)[0]


def written_as(session: Session, once_key: str) -> Sequence[OutboundMessage]:
    """Return the rows that were written with this *once_key*, in order."""
    return _written_before(session, once_key)


def holds(resident_id: int | BindParameter[int]) -> ColumnElement[bool]:
    """Return the condition that something waits for the resident to write."""
    return exists().where(*_waits_for_a_message(resident_id))


def release_held(session: Session, resident_id: int, *, now: datetime) -> int:
    """Queue again what waited for the resident to write; return how many."""
    held = _waits_for_a_message(resident_id)
    again = {"state": SendState.QUEUED, "not_before": now, "queued_at": now}
    done = update(OutboundMessage).where(*held).values(again).returning(OutboundMessage.id)
    return len(session.scalars(done).all())


def give_up_old(session: Session, *, now: datetime, after: timedelta) -> int:
    """Stop trying what has been tried for *after*; the rows stay, to be seen. Return how many."""
    not_under_way = or_(OutboundMessage.claimed_at.is_(None), OutboundMessage.not_before <= now)
    old = (
        OutboundMessage.state == SendState.QUEUED,
        OutboundMessage.queued_at <= now - after,
        OutboundMessage.bundle_id.is_(None),
        not_under_way,
    )
    ended = {"state": SendState.GIVEN_UP, "finished_at": now}
    done = update(OutboundMessage).where(*old).values(ended).returning(OutboundMessage.id)
    heads = session.scalars(done).all()
    # What was to go out in their text shares their fate.
    inside = (OutboundMessage.bundle_id.in_(heads), OutboundMessage.state == SendState.QUEUED)
    session.execute(update(OutboundMessage).where(*inside).values(ended))
    return len(heads)


def _waits_for_a_message(
    resident_id: int | BindParameter[int],
) -> tuple[ColumnElement[bool], ...]:
    """What any message lets go; what waits for 看 (discreet.py) is not among it."""
    return (
        OutboundMessage.resident_id == resident_id,
        OutboundMessage.state == SendState.HELD,
        OutboundMessage.outcome != WAITS_TO_BE_ASKED,
    )


def _write(
    session: Session, rows: list[OutboundMessage], once_key: str | None
) -> Sequence[OutboundMessage]:
    try:
        with session.begin_nested():
            session.add_all(rows)
    except IntegrityError:
        # Somebody else wrote it at the same moment; anything else is a real error.
        if once_key and (known := _written_before(session, once_key)):
            return known
        raise
    for row in rows:
        index.add(session, row.ticket_id, row.text)
    if rows and not rows[0].can_wait:
        _hurry(session, rows[0].resident_id)
    if rows:
        announce(session)
    return rows


def _hurry(session: Session, resident_id: int) -> None:
    """Let what goes before a message that cannot wait not wait either."""
    queued = (OutboundMessage.state == SendState.QUEUED, OutboundMessage.can_wait)
    before = update(OutboundMessage).where(OutboundMessage.resident_id == resident_id, *queued)
    session.execute(before.values(can_wait=False))


def _written_before(session: Session, once_key: str) -> Sequence[OutboundMessage]:
    keys = [_part_key(once_key, number) for number in range(1, _MOST_PARTS)]
    known = select(OutboundMessage).where(OutboundMessage.once_key.in_(keys))
    return session.scalars(known.order_by(OutboundMessage.id)).all()


def _part_key(once_key: str, number: int) -> str:
    if len(once_key) > _LONGEST_KEY:
        once_key = hashlib.sha256(once_key.encode()).hexdigest()
    return once_key if number == 1 else f"{once_key}#{number}"
