"""Rules as reviewed data: reading data/*.yaml and applying it to a text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import SettingsError
from bot.understanding.patterns import compile_patterns, fold, squeeze

_NEAR = 12
_HIDDEN = "□"
SIGNS = "signs-add-up"
"""The name under which signs fire together."""


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that fired, and the words (normalised) it fired on."""

    rule: str
    kind: str
    span: str
    firm: bool = False
    gives_way: bool = False


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Excuse(_Strict):
    """Words that make a match harmless, and words that undo that."""

    says: str
    any: tuple[str, ...]
    cancelled_by: tuple[str, ...] = ()


class Rule(_Strict):
    """One rule as it is written, for people and for the machine."""

    id: str
    kind: str
    says: str
    firm: bool = False
    """Believed also where the NLU sees nothing: hardly ever wrong on labelled messages."""
    gives_way: bool = False
    """It tells that there is danger, not which: another rule that fires names the kind."""
    any: tuple[str, ...] = Field(min_length=1)
    together_with: tuple[tuple[str, ...], ...] = ()
    """Lists of patterns; one of each must be in the message too."""
    unless_near: tuple[str, ...] = ()
    """Harmless when one of these is found within 12 characters of the match."""
    excused_by: tuple[str, ...] = ()
    fires: tuple[str, ...] = Field(min_length=1)
    silent: tuple[str, ...] = ()


class Sign(_Strict):
    """Words that mean little alone; the points of all signs in a message add up."""

    says: str
    points: int
    kind: str = ""
    any: tuple[str, ...] = Field(min_length=1)


class Examples(_Strict):
    """What must fire and what must not."""

    fires: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()


class Book(_Strict):
    """A whole file."""

    about: str
    changed_by: str
    groups: dict[str, tuple[str, ...]] = {}
    hidden: tuple[str, ...] = ()
    """Figures of speech: these words are taken out before any rule looks."""
    excuses: dict[str, Excuse] = {}
    rules: tuple[Rule, ...]
    signs: tuple[Sign, ...] = ()
    signs_needed: int = 0
    """Points at which the signs fire, after every rule was silent."""
    signs_excused_by: tuple[str, ...] = ()
    signs_examples: Examples = Examples()


@dataclass(frozen=True, slots=True)
class _Ready:
    rule: Rule
    pattern: re.Pattern[str]
    together_with: tuple[re.Pattern[str], ...]
    unless_near: re.Pattern[str] | None


_Seen = tuple[Sign, re.Match[str]]


class Rulebook:
    """A file of rules, compiled; the first rule of the file that fires, wins."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._hidden = _compile(book.hidden, book)
        self._excuses = {
            name: (_compile(excuse.any, book), _compile(excuse.cancelled_by, book))
            for name, excuse in book.excuses.items()
        }
        _require_excuses(book.signs_excused_by, book, whose="signs")
        self._ready = tuple(_prepare(rule, book) for rule in book.rules)
        self._signs = [(sign, compile_patterns(sign.any, book.groups)) for sign in book.signs]

    def first(self, text: str) -> Match | None:
        """Return the first rule that fires on *text*."""
        return next(self.each(text), None)

    def excuses(self, text: str) -> frozenset[str]:
        """Return the names of the excuses that hold for *text*."""
        return self._excused(self._hide(fold(squeeze(text))))

    def points(self, text: str) -> int:
        """Return what the signs in *text* add up to; it may be negative."""
        return _sum(self._signs_in(self._hide(fold(squeeze(text)))))

    def each(self, text: str) -> Iterator[Match]:
        """Yield every rule that fires on *text*, in the order of the file."""
        plain = squeeze(text)
        folded = self._hide(fold(plain))
        # Whether it is excused is asked last: in most messages no rule finds anything.
        for ready in self._ready:
            rule, found = ready.rule, _find(ready, folded)
            if found and not self._any_holds(rule.excused_by, folded):
                span = plain[slice(*found)]
                yield Match(rule.id, rule.kind, span, rule.firm, rule.gives_way)
        if self._signs:
            yield from self._add_up(folded)

    def _add_up(self, folded: str) -> Iterator[Match]:
        found = self._signs_in(folded)
        enough = _sum(found) >= self.book.signs_needed
        if enough and not self._any_holds(self.book.signs_excused_by, folded):
            kinds = [sign for sign, _ in found if sign.kind]
            heaviest = max(kinds, key=lambda sign: sign.points, default=None)
            words = " ".join(match.group() for sign, match in found if sign.points > 0)
            yield Match(SIGNS, heaviest.kind if heaviest else "other", words)

    def _signs_in(self, folded: str) -> list[_Seen]:
        return [(sign, match) for sign, look in self._signs if (match := look.search(folded))]

    def _excused(self, folded: str) -> frozenset[str]:
        return frozenset(name for name in self._excuses if self._holds(name, folded))

    def _any_holds(self, names: Sequence[str], folded: str) -> bool:
        return any(self._holds(name, folded) for name in names)

    def _hide(self, folded: str) -> str:
        if self._hidden is None:
            return folded
        return self._hidden.sub(lambda found: _HIDDEN * len(found.group()), folded)

    def _holds(self, name: str, folded: str) -> bool:
        excuse, undone = self._excuses[name]
        if excuse is None or not excuse.search(folded):
            return False
        return undone is None or not undone.search(folded)


def load_rulebook(path: Path) -> Rulebook:
    """
    Return the rules in *path*.

    Raises:
        SettingsError: the file cannot be read, or a rule in it is written wrongly.
    """
    try:
        # BaseLoader makes nothing but texts: 110 and 84 are words here, not numbers.
        written = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
        return Rulebook(Book.model_validate(written))
    except (OSError, yaml.YAMLError, ValidationError, ValueError, KeyError, re.error) as error:
        msg = f"{path.name}: {error}"
        raise SettingsError(msg) from None


def _sum(found: Sequence[_Seen]) -> int:
    return sum(sign.points for sign, _ in found)


def _compile(patterns: Sequence[str], book: Book) -> re.Pattern[str] | None:
    return compile_patterns(patterns, book.groups) if patterns else None


def _prepare(rule: Rule, book: Book) -> _Ready:
    _require_excuses(rule.excused_by, book, whose=f"rule {rule.id}")
    return _Ready(
        rule,
        compile_patterns(rule.any, book.groups),
        tuple(compile_patterns(patterns, book.groups) for patterns in rule.together_with),
        _compile(rule.unless_near, book),
    )


def _require_excuses(names: Sequence[str], book: Book, *, whose: str) -> None:
    unknown = set(names) - set(book.excuses)
    if unknown:
        msg = f"{whose}: no excuse is called {', '.join(sorted(unknown))}"
        raise ValueError(msg)


def _find(ready: _Ready, folded: str) -> tuple[int, int] | None:
    if not all(pattern.search(folded) for pattern in ready.together_with):
        return None
    for found in ready.pattern.finditer(folded):
        start, end = found.span()
        near = folded[max(0, start - _NEAR) : end + _NEAR]
        if ready.unless_near is None or not ready.unless_near.search(near):
            return start, end
    return None
