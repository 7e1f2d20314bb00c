"""Putting the entries in order for a question, with how sure that order is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from bot.knowledge.confidence import Confidence, Sort, order, shares, topic_prior
from bot.knowledge.features import features
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
    """With vectors or without."""
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
) -> Ranking:
    """Order the best *depth* documents but the *hidden*; the index must not be empty."""
    match = index.match(text, vector)
    sort: Sort = "meaning" if "asked" in match.parts else "words"
    prior, weights = topic_prior(index, topics), confidence.by[sort].rank
    score = order(match, prior, weights)
    score[list(hidden)] = -np.inf
    share = shares(score)
    same = index.same.get(asked(text))
    best = _first(score, depth, None if same in hidden else same)
    nothing = weights["topic"] * float(prior[best[0]])
    phrasing, shared = index.closest(match, best[0])
    row = features(
        index, match, best=best[:DEEP], score=score, nothing=nothing, shared=shared, hidden=hidden
    )
    judge = confidence.by[sort]
    right = CERTAIN if best[0] == same else judge.right.probability(row)
    if not index.documents[best[0]].ways_to_ask:
        right *= PASSAGE
    return Ranking(
        best=tuple(best),
        shares=tuple(float(share[at]) for at in best),
        sort=sort,
        features=tuple(row),
        right=right,
        holds=max(right, judge.holds.probability(row)),
        match=match,
        phrasing=phrasing,
    )


def _first(score: Floats, depth: int, same: int | None) -> list[int]:
    """Return the positions of the best scores; the entry that is asked word for word leads."""
    best = [int(at) for at in np.argsort(-score, kind="stable")[:depth]]
    return best if same is None else [same, *(at for at in best if at != same)][:depth]
