"""Leave: set by oneself or by a supervisor, ended earlier, listed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import audit
from bot.errors import InvalidInputError, NotAllowedError, NotFoundError
from bot.people.placement import leads
from bot.people.tables import Leave, LeaveKind, Staff

LONGEST = timedelta(days=366)
KINDS = {
    LeaveKind.ANNUAL: "休假",
    LeaveKind.SICK: "病假",
    LeaveKind.PERSONAL: "事假",
    LeaveKind.TRAINING: "培训",
    LeaveKind.FIELD: "下乡、出差",
}


@dataclass(frozen=True, slots=True)
class Span:
    """From when somebody is away until when they are back."""

    starts_at: datetime
    ends_at: datetime


def set_leave(
    session: Session, person: Staff, *, span: Span, kind: str, by: Staff, now: datetime
) -> Leave:
    """
    Note that the person is away; their work moves on when it begins (bot/tickets/absence.py).

    Raises:
        InvalidInputError: the span is over, upside down, too long, or overlaps another.
        NotAllowedError: `by` is neither the person nor somebody who leads them.
    """
    _need_right(person, by)
    problem = ""
    if kind not in set(LeaveKind):
        problem = "请选一种请假类别。"
    elif span.ends_at <= span.starts_at:
        problem = "回来的时间要在开始以后。"
    elif span.ends_at <= now:
        problem = "回来的时间已经过了。"
    elif span.ends_at - span.starts_at > LONGEST:
        problem = "回来的时间太远：一次最多请一年，长期不在请管理员停用账号。"
    elif _overlapping(session, person, span):
        problem = "开始到回来之间已经请过假，先取消那一段再请。"
    if problem:
        raise InvalidInputError(problem)
    leave = Leave(
        staff_id=person.id,
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        kind=LeaveKind(kind),
        set_by_id=by.id,
        set_at=now,
    )
    session.add(leave)
    session.flush()
    _record(session, "leave.set", leave, by, now)
    return leave


def end(session: Session, leave_id: int, *, by: Staff, now: datetime) -> Leave:
    """
    End a leave now, or cancel one that has not begun; done twice it changes nothing.

    Raises:
        NotFoundError: there is none.
        NotAllowedError: `by` is neither the person nor somebody who leads them.
    """
    leave = session.get(Leave, leave_id, with_for_update=True)
    if leave is None:
        msg = f"leave {leave_id}"
        raise NotFoundError(msg)
    _need_right(session.get_one(Staff, leave.staff_id), by)
    if leave.cancelled_at is None and now < leave.starts_at:
        leave.cancelled_at = now
        _record(session, "leave.cancel", leave, by, now)
    elif leave.cancelled_at is None and now < leave.ends_at:
        leave.ends_at = now
        _record(session, "leave.end", leave, by, now)
    return leave


def coming(session: Session, now: datetime) -> Sequence[tuple[Leave, Staff]]:
    """Return all leaves that last or are to come, the next first, with whose they are."""
    rows = session.execute(
        select(Leave, Staff)
        .join(Staff, Staff.id == Leave.staff_id)
        .where(Leave.cancelled_at.is_(None), Leave.ends_at > now)
        .order_by(Leave.starts_at, Leave.id)
    )
    return [(leave, staff) for leave, staff in rows]


def last_begun(session: Session, staff_id: int, now: datetime) -> Leave | None:
    """Return the person's leave that began last, over or not."""
    return session.scalar(
        select(Leave)
        .where(Leave.staff_id == staff_id, Leave.cancelled_at.is_(None), Leave.starts_at <= now)
        .order_by(Leave.starts_at.desc(), Leave.id.desc())
        .limit(1)
    )


def may_set(person: Staff, by: Staff) -> bool:
    """Say whether *by* may set the person's leave."""
    return by.id == person.id or leads(by, person)


def _need_right(person: Staff, by: Staff) -> None:
    if not may_set(person, by):
        msg = "只能给自己请假；替别人请要本机构的督导来。"
        raise NotAllowedError(msg)


def _overlapping(session: Session, person: Staff, span: Span) -> bool:
    # Locked, so that the same form sent twice at once is kept once.
    session.scalar(select(Staff.id).where(Staff.id == person.id).with_for_update())
    found = session.scalar(
        select(Leave.id).where(
            Leave.staff_id == person.id,
            Leave.cancelled_at.is_(None),
            Leave.starts_at < span.ends_at,
            Leave.ends_at > span.starts_at,
        )
    )
    return found is not None


def _record(session: Session, deed: str, leave: Leave, by: Staff, now: datetime) -> None:
    audit.record(session, deed=deed, staff_id=by.id, subject=f"leave:{leave.id}", now=now)
