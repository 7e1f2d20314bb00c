"""One thing named in a text, and where."""

import functools
from dataclasses import dataclass
from typing import Any

from nlu.text import simplified

_FULL_WIDTH = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {"\u3000": " "}


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


def flatten(text: str) -> str:
    """Return *text* with half-width signs and simplified characters, exactly as long."""
    return "".join(map(_flat, text))


@functools.lru_cache(maxsize=8192)
def _flat(character: str) -> str:
    narrow = _FULL_WIDTH.get(character, character)
    if narrow.isascii():
        return narrow
    plain = simplified(narrow)
    return plain if len(plain) == 1 else narrow
