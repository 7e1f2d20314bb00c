"""Who is there: away on leave, on the duty roster, and how much of a time somebody was there."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from bot.people.tables import DutyRole, DutyShift, Leave, Staff


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
    session: Session, people: Collection[Staff], *, since: datetime, now: datetime
) -> Mapping[int, float]:
    """Return for each person the share of the time since *since* that they were not on leave."""
    rows = session.execute(
        select(Leave.staff_id, Leave.starts_at, Leave.ends_at)
        .where(Leave.cancelled_at.is_(None), Leave.ends_at > since, Leave.starts_at < now)
        .order_by(Leave.starts_at, Leave.id)
    ).all()
    leaves: dict[int, list[tuple[datetime, datetime]]] = {}
    for staff_id, starts_at, ends_at in rows:
        leaves.setdefault(staff_id, []).append((starts_at, min(ends_at, now)))
    whole = now - since
    return {
        person.id: _there(leaves.get(person.id, []), max(since, person.created_at), now) / whole
        for person in people
    }


def _there(
    leaves: Collection[tuple[datetime, datetime]], begin: datetime, now: datetime
) -> timedelta:
    """Return how long somebody was there; leaves that overlap count once."""
    there, at = timedelta(), begin
    for starts_at, ends_at in leaves:
        there += max(starts_at - at, timedelta())
        at = max(at, ends_at)
    return there + max(now - at, timedelta())
