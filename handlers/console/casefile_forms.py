"""What the forms of a case file have in common."""

from datetime import date, datetime, time

from flask import redirect, request
from flask.typing import ResponseReturnValue

from bot.errors import InvalidInputError
from handlers.console.security import safe_next
from handlers.console.session import tools

MOST_DIGITS = 9


def when(day: str = "day", at: str = "at") -> datetime:
    """
    Return the moment that a day and a time field of the form hold.

    Raises:
        InvalidInputError: one of them is empty or no day or time.
    """
    try:
        there = date.fromisoformat(request.form.get(day, ""))
        clock = time.fromisoformat(request.form.get(at, ""))
    except ValueError:
        msg = "请选日期和时间。"
        raise InvalidInputError(msg) from None
    return datetime.combine(there, clock, tzinfo=tools().settings.zone)


def number(name: str) -> int:
    """Return a number that the page put into the form; 0 where it is none."""
    text = request.form.get(name, "")
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else 0


def back(otherwise: str) -> ResponseReturnValue:
    """Go back to the page of ours that the form names."""
    wanted = request.form.get("next", "")
    return redirect(safe_next(wanted) if wanted else otherwise, 303)
