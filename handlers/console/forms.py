"""What forms have in common: reading lists out of text, and putting a problem beside its field."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, tzinfo

from flask import request

from bot.errors import InvalidInputError

MOST_DIGITS = 9
SEPARATORS = re.compile(r"[、,，;；\s]+")


def words(text: str) -> tuple[str, ...]:
    """Return what is between commas, spaces or line ends."""
    return tuple(word for word in SEPARATORS.split(text) if word)


def lines(text: str) -> tuple[str, ...]:
    """Return the lines that say something."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def whole(name: str, default: int = 0) -> int:
    """Return the whole number a field of the form holds; *default* where it holds none."""
    text = request.form.get(name, "").strip()
    fits = text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS
    return int(text) if fits else default


def day(text: str, *, label: str) -> date | None:
    """
    Return the day a date field holds; None where it is empty.

    Raises:
        InvalidInputError: it is no date.
    """
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        msg = f"{label}不是日期，请写成 2026-03-31 这样。"
        raise InvalidInputError(msg) from None


def moment(day_text: str, clock_text: str, *, label: str, zone: tzinfo) -> datetime:
    """
    Return the moment that a date field and a time field hold.

    Raises:
        InvalidInputError: one is empty, or is no date or time.
    """
    try:
        on, clock = date.fromisoformat(day_text.strip()), time.fromisoformat(clock_text.strip())
    except ValueError:
        msg = f"{label}的日期和时间要填全，例如 2026-03-31 和 08:30。"
        raise InvalidInputError(msg) from None
    return datetime.combine(on, clock, zone)


def beside(problem: str, labels: Mapping[str, str]) -> dict[str, str]:
    """
    Return the problem under the field whose label its text names first, else under "".

    *labels* maps what messages call a field to the field's name.
    """
    found = [(problem.find(label), name) for label, name in labels.items() if label in problem]
    return {min(found)[1] if found else "": problem}
