"""The duty roster: turns set, taken off, copied to the next week, and the hours nobody has."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import audit
from bot.errors import InvalidInputError, NotAllowedError, NotFoundError
from bot.people.leaves import Span
from bot.people.placement import leads
from bot.people.tables import DutyRole, DutyShift, Leave, Role, Staff

DAY, WEEK = timedelta(days=1), timedelta(days=7)
LONGEST = timedelta(days=7)
RUNGS = (1, 2, 3)
ROLES = {DutyRole.DESK: "接件", DutyRole.CRISIS: "危机值班"}


@dataclass(frozen=True, slots=True)
class Turn:
    """One person's turn, with what the page says of it."""

    shift: DutyShift
    person: Staff
    away: bool
    """The person is on leave in a part of it: somebody else is needed."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a week."""

    on: date
    turns: tuple[Turn, ...]


def set_shift(  # noqa: PLR0913 (who, what, when, and by whom)
    session: Session,
    person: Staff,
    *,
    role: str,
    rung: int,
    span: Span,
    by: Staff,
    now: datetime,
) -> DutyShift:
    """
    Put the person on the roster.

    Raises:
        InvalidInputError: they take no tickets, the span does not fit, or it is theirs already.
        NotAllowedError: `by` does not lead the person.
    """
    _need_right(person, by)
    problem = _problem(session, person, role, rung, span)
    if problem:
        raise InvalidInputError(problem)
    shift = DutyShift(
        staff_id=person.id,
        role=role,
        rung=rung,
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        set_by_id=by.id,
    )
    session.add(shift)
    session.flush()
    _record(session, "roster.set", shift, by, now)
    return shift


def take_off(session: Session, shift_id: int, *, by: Staff, now: datetime) -> DutyShift:
    """
    Take a turn off the roster.

    Raises:
        NotFoundError: there is none.
        NotAllowedError: `by` does not lead the person.
    """
    shift = session.get(DutyShift, shift_id)
    if shift is None:
        msg = f"shift {shift_id}"
        raise NotFoundError(msg)
    _need_right(session.get_one(Staff, shift.staff_id), by)
    _record(session, "roster.take_off", shift, by, now)
    session.delete(shift)
    session.flush()
    return shift


def copy_week(session: Session, monday: date, *, zone: tzinfo, by: Staff, now: datetime) -> int:
    """Repeat a week of one's own people in the next; return how many turns were new there."""
    _need_right(by, by)
    copied = 0
    for shift in _between(session, _week(monday, zone)):
        # By the clock on the wall, should a day ever be an hour shorter.
        starts, ends = (
            (at.astimezone(zone).replace(tzinfo=None) + WEEK).replace(tzinfo=zone)
            for at in (shift.starts_at, shift.ends_at)
        )
        person = session.get_one(Staff, shift.staff_id)
        span = Span(starts, ends)
        if person.active and leads(by, person) and not _taken(session, person, shift.role, span):
            role, rung = shift.role, shift.rung
            set_shift(session, person, role=role, rung=rung, span=span, by=by, now=now)
            copied += 1
    return copied


def week(session: Session, monday: date, *, zone: tzinfo) -> list[Day]:
    """Return the seven days from *monday* on, each with the turns that touch it."""
    span = _week(monday, zone)
    shifts = _between(session, span)
    people = {person.id: person for person in session.scalars(select(Staff))}
    leaves = session.scalars(
        select(Leave).where(
            Leave.cancelled_at.is_(None),
            Leave.starts_at < span.ends_at,
            Leave.ends_at > span.starts_at,
        )
    ).all()
    turns = [Turn(shift, people[shift.staff_id], _away(shift, leaves)) for shift in shifts]
    return [
        Day(day, tuple(turn for turn in turns if _touches(turn.shift, day, zone)))
        for day in (monday + number * DAY for number in range(7))
    ]


def uncovered(session: Session, monday: date, *, zone: tzinfo) -> list[Span]:
    """Return the hours of the week in which a crisis would find nobody on the roster."""
    span = _week(monday, zone)
    gaps, at = [], span.starts_at
    for shift in _between(session, span):
        if shift.role != DutyRole.CRISIS:
            continue
        if shift.starts_at > at:
            gaps.append(Span(at, shift.starts_at))
        at = max(at, shift.ends_at)
    return [*gaps, Span(at, span.ends_at)] if at < span.ends_at else gaps


def _problem(session: Session, person: Staff, role: str, rung: int, span: Span) -> str:
    if role not in set(DutyRole) or rung not in RUNGS:
        return "请选值什么班、第几个叫。"
    if not person.active or person.role == Role.ADMIN:
        return "谁值班：这个人不接工单，请换一个。"
    if not timedelta() < span.ends_at - span.starts_at <= LONGEST:
        return "结束要在开始以后，一次最多排七天。"
    if _taken(session, person, role, span):
        return f"谁值班：{person.name}这段时间已经排了{ROLES[DutyRole(role)]}。"
    return ""


def _week(monday: date, zone: tzinfo) -> Span:
    start = datetime.combine(monday, time(), zone)
    return Span(start, datetime.combine(monday + WEEK, time(), zone))


def _between(session: Session, span: Span) -> Sequence[DutyShift]:
    return session.scalars(
        select(DutyShift)
        .where(DutyShift.starts_at < span.ends_at, DutyShift.ends_at > span.starts_at)
        .order_by(DutyShift.starts_at, DutyShift.role, DutyShift.rung, DutyShift.id)
    ).all()


def _touches(shift: DutyShift, day: date, zone: tzinfo) -> bool:
    start = datetime.combine(day, time(), zone)
    return shift.starts_at < start + DAY and shift.ends_at > start


def _away(shift: DutyShift, leaves: Iterable[Leave]) -> bool:
    return any(
        leave.staff_id == shift.staff_id
        and leave.starts_at < shift.ends_at
        and leave.ends_at > shift.starts_at
        for leave in leaves
    )


def _taken(session: Session, person: Staff, role: str, span: Span) -> bool:
    found = session.scalar(
        select(DutyShift.id).where(
            DutyShift.staff_id == person.id,
            DutyShift.role == role,
            DutyShift.starts_at < span.ends_at,
            DutyShift.ends_at > span.starts_at,
        )
    )
    return found is not None


def _need_right(person: Staff, by: Staff) -> None:
    if not leads(by, person):
        msg = "值班表由本机构的督导或管理员来排。"
        raise NotAllowedError(msg)


def _record(session: Session, deed: str, shift: DutyShift, by: Staff, now: datetime) -> None:
    audit.record(session, deed=deed, staff_id=by.id, subject=f"shift:{shift.id}", now=now)
