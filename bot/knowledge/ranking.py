"""Putting the entries in order for a question, with how sure that order is."""

from collections.abc import Collection, Sequence
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
from bot.knowledge.index import Index, Match
from bot.knowledge.lexical import Floats
from bot.knowledge.tokens import asked
from bot.knowledge.vectors import Halves

DEEP = 6
"""Entries that are kept in order: one more than a finding may hold."""
CERTAIN = 0.999
"""Probability that a phrasing written in the knowledge base means its own entry."""

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
    compared: Sort = "meaning" if "asked" in match.parts else "words"
    prior, weights = topic_prior(index, topics), confidence.by[compared].rank
    score = order(match, prior, weights)
    score[list(hidden)] = -np.inf
    same = index.same.get(asked(text))
    best = _first(score, depth, None if same in hidden else same)
    first, nothing = index.documents[best[0]], weights["topic"] * float(prior[best[0]])
    phrasing, shared = index.closest(match, best[0])
    row = features(
        index, match, best=best[:DEEP], score=score, nothing=nothing, shared=shared, hidden=hidden
    )
    sort = sort or _befitting(first, compared)
    new = features_of_new(index, match, best[0]) if sort in NEW.values() else {}
    numbers, judge = tuple((row | new)[name] for name in FEATURES[sort]), confidence.by[sort]
    right = CERTAIN if best[0] == same else judge.right.probability(numbers)
    right *= 1 if first.ways_to_ask else PASSAGE
    return Ranking(
        best=tuple(best),
        shares=tuple(map(float, shares(score)[best])),
        sort=sort,
        features=numbers,
        right=right,
        holds=max(right, judge.holds.probability(numbers)),
        match=match,
        phrasing=phrasing,
    )


def _befitting(document: Document, compared: Sort) -> Sort:
    """Return how it is judged: by itself where nothing was heard of it; nobody asks a passage."""
    new = bool(document.ways_to_ask) and not document.heard
    return NEW[compared] if new else compared


def _first(score: Floats, depth: int, same: int | None) -> list[int]:
    """Return the positions of the best scores; the entry that is asked word for word leads."""
    best = [int(at) for at in np.argsort(-score, kind="stable")[:depth]]
    return best if same is None else [same, *(at for at in best if at != same)][:depth]
