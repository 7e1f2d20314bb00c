"""Measuring the search on questions it has not seen, and setting its confidence by that."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from bot.contracts import Action
from bot.knowledge.confidence import (
    FEATURES,
    FILE,
    NEW,
    Confidence,
    Judge,
    Sort,
    load_confidence,
)
from bot.knowledge.examples import DATA, Encode, Example, examples, new_examples
from bot.knowledge.judging import (
    Judged,
    cross_validated,
    fit_line,
    judge,
    rank_of,
    unfitted,
)
from bot.knowledge.load import read_cards

MESSAGES = frozenset({"question", "unanswerable", "chat"})
"""What residents ask; a phrasing of an editor's is more often one that a sibling answers too."""
PRECISION = 0.97
"""Least share of right answers among all automatic ones, messages nobody can answer included."""
UNANSWERABLE = 0.32
"""Share of residents' questions that no entry answers, as their messages were collected; those
that were written since, to be hard to tell, must not make it seem more."""
SUREST = 0.99
"""A base on which nothing is sure still answers phrasings that are written in it.  So it is by
words alone where nothing was heard: what is right of 97 % of the messages to the starter content
was right of 83 % on a foreign base of look-alikes."""
OFFER_AT = 0.4
"""An offer that fails costs one more tap, a refusal costs the wait for a person."""
Figures = dict[str, dict[str, float]]


def calibrate(
    encode: Encode,
    *,
    cards: Path = DATA / "cards.jsonl",
    questions: Path = DATA / "questions.jsonl",
    to: Path = FILE,
) -> str:
    """
    Fit the confidence on entries and labelled messages, write its file, and report.

    Where *encode* can make no vectors, what was fitted with them before is kept.
    """
    judges: dict[Sort, Judge] = {}
    measured: dict[str, Figures] = {}
    told = []
    for sort, found in _by_sort(cards, encode, questions):
        judged = [judge(one, unfitted(), sort=sort) for one in found]
        right, holds = fit_line(judged, first=1), fit_line(judged, first=3)
        judged = cross_validated(judged)
        asked = [one for one in judged if one.example.kind in MESSAGES]
        answer_at = SUREST if sort == "words_new" else threshold(asked)
        judges[sort] = Judge(rank_of(sort), right, holds, answer_at=answer_at, offer_at=OFFER_AT)
        measured[sort] = _figures(judged, judges[sort])
        told.append(_table(measured[sort], judges[sort], sort))
    if len(judges) < len(FEATURES):
        judges = {**load_confidence().by, **judges}
    Confidence(judges).save(to, measured=measured)
    return "\n\n".join(told)


def report(
    encode: Encode,
    *,
    cards: Path = DATA / "cards.jsonl",
    questions: Path = DATA / "questions.jsonl",
) -> str:
    """Return a table of how well questions are found and how right the bands are."""
    told = []
    for sort, found in _by_sort(cards, encode, questions):
        judged = cross_validated([judge(one, unfitted(), sort=sort) for one in found])
        shipped = load_confidence().by[sort]
        told.append(_table(_figures(judged, shipped), shipped, sort))
    return "\n\n".join(told)


def threshold(judged: Sequence[Judged]) -> float:
    """Return the lowest probability from which messages are answered as rightly as is promised."""
    ordered = sorted((one for one in judged if not one.guarded), key=lambda one: -one.right)
    right = np.array([one.place == 1 for one in ordered], bool)
    weights = _weights(judged)
    counts = np.array([weights.get(one.example.kind, 1.0) for one in ordered])
    precision = np.cumsum(right * counts) / np.cumsum(counts)
    good = np.flatnonzero(precision >= PRECISION)
    lowest = ordered[int(good[-1])].right if len(good) else SUREST
    return min(math.ceil(lowest * 1000) / 1000, SUREST)


def _weights(judged: Sequence[Judged]) -> dict[str, float]:
    """Return what an unanswerable question counts, so that there are as many as usual."""
    many = Counter(one.example.kind for one in judged)
    usual = many["question"] * UNANSWERABLE / (1 - UNANSWERABLE)
    return {"unanswerable": min(1.0, usual / max(many["unanswerable"], 1))}


def _by_sort(
    cards: Path, encode: Encode, questions: Path
) -> Iterator[tuple[Sort, Sequence[Example]]]:
    """Yield what each sort of judgement is measured on, where all that is needed is there."""
    read = read_cards(cards)
    known: dict[bool, list[Example]] = {
        False: examples(read, encode, questions),
        True: new_examples(read, encode, questions),
    }
    for sort in FEATURES:
        found = known[sort in NEW.values()]
        if sort.startswith("words") or all(
            one.vector is not None and one.index.meaning.known for one in found
        ):
            yield sort, found


def _figures(judged: Sequence[Judged], judge: Judge) -> Figures:
    """Return, by kind of example and for all of MESSAGES, the shares that matter."""
    kinds = dict.fromkeys(one.example.kind for one in judged)
    figures = {
        kind: _shares([one for one in judged if one.example.kind == kind], judge) for kind in kinds
    }
    asked = [one for one in judged if one.example.kind in MESSAGES]
    return {**figures, **({"all asked": _shares(asked, judge)} if asked else {})}


def _shares(judged: Sequence[Judged], judge: Judge) -> dict[str, float]:
    bands = [one.band(judge) for one in judged]
    answered = [one for one, band in zip(judged, bands, strict=True) if band is Action.ANSWER]
    offered = [one for one, band in zip(judged, bands, strict=True) if band is Action.OFFER]
    weights = _weights(judged)
    total = sum(weights.get(one.example.kind, 1.0) for one in answered)
    right = sum(one.place == 1 for one in answered)
    figures = {
        "number": len(judged),
        "hit@1": _share(judged, 1),
        "hit@3": _share(judged, 3),
        "answered": len(answered) / len(judged),
        "answers right": right / total if total else 0.0,
        "offered": len(offered) / len(judged),
        "offers that hold it": _share(offered, 3),
    }
    return {name: round(figure, 3) for name, figure in figures.items()}


def _share(judged: Sequence[Judged], first: int) -> float:
    return sum(0 < one.place <= first for one in judged) / len(judged) if judged else 0.0


def _table(figures: Figures, judge: Judge, sort: Sort) -> str:
    names = list(next(iter(figures.values())))
    lines = [" ".join([f"by {sort}".ljust(12), *(name.rjust(len(name) + 1) for name in names)])]
    for kind, shares in figures.items():
        cells = (f"{shares[name]:g}".rjust(len(name) + 1) for name in names)
        lines.append(" ".join([kind.ljust(12), *cells]))
    lines.append(f"answered from {judge.answer_at}, offered from {judge.offer_at}")
    return "\n".join(lines)
