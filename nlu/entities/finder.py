"""All that a text names, nothing twice."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from nlu.entities.amounts import find_amounts
from nlu.entities.dates import find_dates
from nlu.entities.employers import find_employers, tells_apart
from nlu.entities.identifiers import find_id_numbers, find_phones
from nlu.entities.people import find_ages, find_people_counts
from nlu.entities.persons import find_persons
from nlu.entities.places import find_places
from nlu.entities.quantities import find_quantities
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
    find_quantities,
    find_employers,
    find_persons,
)


def find_all(text: str) -> list[Span]:
    """Return the spans of *text* from left to right; offsets are those of *text*."""
    flat = flatten(text)
    taken = bytearray(len(flat))
    kept: list[Span] = []
    for finder in _FINDERS:
        for span in finder(flat, text):
            free = _behind_a_place(span, taken) if finder is find_employers else span
            if free and not any(taken[free.start : free.end]):
                taken[free.start : free.end] = bytes([1]) * (free.end - free.start)
                kept.append(free)
    return sorted(kept, key=lambda span: span.start)


def _behind_a_place(span: Span, taken: bytearray) -> Span | None:
    """Cut off what begins as something else: 昆明水泥厂 is 昆明 and 水泥厂."""
    cut = max((step + 1 for step in range(len(span.text)) if taken[span.start + step]), default=0)
    name = span.text[cut:]
    if cut and not tells_apart(name):
        return None
    return replace(span, text=name, value=name, start=span.start + cut)
