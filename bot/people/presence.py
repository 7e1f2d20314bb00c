"""Who is there: away on leave, on the duty roster, and how much of a time somebody was there."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import ColumnElement, Select, and_, bindparam, select
from sqlalchemy.orm import Session

from bot.db.types import UTCDateTime
from bot.people.tables import DutyRole, DutyShift, Leave, Staff

DAY = timedelta(days=1)
Span = tuple[datetime, datetime]


def runs(now: datetime) -> ColumnElement[bool]:
    """Return the condition for leaves that last at this moment."""
    return and_(Leave.cancelled_at.is_(None), Leave.starts_at <= now, now < Leave.ends_at)


def away(session: Session, now: datetime) -> Mapping[int, Leave]:
    """Return who is on leave, each with the leave that ends last."""
    found = session.scalars(select(Leave).where(runs(now)).order_by(Leave.ends_at, Leave.id))
    return {leave.staff_id: leave for leave in found}


def on_roster(session: Session, role: DutyRole, now: datetime) -> Mapping[int, int]:
    """Return whose turn it is, with the rung of each, the first to be called first."""
    return rosters(session, now)[role]


def rosters(session: Session, now: datetime) -> Mapping[DutyRole, Mapping[int, int]]:
    """Return for every role whose turn it is, as `on_roster` does."""
    rows = session.execute(_on_duty(), {"now": now})
    rungs: dict[DutyRole, dict[int, int]] = {role: {} for role in DutyRole}
    for row in rows:
        rungs[DutyRole(row.role)][row.staff_id] = row.rung
    return {
        role: dict(sorted(found.items(), key=lambda pair: (pair[1], pair[0])))
        for role, found in rungs.items()
    }


def lately(session: Session, *, now: datetime, days: int) -> Mapping[int, Sequence[Span]]:
    """Return the leaves of each person that were, or are, in the last days, in order."""
    rows = session.execute(_leaves(), {"since": now - days * DAY, "now": now}).all()
    leaves: dict[int, list[Span]] = {}
    for staff_id, starts_at, ends_at in rows:
        leaves.setdefault(staff_id, []).append((starts_at, ends_at))
    return leaves


# These are made once: making them takes longer than running them.
@cache
def _on_duty() -> Select[str, int, int]:
    shift, now = DutyShift, bindparam("now", type_=UTCDateTime)
    return (
        select(shift.role, shift.staff_id, shift.rung)
        .where(shift.starts_at <= now, now < shift.ends_at)
        .order_by(shift.rung.desc(), shift.id.desc())
    )


@cache
def _leaves() -> Select[int, datetime, datetime]:
    since, now = (bindparam(name, type_=UTCDateTime) for name in ("since", "now"))
    return (
        select(Leave.staff_id, Leave.starts_at, Leave.ends_at)
        .where(Leave.cancelled_at.is_(None), Leave.ends_at > since, Leave.starts_at <= now)
        .order_by(Leave.starts_at, Leave.id)
    )


def presence(
    leaves: Mapping[int, Sequence[Span]], people: Collection[Staff], *, now: datetime, days: int
) -> Mapping[int, Sequence[float]]:
    """Return for each person how much of each of the last days they were there, today's first."""
    return {
        person.id: tuple(
            _there(leaves.get(person.id, ()), person.created_at, now - number * DAY)
            for number in range(days)
        )
        for person in people
    }


def _there(leaves: Collection[Span], came_at: datetime, end: datetime) -> float:
    """Return how much of the day before *end* somebody was there; overlaps count once."""
    there, at = timedelta(), max(end - DAY, came_at)
    for starts_at, ends_at in leaves:
        there += max(min(starts_at, end) - at, timedelta())
        at = max(at, ends_at)
    return (there + max(end - at, timedelta())) / DAY
