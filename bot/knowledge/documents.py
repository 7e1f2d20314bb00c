"""A published entry, as the search wants it."""

from dataclasses import dataclass
from datetime import date

from bot.contracts import Hit


@dataclass(frozen=True, slots=True)
class Document:
    """One published entry."""

    hit: Hit
    variants: tuple[str, ...]
    subject: str
    scope: str
    valid_from: date | None = None
    valid_until: date | None = None
    variant_of: str = ""
    """Id of the more general entry of which this is a local version."""

    @property
    def phrasings(self) -> tuple[str, ...]:
        """The question and every other way to ask it."""
        return (self.hit.question, *self.variants)

    def in_force(self, today: date) -> bool:
        """Whether the answer holds on this day."""
        starts, ends = self.valid_from or today, self.valid_until or today
        return starts <= today <= ends
