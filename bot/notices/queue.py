"""Into the queue of what staff are told."""

import hashlib
from datetime import datetime
from functools import cache

from sqlalchemy import Executable
from sqlalchemy.orm import Session

from bot.db.engine import table_of
from bot.db.inserting import insert_into
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
    values = {
        "staff_id": staff_id,
        "kind": kind,
        "ticket_id": ticket_id,
        "urgent": urgent or kind == NoticeKind.CRISIS_PAGE,
        "once": once,
        "created_at": now,
        "next_at": now,
    }
    notice_id = session.scalar(_writing(session.get_bind().dialect.name), values)
    if notice_id is None:
        return False
    session.add(_in_the_console(notice_id, now))
    announce(session)
    return True


# Made once, and of the table: making it for the mapped class takes longer than running it.
@cache
def _writing(dialect: str) -> Executable:
    notice = table_of(StaffNotice)
    once = insert_into(dialect, notice).on_conflict_do_nothing(index_elements=["staff_id", "once"])
    return once.returning(notice.c.id)


def _in_the_console(notice_id: int, now: datetime) -> NoticeDelivery:
    """Return the delivery that needs no sending."""
    return NoticeDelivery(
        notice_id=notice_id, channel=Channel.CONSOLE, state=Fate.SENT, not_before=now, at=now
    )
