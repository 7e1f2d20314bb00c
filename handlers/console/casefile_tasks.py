"""What a person has to do: the list, one task, and what is planned from a ticket's page."""

from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.casefile import agenda, notes, tasks
from bot.casefile.tables import TaskKind
from bot.errors import InvalidInputError, NotFoundError
from bot.people.tables import Role
from bot.tickets import scope
from bot.tickets.tables import Ticket
from handlers.console import casefile_visits
from handlers.console.casefile_forms import back, number, when
from handlers.console.looking import looked_at_ticket
from handlers.console.session import db, me, tools

SECTIONS = (
    ("overdue", "过了时间", "exclamation-triangle-fill"),
    ("today", "今天", "sun"),
    ("week", "七天内", "calendar-week"),
    ("later", "以后", "calendar3"),
)


def add_routes(routes: Blueprint) -> None:
    """Add the pages of tasks."""
    routes.add_url_rule("/tasks", "tasks", show_tasks)
    routes.add_url_rule("/tasks/<int:task_id>", "task", show_task)
    routes.add_url_rule("/tickets/<number>/tasks", "plan", plan, methods=["POST"])
    for name, view in (("done", finish), ("tried", tried), ("move", move), ("drop", drop)):
        routes.add_url_rule(f"/tasks/<int:task_id>/{name}", name, view, methods=["POST"])


def show_tasks() -> ResponseReturnValue:
    """Show what this person has to do; a supervisor may see everybody's."""
    everybody = me().role == Role.SUPERVISOR and request.args.get("whose") == "all"
    found = agenda.agenda(
        db(), me(), now=tools().now(), zone=tools().settings.zone, everybody=everybody
    )
    lists = [(key, label, symbol, getattr(found, key)) for key, label, symbol in SECTIONS]
    unseen = notes.unseen(db(), me())
    return render_template("casefile/tasks.html", lists=lists, everybody=everybody, unseen=unseen)


def show_task(task_id: int) -> ResponseReturnValue:
    """Show one task with what a person in the field needs."""
    return render_template("casefile/task.html", **task_page(task_id))


def task_page(task_id: int) -> dict[str, Any]:
    """
    Return everything about the task, read for this person.

    Raises:
        NotFoundError: there is none, or this person may not see its ticket.
    """
    due = agenda.one(db(), task_id, me())
    if due is None:
        raise NotFoundError(str(task_id))
    looked_at_ticket(due.ticket.number, "casefile.task")
    return {
        "due": due,
        "task": due.task,
        "ticket": due.ticket,
        "open": due.task.state in tasks.OPEN,
        "phones": _phones(due.ticket),
        **(casefile_visits.page(due.task) if due.task.kind == TaskKind.VISIT else {}),
    }


def plan(number: str) -> ResponseReturnValue:
    """Plan a task for the ticket."""
    ticket = scope.find(db(), number, staff=me())
    kind = request.form.get("kind", "")
    if kind not in list(TaskKind):
        msg = "请选要打电话、上门，还是别的事。"
        raise InvalidInputError(msg)
    tasks.plan(
        db(),
        ticket=ticket,
        kind=TaskKind(kind),
        staff_id=_owner(),
        due_at=when(),
        text=request.form.get("text", ""),
        by=me(),
        now=tools().now(),
    )
    flash("安排好了，到时间会提醒。")
    return back(url_for("tickets.show", number=number))


def finish(task_id: int) -> ResponseReturnValue:
    """Note the outcome."""
    outcome = request.form.get("outcome", "")
    tasks.finish(db(), task_id, by=touch(), outcome=outcome)
    return _done("记下了。")


def tried(task_id: int) -> ResponseReturnValue:
    """Note a try in vain, with another time where one was chosen."""
    again = when() if request.form.get("day") else None
    why = request.form.get("why", "")
    task = tasks.not_met(db(), task_id, by=touch(), why=why, again_at=again)
    visit = task.kind == TaskKind.VISIT
    missed = "记下了，已告诉督导。" if visit else "记下了。"
    return _done("记下了，到新的时间再提醒。" if again else missed)


def move(task_id: int) -> ResponseReturnValue:
    """Plan it for another time."""
    tasks.move(db(), task_id, by=touch(), due_at=when())
    return _done("时间改了。")


def drop(task_id: int) -> ResponseReturnValue:
    """Note that it is no longer needed."""
    tasks.drop(db(), task_id, by=touch(), why=request.form.get("why", ""))
    return _done("取消了。")


def touch() -> tasks.Touch:
    """Who acts on a task, with the version that the page showed."""
    return tasks.Touch(me(), number("version"), tools().now())


def _owner() -> int | None:
    """Whom the form names; nobody: whoever has the ticket."""
    return number("owner") or None


def _done(text: str) -> ResponseReturnValue:
    flash(text)
    return back(url_for("casefile.tasks"))


def _phones(ticket: Ticket) -> list[str]:
    found = ticket.facts.get("phone") or []
    return [str(phone) for phone in (found if isinstance(found, list) else [found])]
