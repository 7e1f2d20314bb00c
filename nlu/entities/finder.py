"""All that a text names, nothing twice."""

from collections.abc import Callable, Iterator

from nlu.entities.amounts import find_amounts
from nlu.entities.dates import find_dates
from nlu.entities.identifiers import find_id_numbers, find_phones
from nlu.entities.people import find_ages, find_people_counts
from nlu.entities.places import find_places
from nlu.entities.span import Span, flatten

# Where two kinds claim the same characters the earlier kind has them.
_FINDERS: tuple[Callable[[str, str], Iterator[Span]], ...] = (
    find_id_numbers,
    find_phones,
    find_places,
    find_dates,
    find_ages,
    find_people_counts,
    find_amounts,
)


def find_all(text: str) -> list[Span]:
    """Return the spans of *text* from left to right; offsets are those of *text*."""
    flat = flatten(text)
    kept: list[Span] = []
    for finder in _FINDERS:
        for span in finder(flat, text):
            if not any(span.overlaps(other) for other in kept):
                kept.append(span)
    return sorted(kept, key=lambda span: span.start)
