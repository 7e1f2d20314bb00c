"""Files of a ticket: put in, handed out for saving only, taken out and put back."""

from flask import Blueprint, Response, flash, request, url_for
from flask.typing import ResponseReturnValue

from bot.casefile import attachments, tasks
from bot.errors import InvalidInputError, NotFoundError
from bot.tickets import scope
from bot.tickets.tables import Ticket
from handlers.console.casefile_forms import back, number
from handlers.console.kept import shown
from handlers.console.looking import looked_at_ticket
from handlers.console.session import db, me, tools

MOST_AT_ONCE = 9


def add_routes(routes: Blueprint) -> None:
    """Add the ways of files."""
    routes.add_url_rule("/tickets/<number>/attach", "attach", attach, methods=["POST"])
    routes.add_url_rule("/files/<int:attachment_id>", "fetch", fetch)
    for name, view in (("remove", remove), ("restore", restore)):
        rule = f"/files/<int:attachment_id>/{name}"
        routes.add_url_rule(rule, name, view, methods=["POST"])


def attach(number: str) -> ResponseReturnValue:
    """Keep the files of the form; of several, all or none."""
    ticket = scope.find(db(), number, staff=me())
    sent = [file for file in request.files.getlist("file") if file.filename]
    if not sent or len(sent) > MOST_AT_ONCE:
        msg = f"请选文件，一次最多{MOST_AT_ONCE}个。"
        raise InvalidInputError(msg)
    task_id = _visit(ticket)
    for file in sent:
        incoming = attachments.Incoming(file.filename or "", file.read(), task_id)
        folder = tools().settings.service.data_dir
        attachments.add(db(), ticket, incoming, folder=folder, by=me(), now=tools().now())
    flash(f"传上了{len(sent)}个附件。")
    return _back(ticket)


def fetch(attachment_id: int) -> Response:
    """Hand the file out for saving, under the type its bytes have."""
    file, ticket = attachments.find(db(), attachment_id, me())
    path = tools().settings.service.data_dir / attachments.FOLDER / file.path
    if file.removed_at is not None or not path.is_file():
        raise NotFoundError(str(attachment_id))
    looked_at_ticket(ticket.number, "file.fetch", file=file.id)
    return shown(path, file.content_type, save_as=file.name)


def remove(attachment_id: int) -> ResponseReturnValue:
    """Take the file out."""
    ticket = attachments.remove(db(), attachment_id, by=me(), now=tools().now())
    flash("移走了，七天内可以放回来。")
    return _back(ticket)


def restore(attachment_id: int) -> ResponseReturnValue:
    """Put the file back."""
    ticket = attachments.restore(db(), attachment_id, by=me(), now=tools().now())
    flash("放回来了。")
    return _back(ticket)


def _visit(ticket: Ticket) -> int | None:
    """The visit of this ticket that the form names."""
    task_id = number("task")
    if not task_id:
        return None
    task, its_ticket = tasks.taken(db(), task_id, me())
    return task.id if its_ticket.id == ticket.id else None


def _back(ticket: Ticket) -> ResponseReturnValue:
    return back(url_for("file.show", number=ticket.number))
