"""Where somebody works: a firm, a works, a building site that can be told from others."""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from nlu.entities.lexicon import Lexicon
from nlu.entities.span import Span

_LIST = Path(__file__).parents[1] / "lists" / "employers.yml"
_AT = "在给进到帮跑去替被为"
_SIGNS = (
    rf"[^的了着过来从跟和把就都也还不没是我你他她它一两三几这那说讲要想做当有开住叫第时{_AT}\W\d]"
)
_BEFORE_TRADE = re.compile(rf"(?:^|[{_AT}\s,。、:的])({_SIGNS}{{0,4}})$")
_AFTER_AT = re.compile(rf"[在给进]({_SIGNS}{{2,6}})$")
_LONGEST_TRADE = 4
_LOOK_BACK = 8


@dataclass(frozen=True, slots=True)
class _Employers:
    words: Lexicon
    kinds: frozenset[str]
    alone: frozenset[str]
    names: frozenset[str]
    trades: frozenset[str]
    no_names: tuple[str, ...]


def find_employers(flat: str, text: str) -> Iterator[Span]:
    """Yield each place of work of *flat* with its name as value."""
    known = _load()
    for stop in range(len(flat)):
        word = next(known.words.at(flat, stop), "")
        start = _start(known, flat, stop, word) if word else None
        if start is not None:
            end = stop + len(word)
            yield Span("employer", flat[start:end], text[start:end], start, end)


def tells_apart(name: str) -> bool:
    """Say whether *name* is more than 公司, 厂 or 某公司."""
    known = _load()
    return bool(name) and name not in known.kinds and not name.startswith(known.no_names)


def _start(known: _Employers, flat: str, stop: int, word: str) -> int | None:
    """Return where the name that ends with *word*, which stands at *stop*, begins."""
    if word in known.names:
        return stop if flat[max(0, stop - 1) : stop] in set(_AT) else None
    if word in known.alone:
        return stop
    for length in range(_LONGEST_TRADE, 0, -1):
        if flat[max(0, stop - length) : stop] in known.trades:
            return _with_proper_name(known, flat, stop - length)
    named = _AFTER_AT.search(flat[max(0, stop - _LOOK_BACK) : stop])
    return None if named is None or named[1].startswith(known.no_names) else stop - len(named[1])


def _with_proper_name(known: _Employers, flat: str, start: int) -> int:
    """Take in what stands between 在 and the trade: 在恒远建筑公司."""
    named = _BEFORE_TRADE.search(flat[max(0, start - _LOOK_BACK) : start])
    proper = named[1] if named else ""
    return start if proper.startswith(known.no_names) else start - len(proper)


@functools.cache
def _load() -> _Employers:
    lists = yaml.safe_load(_LIST.read_text("utf-8"))
    kinds, alone, names, trades = (
        frozenset(lists[key]) for key in ("kinds", "alone", "names", "trades")
    )
    words = Lexicon({*kinds, *alone, *names})
    return _Employers(words, kinds, alone, names, trades, tuple(lists["no_names"]))
