"""The timetable's work on tasks: tell who is to do them, note what nobody did."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from bot.casefile.tables import CaseTask, TaskKind, TaskState
from bot.casefile.tasks import miss
from bot.casefile.telling import tell_owner
from bot.settings import Settings
from bot.tickets.tables import Ticket

AT_A_TIME = 100
LEAD = {
    TaskKind.VISIT: timedelta(hours=2),
    TaskKind.PHONE: timedelta(minutes=15),
    TaskKind.TODO: timedelta(),
}
"""How long before its time a task's owner is told: a visit has a way to go."""
GRACE = {
    TaskKind.VISIT: timedelta(hours=4),
    TaskKind.PHONE: timedelta(hours=4),
    TaskKind.TODO: timedelta(hours=24),
}
"""How long after its time a task that nobody finished counts as missed."""


def remind_of_tasks(session: Session, *, now: datetime, settings: Settings) -> int:
    """Remind of what is due soon, once."""
    del settings
    done = 0
    soon = or_(*(_of(kind, CaseTask.due_at <= now + lead) for kind, lead in LEAD.items()))
    for task, ticket in _found(session, and_(CaseTask.reminded_at.is_(None), soon)):
        task.reminded_at = now
        tell_owner(session, task, ticket, now=now)
        done += 1
    return done


def miss_tasks(session: Session, *, now: datetime, settings: Settings) -> int:
    """Let stand as missed what nobody finished."""
    del settings
    done = 0
    over = or_(*(_of(kind, CaseTask.due_at <= now - grace) for kind, grace in GRACE.items()))
    for task, ticket in _found(session, over):
        miss(session, task, ticket, by=None, why="", now=now)
        done += 1
    return done


def _of(kind: TaskKind, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(CaseTask.kind == kind, condition)


def _found(session: Session, condition: ColumnElement[bool]) -> Iterator[tuple[CaseTask, Ticket]]:
    """Planned tasks that meet the condition, locked; who is at work on one keeps it."""
    rows = session.execute(
        select(CaseTask, Ticket)
        .join(Ticket, Ticket.id == CaseTask.ticket_id)
        .where(CaseTask.state == TaskState.PLANNED, condition)
        .order_by(CaseTask.due_at, CaseTask.id)
        .limit(AT_A_TIME)
        .with_for_update(of=CaseTask, skip_locked=True)
    ).all()
    return ((task, ticket) for task, ticket in rows)
