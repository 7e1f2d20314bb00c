"""What speaks for the first entry of a ranking, in numbers."""

import math
from collections.abc import Collection, Sequence

import numpy as np

from bot.knowledge.asking import fit_of
from bot.knowledge.index import Index, Match
from bot.knowledge.lexical import Floats

WORDS = (
    *("ahead", "phrased", "sharing", "lead", "share", "agreed", "length"),
    *("same_kinds", "other_kinds", "unsaid", "new_details", "now", "gap", "gaps_known"),
)
"""What is close in itself is left out: it means another thing in every knowledge base."""
MEANING = (
    *WORDS,
    *("asked", "answered", "asked_ahead", "answered_ahead", "rise", "same_meaning"),
    *("meant_gap", "near"),
)
FAR, FAR_MEANT = -0.05, -0.15
"""A question that none answers and that is farther behind the entry than this, by words or
meaning, says nothing.  Where none are known that is another thing: `gaps_known` says so."""
_NARROW = 0.06
"""Spread of cosines that keeps a handful of entries from looking wide apart."""
LONG = 60
"""Different terms beyond which more say nothing of how clear a question is."""
FARTHEST = 12.0
"""A lead beyond which more says nothing."""


def features(  # noqa: PLR0913 (each is one circumstance of a ranking)
    index: Index,
    match: Match,
    *,
    best: Sequence[int],
    score: Floats,
    nothing: float,
    shared: float,
    hidden: Collection[int] = (),
) -> list[float]:
    """
    Return one number for each of WORDS, or MEANING where vectors were compared.

    *nothing* is the score of an entry that has nothing in common with the question: what a
    lone entry is compared with.  *shared* is what `Index.closest` says of the first one.
    """
    first, parts = best[0], match.parts
    entry = parts["entry"]
    shown = np.ones(len(entry), bool)
    shown[list(hidden)] = False
    others = [at for at in best[1:] if shown[at]]
    second = float(score[others[0]]) if others else nothing
    lead = min(float(score[first]) - second, FARTHEST)
    found = np.exp(score - score[first])
    row = [
        _ahead(entry, first, others),
        float(parts["phrasing"][first]),
        shared,
        lead,
        float(1 / found[shown].sum()) if shown.any() else 0.0,
        float(entry[first] >= entry[shown].max(initial=0.0)),
        math.log(1 + min(match.question.terms, LONG)),
        *fit_of(match.text, index.documents[first]),
        _behind(match.unanswered, float(parts["phrasing"][first]), least=FAR),
        float(match.unanswered is not None),
    ]
    return row if "asked" not in parts else [*row, *_meaning(match, first, others, shown)]


def _meaning(match: Match, first: int, others: Sequence[int], shown: "np.ndarray") -> list[float]:
    asked, answered = match.parts["asked"], match.parts["answered"]
    either = np.maximum(asked, answered)[shown]
    own_asked = float(asked[first])
    own = max(own_asked, float(answered[first]))
    rise = (own - float(either.mean())) / (float(either.std()) + _NARROW)
    return [
        own_asked,
        float(answered[first]),
        _ahead(asked, first, others),
        _ahead(answered, first, others),
        min(rise, FARTHEST),
        float(own >= float(either.max())),
        _behind(match.unanswered_meaning, own_asked, least=FAR_MEANT),
        float(match.parts["near"][first]),
    ]


def _behind(unanswered: float | None, own: float, *, least: float) -> float:
    """Return by how much what none answers is closer than the entry, *least* at the least."""
    return least if unanswered is None else max(unanswered - own, least)


def _ahead(values: Floats, first: int, others: Sequence[int]) -> float:
    return float(values[first]) - max((float(values[at]) for at in others), default=0.0)
