"""Tasks of people who are away when they are due go to a stand-in, or with the ticket."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.casefile.tables import CaseTask
from bot.casefile.tasks import OPEN, may_see
from bot.people.placement import chain, substitutes_of
from bot.people.presence import away
from bot.people.tables import Leave, Staff
from bot.settings import Settings
from bot.tickets.change import note_event
from bot.tickets.tables import Ticket

AT_A_TIME = 100


def hand_on_tasks(session: Session, *, now: datetime, settings: Settings) -> int:
    """
    Give what somebody on leave is to do before they are back to who stands in for them.

    Where nobody stands in who may see the ticket, the task goes with the ticket
    to whoever has it.  What is due after the leave stays.
    """
    del settings
    leaves = away(session, now)
    if not leaves:
        return 0
    rows = session.execute(
        select(CaseTask, Ticket)
        .join(Ticket, Ticket.id == CaseTask.ticket_id)
        .where(CaseTask.staff_id.in_(leaves), CaseTask.state.in_(OPEN))
        .order_by(CaseTask.due_at, CaseTask.id)
        .limit(AT_A_TIME)
        .with_for_update(of=CaseTask, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    done = 0
    for task, ticket in rows.all():
        leave = leaves[task.staff_id or 0]
        if task.due_at < leave.ends_at:
            _hand_on(session, task, ticket, leave, now)
            done += 1
    return done


def _hand_on(
    session: Session, task: CaseTask, ticket: Ticket, leave: Leave, now: datetime
) -> None:
    owner = session.get_one(Staff, leave.staff_id)
    stand_in = _stand_in(session, ticket, owner, now)
    task.staff_id = stand_in.id if stand_in else None
    task.sync_version += 1
    task.reminded_at = None  # whoever has it now has not been told
    session.flush()
    who = f"替班的{stand_in.name}" if stand_in else "现在负责的人"
    note_event(
        session,
        ticket,
        "task_handed_on",
        now=now,
        text=f"{owner.name}请假，这件事由{who}去做",
        task_id=task.id,
        task_kind=str(task.kind),
        due_at=task.due_at.isoformat(),
    )


def _stand_in(session: Session, ticket: Ticket, owner: Staff, now: datetime) -> Staff | None:
    gone = away(session, now)
    for staff_id in chain(owner.id, substitutes_of(session)):
        person = session.get(Staff, staff_id)
        there = person is not None and person.active and person.id not in gone
        if person is not None and there and may_see(session, ticket, person):
            return None if person.id == ticket.assignee_id else person
    return None
