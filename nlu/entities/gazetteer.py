"""The names of places, and what lies in what: lists/places.yml and lists/townships.txt."""

import functools
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

import yaml

from nlu.entities.lexicon import Lexicon

_LISTS = Path(__file__).parents[1] / "lists"
_KINDS = "市州县区"


class Trust(IntEnum):
    """How much a name says by itself."""

    NOTHING = 0
    """It only holds the name of a place: 普洱茶."""
    IN_PLACE = 1
    """Only right after a place that holds it: 塘房, in 镇雄塘房."""
    IN_CONTEXT = 2
    """Also after 在, 到, 从: 威信."""
    ALWAYS = 3


@dataclass(frozen=True, slots=True)
class Place:
    """`path`: prefecture, county, township by their official names, as far as they are known."""

    path: tuple[str, ...]
    trust: Trust

    def lies_in(self, other: "Place") -> bool:
        """Say whether *other* is larger and holds this place."""
        return self.path[: len(other.path)] == other.path and len(self.path) > len(other.path)


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Every name, and the places that bear it."""

    names: Lexicon
    places: Mapping[str, tuple[Place, ...]]


@functools.cache
def load_gazetteer() -> Gazetteer:
    """Return the names of the lists, read once per process."""
    lists = yaml.safe_load((_LISTS / "places.yml").read_text("utf-8"))
    rows = [line.split() for line in (_LISTS / "townships.txt").read_text("utf-8").splitlines()]
    found: dict[str, set[Place]] = {}
    for name, place in (*_divisions(lists, rows), *_townships(lists, rows), *_others(lists)):
        found.setdefault(name, set()).add(place)
    places = {name: tuple(sorted(alike, key=_rank)) for name, alike in found.items()}
    return Gazetteer(Lexicon(places), places)


def _rank(place: Place) -> tuple[int, bool, int]:
    """Put the surer, the known and the larger first: 红河 is the prefecture."""
    return -place.trust, not place.path, len(place.path)


def _divisions(
    lists: Mapping[str, dict[str, list[str]]], rows: list[list[str]]
) -> Iterator[tuple[str, Place]]:
    """Yield the names of prefectures and counties: short, with a suffix, and in full."""
    doubtful = set(lists["only_with_suffix"])
    official = {(row[1], row[2]) for row in rows}
    aliases = {full: alias for alias, full in lists["also"].items()}
    for short, counties in lists["prefectures"].items():
        prefecture = next(name for name, _ in official if name.startswith(short))
        for said in {short, f"{short}市", f"{short}州", f"{short}地区", prefecture}:
            yield said, Place((prefecture,), Trust.ALWAYS)
        if alias := aliases.get(short):
            yield alias, Place((prefecture,), Trust.ALWAYS)
        for county in counties:
            full = next(n for p, n in official if p == prefecture and n.startswith(county))
            path, kind = (prefecture, full), full[-1]
            yield county, Place(path, Trust.IN_CONTEXT if county in doubtful else Trust.ALWAYS)
            for said in {full, f"{county.rstrip('县市')}{kind}", *_earlier(county, kind)}:
                yield said, Place(path, Trust.ALWAYS)


def _earlier(county: str, kind: str) -> Iterator[str]:
    """People still say 县 where a county became a city or a district."""
    if kind in "市区" and county[-1] not in _KINDS:
        yield f"{county}县"


def _townships(
    lists: Mapping[str, list[str]], rows: list[list[str]]
) -> Iterator[tuple[str, Place]]:
    named = [
        ((prefecture, county, full), short, full)
        for _, prefecture, county, *townships in rows
        for short, full in map(_parted, townships)
    ]
    alone = Counter(short for _, short, _ in named)
    trusted = dict.fromkeys(lists["localities"], Trust.ALWAYS)
    trusted |= dict.fromkeys(lists["doubtful_localities"], Trust.IN_CONTEXT)
    for path, short, full in named:
        kind = "街道" if full.endswith("街道") else full[-1]
        yield full, Place(path, Trust.ALWAYS)
        yield f"{short}{kind}", Place(path, Trust.ALWAYS)
        sure = alone[short] == 1 and trusted.get(short)
        yield short, Place(path, sure or Trust.IN_PLACE)


def _parted(marked: str) -> tuple[str, str]:
    short, _, kind = marked.partition("·")
    return short, short + kind


def _others(lists: Mapping[str, list[str]]) -> Iterator[tuple[str, Place]]:
    for name in lists["localities"]:
        yield name, Place((), Trust.ALWAYS)
    for name in lists["doubtful_localities"]:
        yield name, Place((), Trust.IN_CONTEXT)
    for name in lists["elsewhere"]:
        yield name, Place((name,), Trust.ALWAYS)
    for name in lists["no_places"]:
        yield name, Place((), Trust.NOTHING)
    for name in ("云南", "云南省"):
        yield name, Place((), Trust.ALWAYS)
