"""Putting the entries in order for a question, with how sure that order is."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.knowledge.confidence import (
    FEATURES,
    NEW,
    Confidence,
    Sort,
    order,
    shares,
    topic_prior,
)
from bot.knowledge.documents import Document
from bot.knowledge.features import features, features_of_new
from bot.knowledge.heard import shipped
from bot.knowledge.index import Index, Match
from bot.knowledge.lexical import Floats
from bot.knowledge.tokens import asked
from bot.knowledge.vectors import Halves

DEEP = 6
"""Entries that are kept in order: one more than a finding may hold."""
CERTAIN = 0.999
"""Probability that a phrasing written in the knowledge base means its own entry."""

ENOUGH = 6
"""Messages heard of an entry of one's own from which on it is judged as one that is well known.
With fewer, and vectors, it is partly judged as new: after one message already as much was
answered as after many, and less rightly.  By words alone that gained nothing."""
PASSAGE = 0.5
"""Of the probability is left where the first document is a passage and no question: that it
speaks of the matter is no answer (on statutes, half of the surest hits were wrong)."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Documents by position, best first, and the probabilities of the first ones."""

    best: tuple[int, ...]
    shares: tuple[float, ...]
    sort: Sort
    """How it was judged."""
    features: tuple[float, ...]
    right: float
    """That the first is the right one."""
    holds: float
    """That the right one is among the first three."""
    match: Match
    phrasing: str
    """Of the first document, the one closest to the question."""


def rank(  # noqa: PLR0913  (each is one circumstance of a search)
    index: Index,
    text: str,
    *,
    vector: Halves | None = None,
    topics: Sequence[tuple[str, float]] = (),
    confidence: Confidence,
    hidden: Collection[int] = (),
    depth: int = DEEP,
    sort: Sort | None = None,
) -> Ranking:
    """Order the best of some documents but the *hidden*; judge by *sort*, or as is befitting."""
    match = index.match(text, vector)
    prior, weights = topic_prior(index, topics), confidence.by[_compared(match)].rank
    score = order(match, prior, weights)
    score[list(hidden)] = -np.inf
    same = index.same.get(asked(text))
    best = _first(score, depth, None if same in hidden else same)
    first, nothing = index.documents[best[0]], weights["topic"] * float(prior[best[0]])
    phrasing, shared = index.closest(match, best[0])
    row = features(
        index, match, best=best[:DEEP], score=score, nothing=nothing, shared=shared, hidden=hidden
    )
    judged = _judged(index, match, best[0], row, confidence, sort)
    right, holds = judged.right, judged.holds
    right = CERTAIN if best[0] == same else right
    right *= 1 if first.ways_to_ask else PASSAGE
    return Ranking(
        best=tuple(best),
        shares=tuple(map(float, shares(score)[best])),
        sort=judged.sort,
        features=judged.features,
        right=right,
        holds=max(right, holds),
        match=match,
        phrasing=phrasing,
    )


@dataclass(frozen=True, slots=True)
class _Judged:
    sort: Sort
    features: tuple[float, ...]
    right: float
    holds: float


def _judged(
    index: Index,
    match: Match,
    first: int,
    row: Mapping[str, float],
    confidence: Confidence,
    sort: Sort | None,
) -> _Judged:
    """Judge by *sort*; without, by how much was heard of the entry."""
    document, compared = index.documents[first], _compared(match)
    known = _known(document, compared)
    own = sort or (NEW[compared] if known == 0 else compared)
    if own in NEW.values() or (sort is None and known < 1):
        row = dict(row) | features_of_new(index, match, first)
    judged = _by(own, row, confidence)
    if sort is not None or known in {0, 1}:
        return judged
    fresh, judge, new = _by(NEW[own], row, confidence), confidence.by[own], NEW[own]
    right = _between(
        judged.right, judge.answer_at, fresh.right, confidence.by[new].answer_at, known
    )
    holds = _between(judged.holds, judge.offer_at, fresh.holds, confidence.by[new].offer_at, known)
    return _Judged(own, judged.features, right, holds)


def _known(document: Document, compared: Sort) -> float:
    """Return from 0 to 1 how well an entry is known; nobody asks a passage."""
    if not document.ways_to_ask:
        return 1.0
    # The judges of those that were heard of are fitted to the starter content as it is.
    own = document.hit.entry_id not in shipped().by_entry
    return min(len(document.heard) / (ENOUGH if own and compared == "meaning" else 1), 1.0)


def _by(sort: Sort, row: Mapping[str, float], confidence: Confidence) -> _Judged:
    numbers, judge = tuple(row[name] for name in FEATURES[sort]), confidence.by[sort]
    return _Judged(
        sort, numbers, judge.right.probability(numbers), judge.holds.probability(numbers)
    )


def _compared(match: Match) -> Sort:
    return "meaning" if "asked" in match.parts else "words"


def _between(own: float, at: float, fresh: float, fresh_at: float, known: float) -> float:
    """Return both probabilities as one, so that the threshold of the first holds for it."""
    odds = known * _odds(own) + (1 - known) * (_odds(fresh) - _odds(fresh_at) + _odds(at))
    return 1 / (1 + math.exp(-odds))


def _odds(probability: float) -> float:
    kept = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(kept / (1 - kept))


def _first(score: Floats, depth: int, same: int | None) -> list[int]:
    """Return the positions of the best scores; the entry that is asked word for word leads."""
    best = [int(at) for at in np.argsort(-score, kind="stable")[:depth]]
    return best if same is None else [same, *(at for at in best if at != same)][:depth]
