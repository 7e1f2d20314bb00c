"""Who a message speaks of: relatives by what they are to somebody, others by their role."""

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from nlu.entities.lexicon import Lexicon
from nlu.entities.span import Span

_LIST = Path(__file__).parents[1] / "lists" / "persons.yml"
_MINE = re.compile("我(?:们?家(?:的|那个)?|们)?(?!们)")
_ALWAYS_SHORT = "娃"
# 我爹妈, 我儿媳妇 are in the list; 我妈的手 is 我妈.
_MARK = "-"


@dataclass(frozen=True, slots=True)
class _People:
    meanings: Mapping[str, str]
    kin: frozenset[str]
    words: Lexicon
    titled: re.Pattern[str]


def find_persons(flat: str, text: str) -> Iterator[Span]:
    """Yield each person named; the value says who it is: 母亲, 包工头."""
    people = _load()
    start = 0
    while start < len(flat):
        found = _at(people, flat, start)
        if found is None:
            start += 1
            continue
        begin, end, meaning = found
        if meaning != _MARK:
            yield Span("person", meaning, text[begin:end], begin, end)
        start = end


def _at(people: _People, flat: str, start: int) -> tuple[int, int, str] | None:
    """Return where the person that is named at *start* begins and ends, and who it is."""
    if mine := _MINE.match(flat, start):
        word = next(people.words.at(flat, mine.end()), "")
        if people.meanings.get(word, _MARK) != _MARK:
            begin = start if word in people.kin else mine.end()
            return begin, mine.end() + len(word), people.meanings[word]
        return None
    if titled := people.titled.match(flat, start):
        return start, titled.end(), people.meanings.get(titled[1], titled[1])
    word = next(people.words.at(flat, start), "")
    if len(word) > 1 or (word and word in _ALWAYS_SHORT):
        return start, start + len(word), people.meanings[word]
    return None


@functools.cache
def _load() -> _People:
    lists = yaml.safe_load(_LIST.read_text("utf-8"))
    kin = {word: who for who, words in lists["kin"].items() for word in words}
    roles = {word: who for who, words in lists["roles"].items() for word in words}
    meanings = kin | roles | dict.fromkeys(lists["no_persons"], _MARK)
    titles = "|".join(lists["titles"])
    titled = re.compile(f"[{lists['families']}]({titles})(?!娘)")
    return _People(meanings, frozenset(kin), Lexicon(meanings), titled)
