"""Who is told of tasks: their owner when they are due, a supervisor when a visit was missed."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.casefile.tables import CaseTask, TaskKind
from bot.notices.queue import notify
from bot.notices.tables import NoticeKind
from bot.people.tables import Role, Staff
from bot.tickets.change import note_event
from bot.tickets.scope import in_charge
from bot.tickets.tables import Ticket


def tell_owner(session: Session, task: CaseTask, ticket: Ticket, *, now: datetime) -> None:
    """Tell who is to do the task that its time comes; without an owner, the supervisors."""
    owner = task.staff_id or ticket.assignee_id
    for staff_id in [owner] if owner else supervisors(session, ticket):
        notify(
            session,
            staff_id=staff_id,
            kind=NoticeKind.TASK_DUE,
            now=now,
            ticket_id=ticket.id,
            once=f"task-due:{task.id}:{task.sync_version}",
        )


def tell_supervisors(session: Session, task: CaseTask, ticket: Ticket, *, now: datetime) -> None:
    """Tell those who answer for the case that nobody was visited."""
    if task.kind != TaskKind.VISIT:
        return
    told = supervisors(session, ticket)
    for staff_id in told:
        notify(
            session,
            staff_id=staff_id,
            kind=NoticeKind.VISIT_MISSED,
            now=now,
            ticket_id=ticket.id,
            once=f"visit-missed:{task.id}:{task.sync_version}",
        )
    note_event(session, ticket, "visit_escalated", now=now, task_id=task.id, told=told)


def supervisors(session: Session, ticket: Ticket) -> list[int]:
    """Return the supervisors in charge of the ticket: those on duty, or all where none is."""
    found = [
        person
        for person in session.scalars(
            select(Staff)
            .where(Staff.role == Role.SUPERVISOR, Staff.active.is_(True))
            .order_by(Staff.id)
        )
        if session.scalar(select(Ticket.id).where(Ticket.id == ticket.id, in_charge(person)))
    ]
    on_duty = [person.id for person in found if person.on_duty]
    return on_duty or [person.id for person in found]
