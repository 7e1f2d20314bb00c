"""
What a long story says, in its own sentences: picked by the machine, read by a person.

No sentence is written here.  Marks of data/gist.yaml say why a sentence may
matter; of those the fewest are picked that together show most of the marks,
so that what is wanted, how much, since when and what the other side says stand
on a few lines, each with the reason it was picked.
"""

import functools
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from bot.casefile.sentences import sentences
from bot.people.areas import load_areas
from bot.understanding.crisis import find_crisis

FILE = Path(__file__).parents[2] / "data" / "gist.yaml"
MOST = 7
"""Sentences; more is no summary."""
SHARE = 0.5
"""Of the story's length, at most."""
LEAST_TO_PICK = 120
"""A story shorter than that is read faster than its summary."""
_AGAIN = 0.35
"""What a mark counts for when a picked sentence shows it already."""
_FIRST = 1.3
"""Its beginning is where one says who one is and since when."""
MOST_SPANS = 5
_SPANS = frozenset({"who", "where", "money", "when", "proof"})
"""Marks whose words say something without their sentence."""


class Mark(BaseModel):
    """One reason for which a sentence may matter."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    label: str
    weight: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Picked:
    """A sentence of the resident, and why it was picked."""

    at: int
    """Its place in the story, so that picked ones stand in order."""
    text: str
    why: Sequence[str]
    marks: frozenset[str]


@dataclass(frozen=True, slots=True)
class Gist:
    """What was picked out of a story."""

    picked: Sequence[Picked]
    whole: int
    """Length of the story in characters."""
    facts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The words that say it, by what they say: 想要什么, 说到钱, …"""

    @property
    def length(self) -> int:
        """How much there is to read."""
        return sum(len(it.text) for it in self.picked)


def gist(story: Sequence[str]) -> Gist | None:
    """Return the gist of what a resident wrote, message by message; None where it is short."""
    whole = sum(map(len, story))
    if whole < LEAST_TO_PICK:
        return None
    told = [piece for text in story for piece in sentences(text)]
    marked = [_marked(at, text) for at, text in enumerate(told)]
    picked = sorted(_pick(marked, room=whole * SHARE), key=lambda it: it.at)
    return Gist(picked, whole, _facts(told, picked))


@functools.cache
def marks(path: Path = FILE) -> tuple[tuple[Mark, re.Pattern[str]], ...]:
    """Read the marks once per process."""
    read = [Mark.model_validate(it) for it in yaml.safe_load(path.read_text("utf-8"))]
    return tuple((mark, re.compile("|".join(f"(?:{it})" for it in mark.words))) for mark in read)


def labels() -> dict[str, str]:
    """Return what staff read for each mark."""
    return {mark.key: mark.label for mark, _ in marks()}


def places(text: str) -> list[str]:
    """Return the places of Yunnan and beyond that the text names."""
    areas = load_areas()
    return [it.group() for it in areas.pattern.finditer(text) if areas.by_word[it.group()]]


def _marked(at: int, text: str) -> Picked:
    shown = [mark for mark, words in marks() if words.search(text)]
    keys = {mark.key for mark in shown}
    why = [mark.label for mark in shown]
    for key, is_so in (("danger", find_crisis(text) is not None), ("where", bool(places(text)))):
        if is_so and key not in keys:
            keys.add(key)
            why.append(labels()[key])
    return Picked(at, text, why, frozenset(keys))


def _pick(marked: Sequence[Picked], *, room: float) -> list[Picked]:
    """Pick what shows the most marks not shown yet, for as long as there is room."""
    weights = {mark.key: mark.weight for mark, _ in marks()}
    left, picked, shown = list(marked), list[Picked](), set[str]()
    asked = [it for it in marked[-(len(marked) // 3 + 1) :] if "wanted" in it.marks]
    for it in asked[-1:]:
        # What is asked last is what is wanted; whatever else is told, that must be read.
        left.remove(it)
        picked.append(it)
        room -= len(it.text)
        shown |= it.marks
    while left and len(picked) < MOST:
        best = max(left, key=lambda it: (_worth(it, shown, weights), -it.at))
        left.remove(best)
        if not best.marks:
            break
        if len(best.text) > room and picked:
            continue
        picked.append(best)
        room -= len(best.text)
        shown |= best.marks
    return picked


def _worth(it: Picked, shown: set[str], weights: Mapping[str, float]) -> float:
    worth = sum(weights[key] * (_AGAIN if key in shown else 1) for key in it.marks)
    if it.at == 0:
        worth *= _FIRST
    # A long sentence takes room from others, yet two short ones are harder to read.
    return worth / math.sqrt(len(it.text) + 20)


def _facts(told: Sequence[str], picked: Sequence[Picked]) -> dict[str, Sequence[str]]:
    """What is wanted, as the last picked sentence says it; of the rest, the words themselves."""
    found: dict[str, Sequence[str]] = {}
    for mark, words in marks():
        if mark.key == "wanted":
            spans = [it.text for it in picked if "wanted" in it.marks][-1:]
        elif mark.key in _SPANS:
            known = [place for text in told for place in places(text)]
            said = [it.group() for text in told for it in words.finditer(text)]
            spans = [*known, *said] if mark.key == "where" else said
        else:
            continue
        if spans:
            found[mark.label] = list(dict.fromkeys(spans))[:MOST_SPANS]
    return found
