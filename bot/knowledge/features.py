"""What speaks for the first entry of a ranking, in numbers."""

import math
from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet

import numpy as np

from bot.knowledge.asking import fit_of, what_is_asked
from bot.knowledge.documents import Document
from bot.knowledge.index import Index, Match
from bot.knowledge.lexical import Floats
from bot.knowledge.tokens import grams, grams_kept
from bot.knowledge.usual import weight

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
_HEARD = {"gap", "gaps_known", "meant_gap"}
_NEW = ("missing", "missing_characters", "missing_asked", "spoken", "told")
WORDS_NEW = (*(name for name in WORDS if name not in _HEARD), *_NEW)
"""For an entry of which nothing was heard: what the question says that it does not, and how
close it comes to the answer by words."""
MEANING_NEW = (
    *(name for name in MEANING if name not in {*_HEARD, "rise"}),
    *(*_NEW, "asked_beyond", "answered_beyond"),
)
"""The same, and how much closer the question is than messages about other things come."""
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
) -> dict[str, float]:
    """
    Return by name a number for each of WORDS, and of MEANING where vectors were compared.

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
    if "asked" in parts:
        row += _meaning(match, first, others, shown)
    return dict(zip(MEANING, row, strict=False))


def features_of_new(index: Index, match: Match, first: int) -> dict[str, float]:
    """Return by name what WORDS_NEW, and MEANING_NEW with vectors, have more than the others."""
    found = _missing(match.text, index.documents[first])
    usually = index.meaning.usually(first) if "asked" in match.parts else None
    own = [float(match.parts[name][first]) for name in ("asked", "answered") if usually]
    beyond = [mine - other for mine, other in zip(own, usually or (), strict=True)] or [0.0, 0.0]
    found |= {"told": float(match.parts["passage"][first])}
    return found | {"asked_beyond": beyond[0], "answered_beyond": beyond[1]}


def _missing(text: str, document: Document) -> dict[str, float]:
    """Return shares of what the question says, each term by what it says in any message."""
    spoken = {term for said in document.phrasings for term in grams_kept(said)}
    told = spoken.union(grams_kept(document.hit.answer))
    every, wanted = frozenset(grams(text)), frozenset(grams(what_is_asked(text)))
    return {
        "missing": _share({term for term in every if len(term) > 1}, but=told),
        "missing_characters": _share({term for term in every if len(term) == 1}, but=told),
        "missing_asked": _share({term for term in wanted if len(term) > 1}, but=told),
        "spoken": 1 - _share(every, but=spoken),
    }


def _share(terms: AbstractSet[str], *, but: AbstractSet[str]) -> float:
    return weight(terms - but) / max(weight(terms), 1e-6)


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
