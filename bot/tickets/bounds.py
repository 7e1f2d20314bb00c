"""How far a number or a day may go that somebody wrote into an address."""

from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

FIRST_YEAR, LAST_YEAR = 1900, 9000
LARGEST_NUMBER: Final = 2**31 - 1
"""Of a row."""


def fits(day: date) -> bool:
    """Say whether anything can have been written on that day."""
    return FIRST_YEAR <= day.year < LAST_YEAR


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """
    Return the moment a day begins there.

    Raises:
        ValueError: it is of no year in which anything was written.
    """
    if not fits(day):
        raise ValueError(day)
    return datetime.combine(day, time(), zone).astimezone(UTC)


def row_number(text: str) -> int:
    """
    Return the number of a row.

    Raises:
        ValueError: it is none that a row can have.
    """
    if int(text) > LARGEST_NUMBER:
        raise ValueError(text)
    return int(text)
