"""Putting the entries in order for a question, with how sure that order is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from bot.knowledge.confidence import Confidence, features, order, shares, topic_prior
from bot.knowledge.index import Index, Match
from bot.knowledge.tokens import bare

DEEP = 6
"""Entries that are kept in order: one more than a finding may hold."""
CERTAIN = 0.99
"""Probability that a phrasing written in the knowledge base means its own entry."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Documents by position, best first, and the probabilities of the first ones."""

    best: tuple[int, ...]
    shares: tuple[float, ...]
    features: tuple[float, ...]
    right: float
    """That the first is the right one."""
    holds: float
    """That the right one is among the first three."""
    match: Match
    phrasing: str
    """Of the first document, the one closest to the question."""


def rank(
    index: Index,
    text: str,
    *,
    topics: Sequence[tuple[str, float]] = (),
    confidence: Confidence,
    hidden: Collection[int] = (),
) -> Ranking:
    """Put the documents but the *hidden* ones in order; the index must not be empty."""
    match = index.match(text)
    score = order(match, topic_prior(index, topics), confidence.rank)
    score[list(hidden)] = -np.inf
    share = shares(score)
    best = [int(at) for at in np.argsort(-score, kind="stable")[:DEEP]]
    same = index.same.get(bare(text))
    if same is not None and same not in hidden:
        best = [same, *(at for at in best if at != same)][:DEEP]
    row = features(index, match, best=best, share=float(share[best[0]]))
    right = CERTAIN if best[0] == same else confidence.right.probability(row)
    return Ranking(
        best=tuple(best),
        shares=tuple(float(share[at]) for at in best),
        features=tuple(row),
        right=right,
        holds=max(right, confidence.holds.probability(row)),
        match=match,
        phrasing=index.closest(match, best[0]),
    )
