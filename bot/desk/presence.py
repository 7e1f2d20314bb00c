"""Who has a ticket open, and who is writing in it: so that two do not do the same work."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bot.db import news
from bot.db.inserting import insert
from bot.desk.tables import Presence
from bot.settings import Settings

LOOKS_FOR = timedelta(seconds=30)
"""Somewhat more than two beats of a page: one may be lost on the way."""
TYPES_FOR = timedelta(seconds=7)
KEPT_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class There:
    """A colleague who has the ticket open."""

    name: str
    typing: bool


def look(
    session: Session, *, ticket_id: int, staff_id: int, now: datetime, typing: bool = False
) -> None:
    """Note that somebody has the ticket open now."""
    before = seen(session.get(Presence, (ticket_id, staff_id)), "", now=now)
    if before is None or (typing and not before.typing):
        news.note(session)
    values = {"looked_at": now, **({"typed_at": now} if typing else {})}
    row = insert(session, Presence).values(ticket_id=ticket_id, staff_id=staff_id, **values)
    session.execute(
        row.on_conflict_do_update(index_elements=["ticket_id", "staff_id"], set_=values)
    )


def leave(session: Session, *, ticket_id: int, staff_id: int) -> None:
    """Note that somebody closed the ticket."""
    news.note(session)
    session.execute(
        delete(Presence).where(Presence.ticket_id == ticket_id, Presence.staff_id == staff_id)
    )


def stop_typing(session: Session, *, ticket_id: int, staff_id: int) -> None:
    """Note that what was being written is sent or cleared."""
    row = session.get(Presence, (ticket_id, staff_id))
    if row is not None:
        row.typed_at = None
        news.note(session)


def seen(row: Presence | None, name: str, *, now: datetime) -> There | None:
    """Return whether this row still means that somebody is there."""
    if row is None or row.looked_at <= now - LOOKS_FOR:
        return None
    return There(name, typing=row.typed_at is not None and row.typed_at > now - TYPES_FOR)


def tidy(session: Session, *, now: datetime, settings: Settings) -> int:
    """Forget who was there long ago; a job of the timetable."""
    del settings
    old = delete(Presence).where(Presence.looked_at <= now - KEPT_FOR)
    return len(session.scalars(old.returning(Presence.ticket_id)).all())
