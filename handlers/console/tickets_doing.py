"""What every deed on a ticket's page is made of: who acts, what was chosen, where it goes on."""

from collections.abc import Iterable
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.errors import InvalidInputError
from bot.tickets import moves, scope
from bot.tickets.tables import State
from handlers.console.session import db, me, tools

MOST_DIGITS = 18


def field(name: str) -> str:
    """Return what stands in a field of the form."""
    return request.form.get(name, "").strip()


def chosen(name: str, known: Iterable[str], otherwise: str) -> str:
    """
    Return what was picked of several.

    Raises:
        InvalidInputError: nothing that is offered; *otherwise* says what to do.
    """
    said = field(name)
    if said not in list(known):
        raise InvalidInputError(otherwise)
    return said


def person(name: str) -> int | None:
    """Return the id of who was picked; None: nobody."""
    said = field(name)
    return int(said) if said.isdecimal() and len(said) <= MOST_DIGITS else None


def act() -> moves.Act:
    """Return who acts, and how far they had seen the ticket's history."""
    version = request.form.get("version", "")
    return moves.Act(
        me(),
        int(version) if version.isdecimal() and len(version) <= MOST_DIGITS else 0,
        tools().now(),
        tools().settings.wechat.text_bytes,
    )


def done(number: str, text: str) -> ResponseReturnValue:
    """Say what was done, and go on with the ticket, or with the list where it is gone."""
    flash(text)
    ticket = db().scalar(scope.of_number(number, me()))
    gone = ticket is None or (ticket.state == State.DISPATCHED and ticket.assignee_id != me().id)
    return redirect(url_for("tickets.mine", **the_list()) if gone else back_to(number), 303)


def back_to(number: str) -> str:
    """Return the address of the ticket beside the list it was opened from."""
    return url_for("tickets.show", number=number, **the_list())


def the_list() -> dict[str, Any]:
    """Return the list the page was opened from, kept in the address."""
    return {name: request.args[name] for name in ("view", "q", "topic") if name in request.args}
