"""Whose tasks are due when: what a person has before them today and this week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from bot.casefile.tables import CaseTask
from bot.casefile.tasks import OPEN
from bot.people.tables import Resident, Role, Staff
from bot.tickets.scope import visible
from bot.tickets.tables import Ticket

MOST = 200
WEEK = timedelta(days=7)
_owner = func.coalesce(CaseTask.staff_id, Ticket.assignee_id)
"""Who is to do a task: whom it was given to, else who has its ticket now."""


@dataclass(frozen=True, slots=True)
class Due:
    """One open task with what a person in the field needs to know of its ticket."""

    task: CaseTask
    ticket: Ticket
    alias: str
    owner: str
    """Empty: nobody has the ticket."""


@dataclass(frozen=True, slots=True)
class Agenda:
    """Open tasks by when they are due, each list the soonest first."""

    overdue: Sequence[Due]
    today: Sequence[Due]
    week: Sequence[Due]
    later: Sequence[Due]

    @property
    def pressing(self) -> int:
        """How many are overdue or due today."""
        return len(self.overdue) + len(self.today)


def agenda(
    session: Session, staff: Staff, *, now: datetime, zone: ZoneInfo, everybody: bool = False
) -> Agenda:
    """Return this person's open tasks; a supervisor may ask for everybody's."""
    whose = everybody and staff.role == Role.SUPERVISOR
    conditions = [] if whose else [_owner == staff.id]
    rows = _rows(session, staff, *conditions)
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow, week = midnight + timedelta(days=1), midnight + WEEK
    return Agenda(
        overdue=[row for row in rows if row.task.due_at < now],
        today=[row for row in rows if now <= row.task.due_at < tomorrow],
        week=[row for row in rows if max(now, tomorrow) <= row.task.due_at < week],
        later=[row for row in rows if row.task.due_at >= max(now, week)],
    )


def pressing(session: Session, staff: Staff, *, now: datetime) -> int:
    """Count this person's tasks whose time is over."""
    counted = select(func.count()).select_from(CaseTask).join(Ticket)
    due = (CaseTask.state.in_(OPEN), CaseTask.due_at <= now, _owner == staff.id, visible(staff))
    return session.scalar(counted.where(*due)) or 0


def of_ticket(session: Session, ticket: Ticket, staff: Staff) -> list[Due]:
    """Return every task of the ticket: the open ones by time, then the done ones."""
    rows = [
        Due(task, it, alias, owner or "")
        for task, it, alias, owner in session.execute(
            _query(staff).where(CaseTask.ticket_id == ticket.id).order_by(CaseTask.due_at)
        )
    ]
    return sorted(rows, key=lambda row: row.task.state not in OPEN)


def one(session: Session, task_id: int, staff: Staff) -> Due | None:
    """Return the task if this person may see its ticket."""
    row = session.execute(_query(staff).where(CaseTask.id == task_id)).one_or_none()
    return Due(row[0], row[1], row[2], row[3] or "") if row else None


def _rows(session: Session, staff: Staff, *conditions: ColumnElement[bool]) -> list[Due]:
    found = session.execute(
        _query(staff)
        .where(CaseTask.state.in_(OPEN), *conditions)
        .order_by(CaseTask.due_at, CaseTask.id)
        .limit(MOST)
    )
    return [Due(task, ticket, alias, owner or "") for task, ticket, alias, owner in found]


def _query(staff: Staff) -> Select[CaseTask, Ticket, str, str]:
    owner = aliased(Staff)
    return (
        select(CaseTask, Ticket, Resident.alias, owner.name)
        .join(Ticket, Ticket.id == CaseTask.ticket_id)
        .join(Resident, Resident.id == Ticket.resident_id)
        .outerjoin(owner, owner.id == _owner)
        .where(visible(staff))
    )
