"""Tasks: planned within what one may see, finished once, never lost, a missed visit told."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.casefile import agenda, tasks
from bot.casefile.due import miss_tasks, remind_of_tasks
from bot.casefile.tables import CaseTask, TaskKind, TaskState
from bot.casefile.tasks import Touch
from bot.errors import ConflictError, InvalidInputError, NotFoundError
from bot.notices.tables import NoticeKind, StaffNotice
from bot.people.tables import Role, Staff
from bot.settings import Settings
from bot.tickets.tables import Ticket, TicketEvent
from tests.builders import a_caseworker, a_ticket
from tests.conftest import NOW

SOON = NOW + timedelta(hours=1)


def planned(
    session: Session, ticket: Ticket, kind: TaskKind = TaskKind.VISIT, **changed: Any
) -> CaseTask:
    told: dict[str, Any] = {
        "due_at": SOON, "staff_id": ticket.assignee_id, "text": "看看孩子回学校没有",
    }  # fmt: skip
    by = session.get(Staff, ticket.assignee_id)
    return tasks.plan(session, ticket=ticket, kind=kind, by=by, now=NOW, **(told | changed))


def touch(session: Session, task: CaseTask, staff_id: int | None, version: int = 0) -> Touch:
    assert staff_id
    return Touch(session.get_one(Staff, staff_id), version or task.sync_version, SOON)


def told(session: Session, kind: NoticeKind) -> list[int]:
    return list(session.scalars(select(StaffNotice.staff_id).where(StaffNotice.kind == kind)))


def kinds(session: Session) -> list[str]:
    return list(session.scalars(select(TicketEvent.kind).order_by(TicketEvent.id)))


def owners(session: Session, *people: Staff, settings: Settings) -> list[int]:
    zone = settings.zone
    return [len(agenda.agenda(session, it, now=NOW, zone=zone).today) for it in people]


def test_a_task_goes_with_its_ticket_to_the_next_person(
    session: Session, settings: Settings
) -> None:
    first, second = a_caseworker(session), a_caseworker(session, name="李娜")
    ticket = a_ticket(session, assignee=first)
    planned(session, ticket)
    assert owners(session, first, second, settings=settings) == [1, 0]

    ticket.assignee_id = second.id
    session.flush()

    assert owners(session, first, second, settings=settings) == [0, 1]


def test_a_task_is_not_given_to_who_may_not_see_the_ticket(session: Session) -> None:
    stranger = a_caseworker(session, name="李娜")
    ticket = a_ticket(session)

    with pytest.raises(InvalidInputError, match="李娜看不到这件工单"):
        planned(session, ticket, staff_id=stranger.id)


def test_a_stranger_can_neither_see_nor_finish_a_task(session: Session) -> None:
    stranger = a_caseworker(session)
    task = planned(session, a_ticket(session))

    with pytest.raises(NotFoundError):
        tasks.finish(session, task.id, by=Touch(stranger, 1, SOON), outcome="去过了")
    assert agenda.one(session, task.id, stranger) is None


def test_the_outcome_is_kept_with_who_and_when_in_the_history(session: Session) -> None:
    ticket = a_ticket(session)
    task = planned(session, ticket)

    tasks.finish(session, task.id, by=touch(session, task, ticket.assignee_id), outcome="回学校了")

    event = session.scalars(select(TicketEvent).where(TicketEvent.kind == "task_done")).one()
    assert (task.state, task.done_by_id, task.done_at) == ("done", ticket.assignee_id, SOON)
    assert (event.text, event.staff_id) == ("回学校了", ticket.assignee_id)


def test_finishing_twice_is_one_outcome_and_a_second_person_is_told(session: Session) -> None:
    boss = a_caseworker(session, role=Role.SUPERVISOR)
    ticket = a_ticket(session)
    task = planned(session, ticket)
    own, other = touch(session, task, ticket.assignee_id), touch(session, task, boss.id)
    tasks.finish(session, task.id, by=own, outcome="回学校了")

    tasks.finish(session, task.id, by=own, outcome="回学校了")
    with pytest.raises(ConflictError, match="王芳已经记了结果"):
        tasks.finish(session, task.id, by=other, outcome="没有回")

    assert kinds(session).count("task_done") == 1
    assert task.outcome == "回学校了"


def test_its_owner_is_told_once_when_the_time_comes(session: Session, settings: Settings) -> None:
    ticket = a_ticket(session)
    planned(session, ticket, TaskKind.PHONE)
    early = SOON - timedelta(minutes=30)

    assert remind_of_tasks(session, now=early, settings=settings) == 0
    assert remind_of_tasks(session, now=SOON, settings=settings) == 1
    assert remind_of_tasks(session, now=SOON, settings=settings) == 0
    assert told(session, NoticeKind.TASK_DUE) == [ticket.assignee_id]


def test_a_missed_visit_reaches_a_supervisor_and_a_missed_call_does_not(
    session: Session, settings: Settings
) -> None:
    boss = a_caseworker(session, role=Role.SUPERVISOR)
    ticket = a_ticket(session)
    visit, call = planned(session, ticket), planned(session, ticket, TaskKind.PHONE)
    late = SOON + timedelta(hours=4)

    assert miss_tasks(session, now=late - timedelta(minutes=1), settings=settings) == 0
    assert miss_tasks(session, now=late, settings=settings) == 2
    assert miss_tasks(session, now=late, settings=settings) == 0

    assert (visit.state, call.state) == (TaskState.MISSED, TaskState.MISSED)
    assert told(session, NoticeKind.VISIT_MISSED) == [boss.id]
    assert kinds(session).count("visit_escalated") == 1


def test_nobody_met_without_a_new_time_is_missed_and_with_one_is_planned_again(
    session: Session,
) -> None:
    boss = a_caseworker(session, role=Role.SUPERVISOR)
    ticket = a_ticket(session)
    task = planned(session, ticket)
    by = touch(session, task, ticket.assignee_id)
    tomorrow = SOON + timedelta(days=1)

    tasks.not_met(session, task.id, by=by, why="门锁着", again_at=tomorrow)
    assert (task.state, task.due_at, told(session, NoticeKind.VISIT_MISSED)) == (
        "planned", tomorrow, [],
    )  # fmt: skip
    tasks.not_met(session, task.id, by=touch(session, task, ticket.assignee_id), why="又锁着")

    assert (task.state, told(session, NoticeKind.VISIT_MISSED)) == ("missed", [boss.id])


def test_a_missed_task_can_still_be_done(session: Session, settings: Settings) -> None:
    ticket = a_ticket(session)
    task = planned(session, ticket)
    miss_tasks(session, now=SOON + timedelta(days=1), settings=settings)

    tasks.finish(session, task.id, by=touch(session, task, ticket.assignee_id), outcome="补去了")

    assert task.state == TaskState.DONE


@pytest.mark.parametrize(
    ("changed", "says"),
    [({"due_at": NOW}, "时间已经过了"), ({"text": "  "}, "要做什么")],
)
def test_what_cannot_be_planned_is_refused(
    session: Session, changed: dict[str, Any], says: str
) -> None:
    with pytest.raises(InvalidInputError, match=says):
        planned(session, a_ticket(session), **changed)


def test_the_week_is_sorted_by_local_days(session: Session, settings: Settings) -> None:
    ticket = a_ticket(session)
    worker = session.get_one(Staff, ticket.assignee_id or 0)
    evening = NOW + timedelta(hours=13, minutes=59)  # 23:59 in Kunming
    for due_at in (evening, evening + timedelta(minutes=1), NOW + timedelta(days=8)):
        planned(session, ticket, due_at=due_at)

    found = agenda.agenda(session, worker, now=NOW, zone=settings.zone)

    assert [len(it) for it in (found.overdue, found.today, found.week, found.later)] == [
        0, 1, 1, 1,
    ]  # fmt: skip
