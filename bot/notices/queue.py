"""Into the queue of what staff are told."""

import hashlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.db.wake import announce
from bot.notices.tables import Channel, Fate, NoticeDelivery, NoticeKind, StaffNotice

_LONGEST_KEY = 80


def notify(  # noqa: PLR0913 (each is a column of the row)
    session: Session,
    *,
    staff_id: int,
    kind: NoticeKind,
    now: datetime,
    ticket_id: int | None = None,
    urgent: bool = False,
    once: str,
) -> bool:
    """
    Write down that somebody is to be told; it stands in the console from the commit on.

    The worker tries the person's other channels for as long as it is unseen.
    A second call with the same person and *once* does nothing, and says so.
    """
    once = once if len(once) <= _LONGEST_KEY else hashlib.sha256(once.encode()).hexdigest()
    if _told(session, staff_id, once):
        return False
    notice = StaffNotice(
        staff_id=staff_id,
        kind=kind,
        ticket_id=ticket_id,
        urgent=urgent or kind == NoticeKind.CRISIS_PAGE,
        once=once,
        created_at=now,
        next_at=now,
    )
    try:
        with session.begin_nested():
            session.add(notice)
            session.flush()
            session.add(_in_the_console(notice, now))
            announce(session)
    except IntegrityError:
        # Somebody else wrote it at the same moment; anything else is a real error.
        if not _told(session, staff_id, once):
            raise
        return False
    return True


def _told(session: Session, staff_id: int, once: str) -> bool:
    same = (StaffNotice.staff_id == staff_id, StaffNotice.once == once)
    return session.scalar(select(StaffNotice.id).where(*same)) is not None


def _in_the_console(notice: StaffNotice, now: datetime) -> NoticeDelivery:
    """Return the delivery that needs no sending."""
    return NoticeDelivery(
        notice_id=notice.id, channel=Channel.CONSOLE, state=Fate.SENT, not_before=now, at=now
    )
