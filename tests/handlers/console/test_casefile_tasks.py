"""Tasks in the console: planned from a ticket, found in the list, done in the field."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.casefile.tables import CaseTask
from bot.people.tables import Role, Staff
from bot.tickets.tables import Ticket
from tests.handlers.console.conftest import Browser

PLAN = {"kind": "visit", "text": "看看孩子回学校没有", "day": "2026-03-03", "at": "10:00"}


def tasks(engine: Engine) -> list[CaseTask]:
    with Session(engine) as session:
        return list(session.scalars(select(CaseTask)))


@pytest.fixture
def task(desk: Browser, ticket: Ticket, engine: Engine) -> CaseTask:
    desk.open(f"/tickets/{ticket.number}")
    assert desk.send(f"/tickets/{ticket.number}/tasks", PLAN).status_code == 303
    return tasks(engine)[0]


def test_a_planned_visit_stands_on_the_ticket_and_in_the_list(
    desk: Browser, ticket: Ticket, task: CaseTask
) -> None:
    assert task.due_at.isoformat() == "2026-03-03T02:00:00+00:00"
    for path in ("/tasks", f"/tickets/{ticket.number}"):
        page = desk.open(path).text
        assert "看看孩子回学校没有" in page
        assert "明天 10:00" in page


def test_the_outcome_is_written_on_the_page_of_the_task(
    desk: Browser, engine: Engine, task: CaseTask
) -> None:
    page = desk.open(f"/tasks/{task.id}").text
    version = re.findall(r'name="version" value="(\d+)"', page)[0]

    desk.send(f"/tasks/{task.id}/done", {"version": version, "outcome": "回学校了"})

    assert tasks(engine)[0].state == "done"
    assert "看看孩子" not in desk.open("/tasks").text


def test_an_old_page_is_told_what_happened_and_gets_its_text_back(
    desk: Browser, task: CaseTask
) -> None:
    desk.send(f"/tasks/{task.id}/done", {"version": "1", "outcome": "回学校了"})

    answer = desk.send(
        f"/tasks/{task.id}/drop",
        {"version": "1", "why": "写了半天的理由"},
        headers={"Referer": f"http://localhost/tasks/{task.id}"},
    )

    assert answer.status_code == 409
    assert "王芳已经记了结果" in answer.text
    assert "写了半天的理由" in answer.text


@pytest.mark.parametrize("missing", ["day", "at", "text", "kind"])
def test_what_is_missing_is_said(
    desk: Browser, ticket: Ticket, engine: Engine, missing: str
) -> None:
    desk.open(f"/tickets/{ticket.number}")

    answer = desk.send(f"/tickets/{ticket.number}/tasks", {**PLAN, missing: ""})

    assert answer.status_code == 400
    assert "请" in answer.text
    assert tasks(engine) == []


def test_a_colleague_finds_neither_the_task_nor_its_page(
    app: object, as_role: Callable[[Role], Browser], task: CaseTask
) -> None:
    colleague = as_role(Role.CASEWORKER)

    assert colleague.open(f"/tasks/{task.id}").status_code == 404
    assert "看看孩子" not in colleague.open("/tasks").text
    assert colleague.send(f"/tasks/{task.id}/done", {"version": "1"}).status_code == 404


def test_a_supervisor_sees_everybodys_tasks_when_asked(
    as_role: Callable[[Role], Browser], task: CaseTask, worker: Staff
) -> None:
    boss = as_role(Role.SUPERVISOR)

    assert "看看孩子" not in boss.open("/tasks").text
    page = boss.open("/tasks?whose=all").text
    assert "看看孩子" in page
    assert worker.name in page


def test_an_admin_reads_no_tasks(as_role: Callable[[Role], Browser], task: CaseTask) -> None:
    assert as_role(Role.ADMIN).open("/tasks").status_code == 403
