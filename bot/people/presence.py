"""Who is there: away on leave, on the duty roster, and how much of a time somebody was there."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from bot.people.tables import DutyRole, DutyShift, Leave, Staff

DAY = timedelta(days=1)


def runs(now: datetime) -> ColumnElement[bool]:
    """Return the condition for leaves that last at this moment."""
    return and_(Leave.cancelled_at.is_(None), Leave.starts_at <= now, now < Leave.ends_at)


def away(session: Session, now: datetime) -> Mapping[int, Leave]:
    """Return who is on leave, each with the leave that ends last."""
    found = session.scalars(select(Leave).where(runs(now)).order_by(Leave.ends_at, Leave.id))
    return {leave.staff_id: leave for leave in found}


def on_roster(session: Session, role: DutyRole, now: datetime) -> Mapping[int, int]:
    """Return whose turn it is, with the rung of each, the first to be called first."""
    rows = session.execute(
        select(DutyShift.staff_id, DutyShift.rung)
        .where(DutyShift.role == role, DutyShift.starts_at <= now, now < DutyShift.ends_at)
        .order_by(DutyShift.rung.desc(), DutyShift.id.desc())
    )
    rungs = {row.staff_id: row.rung for row in rows}
    return dict(sorted(rungs.items(), key=lambda pair: (pair[1], pair[0])))


def presence(
    session: Session, people: Collection[Staff], *, now: datetime, days: int
) -> Mapping[int, Sequence[float]]:
    """Return for each person how much of each of the last days they were there, today's first."""
    since = now - days * DAY
    rows = session.execute(
        select(Leave.staff_id, Leave.starts_at, Leave.ends_at)
        .where(Leave.cancelled_at.is_(None), Leave.ends_at > since, Leave.starts_at < now)
        .order_by(Leave.starts_at, Leave.id)
    ).all()
    leaves: dict[int, list[tuple[datetime, datetime]]] = {}
    for staff_id, starts_at, ends_at in rows:
        leaves.setdefault(staff_id, []).append((starts_at, ends_at))
    return {
        person.id: tuple(
            _there(leaves.get(person.id, []), person.created_at, now - number * DAY)
            for number in range(days)
        )
        for person in people
    }


def _there(
    leaves: Collection[tuple[datetime, datetime]], came_at: datetime, end: datetime
) -> float:
    """Return how much of the day before *end* somebody was there; overlaps count once."""
    there, at = timedelta(), max(end - DAY, came_at)
    for starts_at, ends_at in leaves:
        there += max(min(starts_at, end) - at, timedelta())
        at = max(at, ends_at)
    return (there + max(end - at, timedelta())) / DAY
