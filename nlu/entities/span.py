"""One thing named in a text, and where."""

from dataclasses import dataclass
from typing import Any

from nlu.text import simplified

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


@dataclass(frozen=True, slots=True)
class Span:
    """`value` is a number for sums, ages and head counts, else a string."""

    entity: str
    value: str | float
    text: str
    start: int
    end: int

    def as_dict(self) -> dict[str, Any]:
        """Return the fields under the names of the parse answer."""
        return {name: getattr(self, name) for name in self.__slots__}

    def overlaps(self, other: "Span") -> bool:
        """Say whether the two share a character."""
        return self.start < other.end and other.start < self.end


def flatten(text: str) -> str:
    """Return *text* with half-width signs and simplified characters, exactly as long."""
    narrow = text.translate(_FULL_WIDTH)
    plain = simplified(narrow)
    return plain if len(plain) == len(text) else narrow
