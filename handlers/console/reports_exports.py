"""Tickets taken away as an Excel file: what is in it, what for, and fetching it."""

import io
from datetime import date

from flask import Blueprint, make_response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from bot import audit, kept_files
from bot.errors import InvalidInputError, NotFoundError
from bot.reports import exporting, exports
from bot.reports.exports import Asking
from bot.tickets import narrow as narrowing
from bot.tickets.narrow import Narrow
from handlers.console.narrow_words import narrow_words
from handlers.console.session import db, me, tools

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_AT_ONCE = 200_000


def make_blueprint() -> Blueprint:
    """Return the pages of files."""
    routes = Blueprint("reports_exports", __name__, url_prefix="/reports/exports")
    routes.add_url_rule("/", view_func=show)
    routes.add_url_rule("/live", view_func=live)
    routes.add_url_rule("/", "ask", ask, methods=["POST"])
    routes.add_url_rule("/<int:export_id>", "fetch", fetch, methods=["POST"])
    return routes


def show() -> ResponseReturnValue:
    """Show what a file would hold, and the files of this person."""
    return _form(_narrow(dict(request.args.items())), columns=exporting.USUAL)


def live() -> ResponseReturnValue:
    """Return the files as they stand, for a page that waits for one."""
    return render_template("exports/_list.html", **_files())


def ask() -> ResponseReturnValue:
    """Put a file on the list, or say what is missing and keep what was typed."""
    narrow = _narrow(dict(request.form.items()))
    columns = request.form.getlist("columns")
    asking = Asking(
        narrow,
        narrow_words(narrow),
        columns,
        with_words=request.form.get("words") == "1",
        reason=request.form.get("reason", ""),
    )
    try:
        number = exports.count(db(), me(), narrow=narrow, now=tools().now())
        _refuse_unless_sensible(number)
        export = exports.ask(db(), me(), asking, now=tools().now())
    except InvalidInputError as error:
        return _form(narrow, columns=columns, problem=str(error))
    subject = f"export:{export.id}"
    audit.record(
        db(), deed="export.ask", staff_id=me().id, subject=subject, now=tools().now(),
        narrow=export.narrow["keys"], rows=number,
    )  # fmt: skip
    return redirect(url_for("reports_exports.show", _anchor="files"), 303)


def fetch(export_id: int) -> ResponseReturnValue:
    """Hand the file to who asked for it; anybody else finds nothing here."""
    export = exports.fetch(db(), export_id, me(), now=tools().now())
    path = exports.path_of(export, tools().settings)
    if not path.is_file():
        raise NotFoundError(str(export_id))
    made = (export.ready_at or export.asked_at).astimezone(tools().settings.zone)
    name = f"工单-{made:%Y%m%d-%H%M}.xlsx"
    content = io.BytesIO(kept_files.read(path))
    return send_file(content, mimetype=EXCEL, as_attachment=True, download_name=name)


def _refuse_unless_sensible(number: int) -> None:
    if not number:
        msg = "这些条件下没有工单，不用导出。"
        raise InvalidInputError(msg)
    if number > MOST_AT_ONCE:
        msg = f"一次最多导出{MOST_AT_ONCE}件，现在有{number}件。请选短一点的时间。"
        raise InvalidInputError(msg)


def _form(narrow: Narrow, *, columns: object, problem: str = "") -> ResponseReturnValue:
    page = render_template(
        "exports/show.html",
        narrow=dict(narrow.values),
        narrowed=narrow_words(narrow),
        number=exports.count(db(), me(), narrow=narrow, now=tools().now()),
        choices=exporting.CHOICES,
        columns=columns,
        typed=request.form,
        problem=problem,
        **_files(),
    )
    return make_response(page, 400 if problem else 200)


def _files() -> dict[str, object]:
    return {"files": exports.own(db(), me()), "now": tools().now()}


def _narrow(values: dict[str, str]) -> Narrow:
    days = {key: values[key] for key in ("from", "to") if _is_day(values.get(key, ""))}
    kept = {key: value for key, value in values.items() if key not in {"from", "to"}}
    return narrowing.read(kept | days, zone=tools().settings.zone)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
