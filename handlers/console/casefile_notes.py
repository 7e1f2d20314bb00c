"""Colleagues named in notes, and the word left for whoever has a ticket next."""

from typing import Any

from flask import Blueprint, flash, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.casefile import notes
from bot.errors import InvalidInputError
from bot.tickets import scope
from bot.tickets.tables import Ticket
from bot.tickets.thread import Deed
from handlers.console.casefile_forms import back
from handlers.console.session import db, me, tools


def add_routes(routes: Blueprint) -> None:
    """Add the pages of notes."""
    routes.add_url_rule("/mentions", "mentions", mentions)
    routes.add_url_rule("/handover", "handover", handover)
    routes.add_url_rule("/handover", "leave_word", leave_word, methods=["POST"])
    routes.add_url_rule("/tickets/<number>/mentionable", "mentionable", mentionable)
    routes.add_url_rule("/tickets/<number>/handover", "read", read, methods=["POST"])


def mentions() -> ResponseReturnValue:
    """Show the notes that name this person."""
    return render_template("casefile/mentions.html", found=notes.mentions_of(db(), me()))


def mentionable(number: str) -> ResponseReturnValue:
    """Return who can be named in a note of this ticket."""
    ticket = scope.find(db(), number, staff=me())
    return jsonify(names=notes.mentionable(db(), ticket))


def handover() -> ResponseReturnValue:
    """Ask for a word on every ticket this person has in hand."""
    return render_template("casefile/handover.html", rows=notes.to_hand_over(db(), me()))


def leave_word() -> ResponseReturnValue:
    """Keep what was written for the tickets this person has in hand."""
    kept = 0
    for ticket, _, _ in notes.to_hand_over(db(), me()):
        text = request.form.get(f"word-{ticket.id}", "")
        if text.strip():
            notes.hand_over(db(), ticket, by=me(), text=text, now=tools().now())
            kept += 1
    if not kept:
        msg = "还没有写。请至少给一件工单写一句交接。"
        raise InvalidInputError(msg)
    flash(f"{kept}件工单的交接记下了，接手的人先看到。")
    return back(url_for("casefile.handover"))


def read(number: str) -> ResponseReturnValue:
    """Note that this person has read what was left for them."""
    ticket = scope.find(db(), number, staff=me())
    notes.hand_over_read(db(), ticket, by=me(), now=tools().now())
    return back(url_for("tickets.show", number=number))


def word_with(ticket: Ticket) -> None:
    """Keep the word that a form for giving the ticket away holds."""
    text = request.form.get("handover", "")
    if text.strip():
        notes.hand_over(db(), ticket, by=me(), text=text, now=tools().now())


def side(deeds: list[Deed]) -> dict[str, Any]:
    """Return the word left for this person, with who left it."""
    names = {deed.event.id: deed.name for deed in deeds}
    event = notes.standing_hand_over([deed.event for deed in deeds], me())
    return {"word": event, "word_by": names[event.id] if event else ""}
