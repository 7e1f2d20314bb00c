"""How many of the facts that a text names are found: places, dates, amounts, numbers."""

import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from bot.evaluation.shares import Share, f1, part

TEXTS = ("place", "date", "amount", "quantity")
NUMBERS = ("amount_yuan", "age", "people_count")
KINDS = (*TEXTS, *NUMBERS)
Facts = Mapping[str, frozenset[str | float]]
"""By kind, in the form in which they are compared."""


@dataclass(frozen=True, slots=True)
class Found:
    """How well one kind, or all of them, are found."""

    precision: Share
    recall: Share
    f1: float | None


def comparable(entities: Mapping[str, Any]) -> Facts:
    """
    Return the kinds of KINDS among *entities*: texts in NFKC without blanks, numbers by value.

    Raises:
        ValueError: a value has another form; the text says which is meant.
    """
    return {
        kind: _values(kind, entities[kind]) for kind in KINDS if entities.get(kind) is not None
    }


def find_rates(pairs: Sequence[tuple[Facts, Facts]]) -> dict[str, Found]:
    """
    Return the rates by kind, and over all as `micro`, for (expected, found) of each message.

    A kind that no message is labelled with is left out: what was found of it may be right.
    """
    counts = {kind: _count(kind, pairs) for kind in KINDS if any(kind in e for e, _ in pairs)}
    if counts:
        counts["micro"] = tuple(sum(column) for column in zip(*counts.values(), strict=True))
    return {kind: _found(*numbers) for kind, numbers in counts.items()}


def _count(kind: str, pairs: Sequence[tuple[Facts, Facts]]) -> tuple[int, ...]:
    sets = [(wanted.get(kind, frozenset()), got.get(kind, frozenset())) for wanted, got in pairs]
    hits = sum(len(wanted & got) for wanted, got in sets)
    return hits, sum(len(wanted) for wanted, _ in sets), sum(len(got) for _, got in sets)


def _found(hits: int, expected: int, named: int) -> Found:
    return Found(part(hits, named), part(hits, expected), f1(hits, expected, named))


def _values(kind: str, given: object) -> frozenset[str | float]:
    several = given if isinstance(given, list | tuple) else [given]
    return frozenset(
        _number(kind, one) if kind in NUMBERS else _text(kind, one) for one in several
    )


def _text(kind: str, given: object) -> str:
    if not isinstance(given, str) or not given.strip():
        _wrong(f"entities.{kind} must be a list of texts as the message has them")
    return "".join(unicodedata.normalize("NFKC", given).split())


def _number(kind: str, given: object) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
        _wrong(f"entities.{kind} must be a number")
    return float(given)


def _wrong(problem: str) -> NoReturn:
    raise ValueError(problem)
