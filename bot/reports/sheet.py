"""What a spreadsheet is to hold; `spreadsheet.py` writes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

Value = str | int | float | datetime | None


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    NUMBER = "number"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header, what it holds, and how wide it is, in characters."""

    header: str
    kind: Kind = Kind.TEXT
    width: int = 14


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a sheet is called, and its columns."""

    title: str
    columns: Sequence[Column]
