"""One conversation on paper: chosen on a page, shown for printing or handed out as PDF."""

import io
from collections.abc import Iterator
from datetime import datetime

from flask import Blueprint, render_template, request, send_file
from flask.typing import ResponseReturnValue

from bot import kept_files, media, paper
from bot.casefile import papers, printing
from bot.casefile.printing import Sheet, Wanted
from bot.errors import InvalidInputError
from bot.people.tables import Role
from bot.tickets import scope
from handlers.console.display import local, topic_name
from handlers.console.session import db, me, tools

MOST_PICTURES = 60


def add_routes(routes: Blueprint) -> None:
    """Add the pages of printing."""
    routes.add_url_rule("/tickets/<number>/print", "choose", choose)
    routes.add_url_rule("/tickets/<number>/print", "print_out", print_out, methods=["POST"])


def choose(number: str) -> ResponseReturnValue:
    """Ask what is to be on the paper."""
    ticket = scope.find(db(), number, staff=me())
    full = ticket.assignee_id == me().id or me().role == Role.SUPERVISOR
    return render_template("casefile/print_choose.html", ticket=ticket, full=full)


def print_out(number: str) -> ResponseReturnValue:
    """Show the conversation for printing, or hand it out as PDF; both are on record."""
    ticket, form = scope.find(db(), number, staff=me()), request.form
    wanted = Wanted(
        notes=form.get("notes") == "1",
        numbers=form.get("numbers") == "1",
        reason=form.get("reason", ""),
        pictures=form.get("pictures") == "1",
    )
    by = printing.Printer(me(), tools().now(), _moment, topic_name)
    sheet = printing.sheet(db(), ticket, wanted, by)
    if form.get("as") != "pdf":
        return render_template("casefile/print.html", ticket=ticket, sheet=sheet)
    content = paper.document_pdf(sheet.title, list(_blocks(sheet)), foot=sheet.foot)
    name = f"{ticket.number}.pdf"
    return send_file(
        io.BytesIO(content), mimetype="application/pdf", as_attachment=True, download_name=name
    )


def _blocks(sheet: Sheet) -> Iterator[paper.Block]:
    yield paper.Line(sheet.title, "title")
    yield paper.Rows(("", ""), sheet.facts, (30, 140))
    left = MOST_PICTURES
    for said in sheet.said:
        yield paper.Line(f"{said.who}  {said.at}", "meta")
        yield paper.Line(said.text)
        if said.picture is not None and left:
            left -= 1
            yield from _picture(said.picture)


def _picture(found: media.Media) -> Iterator[paper.Picture]:
    """The picture drawn anew: on paper too it carries no place."""
    path = tools().settings.service.data_dir / media.FOLDER / found.path
    try:
        yield paper.Picture(papers.read(kept_files.read(path)).content)
    except (OSError, InvalidInputError):
        return


def _moment(at: datetime) -> str:
    """A moment as paper needs it, which is read in another year."""
    there = local(at)
    return f"{there.year}年{there.month}月{there.day}日 {there:%H:%M}"
