"""Follow-up tasks and visits: planned, due, done or missed, each step in the ticket's history."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.casefile.tables import CaseTask, TaskKind, TaskState
from bot.casefile.telling import tell_supervisors
from bot.errors import ConflictError, InvalidInputError, NotFoundError
from bot.people.tables import Staff
from bot.tickets.acting import required
from bot.tickets.change import note_event
from bot.tickets.scope import visible
from bot.tickets.tables import Ticket

OPEN = (TaskState.PLANNED, TaskState.MISSED)
KIND_NAMES = {TaskKind.PHONE: "打电话", TaskKind.VISIT: "上门", TaskKind.TODO: "要做的事"}
NOT_MET = {TaskKind.PHONE: "没打通", TaskKind.VISIT: "没见到人", TaskKind.TODO: "没做成"}


@dataclass(frozen=True, slots=True)
class Touch:
    """Who acts on a task, when, and which version of it they had before them."""

    staff: Staff
    version: int
    now: datetime


def plan(  # noqa: PLR0913 (one argument for each thing that is told)
    session: Session,
    *,
    ticket: Ticket,
    kind: TaskKind,
    staff_id: int | None,
    due_at: datetime,
    text: str,
    by: Staff | None,
    now: datetime,
) -> CaseTask:
    """
    Note something to be done for the ticket by *due_at*.

    What its caseworker is to do goes with the ticket to whoever has it then.
    Nobody as *by*: the service itself plans it.

    Raises:
        InvalidInputError: the time is over, nothing is said, or that person
            may not see the ticket.
    """
    words = required(text, "请写一句要做什么。")
    if due_at <= now:
        msg = "时间已经过了，请选以后的时间。"
        raise InvalidInputError(msg)
    task = CaseTask(
        ticket_id=ticket.id,
        kind=kind,
        text=words,
        staff_id=_owner(session, ticket, staff_id),
        created_by_id=by.id if by else None,
        created_at=now,
        due_at=due_at,
        state=TaskState.PLANNED,
    )
    session.add(task)
    session.flush()
    _note(session, task, ticket, "task_planned", by, now=now, text=words)
    return task


def finish(session: Session, task_id: int, *, by: Touch, outcome: str) -> CaseTask:
    """Note that it is done and what came of it; done by the same person again changes nothing."""
    task, ticket = taken(session, task_id, by.staff)
    if task.state == TaskState.DONE and task.done_by_id == by.staff.id:
        return task  # a double click, or a form sent again over a bad connection
    _refuse_unless_open(session, task, by)
    words = required(outcome, "请写一句结果：见到谁、说了什么、接下来怎么办。")
    task.state, task.done_at, task.done_by_id = TaskState.DONE, by.now, by.staff.id
    _change(session, task, ticket, "task_done", by, words)
    return task


def not_met(
    session: Session, task_id: int, *, by: Touch, why: str, again_at: datetime | None = None
) -> CaseTask:
    """
    Note a try that failed; it is tried again at *again_at*, or stands as missed.

    Raises:
        InvalidInputError: no reason is given, or *again_at* is over.
    """
    task, ticket = taken(session, task_id, by.staff)
    _refuse_unless_open(session, task, by)
    words = required(why, "请写一句为什么没成。")
    if again_at is None:
        miss(session, task, ticket, by=by.staff, why=words, now=by.now)
        return task
    _plan_again(task, again_at, by.now)
    _change(session, task, ticket, "task_tried", by, words)
    return task


def move(session: Session, task_id: int, *, by: Touch, due_at: datetime) -> CaseTask:
    """Plan it for another time."""
    task, ticket = taken(session, task_id, by.staff)
    _refuse_unless_open(session, task, by)
    _plan_again(task, due_at, by.now)
    _change(session, task, ticket, "task_moved", by, "")
    return task


def drop(session: Session, task_id: int, *, by: Touch, why: str) -> CaseTask:
    """Note that it is no longer needed, and why."""
    task, ticket = taken(session, task_id, by.staff)
    _refuse_unless_open(session, task, by)
    words = required(why, "请写一句为什么不用做了。")
    task.state = TaskState.DROPPED
    _change(session, task, ticket, "task_dropped", by, words)
    return task


def miss(
    session: Session, task: CaseTask, ticket: Ticket, *, by: Staff | None, why: str, now: datetime
) -> None:
    """Let it stand as missed; of a missed visit a supervisor is told."""
    task.state, task.missed_at, task.outcome = TaskState.MISSED, now, why
    task.sync_version += 1
    session.flush()
    _note(session, task, ticket, "task_missed", by, now=now, text=why)
    tell_supervisors(session, task, ticket, now=now)


def taken(session: Session, task_id: int, staff: Staff) -> tuple[CaseTask, Ticket]:
    """
    Return the task, locked, with its ticket.

    Raises:
        NotFoundError: there is none, or this person may not see its ticket.
    """
    row = session.execute(
        select(CaseTask, Ticket)
        .join(Ticket, Ticket.id == CaseTask.ticket_id)
        .where(CaseTask.id == task_id, visible(staff))
        .with_for_update(of=CaseTask)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFoundError(str(task_id))
    task, ticket = row
    return task, ticket


def may_see(session: Session, ticket: Ticket, staff: Staff) -> bool:
    """Say whether this person may see the ticket."""
    found = session.scalar(select(Ticket.id).where(Ticket.id == ticket.id, visible(staff)))
    return staff.active and found is not None


def _owner(session: Session, ticket: Ticket, staff_id: int | None) -> int | None:
    """Whom the task stays with; nobody where it goes with the ticket."""
    if staff_id is None or staff_id == ticket.assignee_id:
        return None
    person = session.get(Staff, staff_id)
    if person is None or not may_see(session, ticket, person):
        who = person.name if person else "这个人"
        msg = f"{who}看不到这件工单，不能派给他。请先把工单转给他。"
        raise InvalidInputError(msg)
    return staff_id


def _refuse_unless_open(session: Session, task: CaseTask, by: Touch) -> None:
    if task.sync_version != by.version or task.state not in OPEN:
        who = session.get(Staff, task.done_by_id) if task.done_by_id else None
        done = f"{who.name if who else '同事'}已经记了结果" if task.state == TaskState.DONE else ""
        dropped = "已经取消" if task.state == TaskState.DROPPED else "刚被改过"
        msg = f"这项{done or dropped}。您写的没有存，请看过最新的再决定。"
        raise ConflictError(msg)


def _plan_again(task: CaseTask, due_at: datetime, now: datetime) -> None:
    if due_at <= now:
        msg = "时间已经过了，请选以后的时间。"
        raise InvalidInputError(msg)
    task.due_at, task.state = due_at, TaskState.PLANNED
    task.reminded_at = task.missed_at = None


def _change(
    session: Session, task: CaseTask, ticket: Ticket, kind: str, by: Touch, words: str
) -> None:
    task.outcome = words
    task.sync_version += 1
    session.flush()
    _note(session, task, ticket, kind, by.staff, now=by.now, text=words)


def _note(  # noqa: PLR0913 (what an event holds)
    session: Session,
    task: CaseTask,
    ticket: Ticket,
    kind: str,
    by: Staff | None,
    *,
    now: datetime,
    text: str,
) -> None:
    due = task.due_at.isoformat()
    note_event(
        session, ticket, kind, now=now, staff=by, text=text,
        task_id=task.id, task_kind=str(task.kind), due_at=due,
    )  # fmt: skip
