"""Finding the passages of policy documents that may be shown where no entry answers."""

from dataclasses import dataclass, replace
from datetime import date

from bot.contracts import Action, Finding, Hit
from bot.knowledge.confidence import Confidence
from bot.knowledge.index import Index
from bot.knowledge.ranking import rank
from bot.knowledge.scope import covers
from bot.knowledge.tokens import bare
from bot.knowledge.vectors import Halves

MOST = 2
LIKELY = 0.5
"""Probability from which passages are offered where no entry is."""
BETTER = 0.2
"""By how much likelier passages must be to stand beside entries that are offered."""


@dataclass(frozen=True, slots=True)
class Quotable:
    """Passages, best first, and how likely one of them speaks of the matter."""

    hits: tuple[Hit, ...] = ()
    holds: float = 0.0

    def beside(self, finding: Finding, *, holds: float) -> Finding:
        """Return the finding with the passages, where they help more than entries that *hold*."""
        least = LIKELY if finding.band is Action.DECLINE else max(LIKELY, holds + BETTER)
        if finding.band is Action.ANSWER or not self.hits or self.holds < least:
            return finding
        return replace(finding, passages=self.hits, passage_confidence=self.holds)


def quotable(
    index: Index,
    text: str,
    vector: Halves | None,
    confidence: Confidence,
    *,
    today: date,
    area: str,
) -> Quotable:
    """Return the passages in force in *area* that come first; an empty area is unknown."""
    if not index.documents or not bare(text):
        return Quotable()
    hidden = [
        at
        for at, document in enumerate(index.documents)
        if not document.in_force(today) or (area and not covers(document.scope, area))
    ]
    if len(hidden) == len(index.documents):
        return Quotable()
    found = rank(index, text, vector=vector, confidence=confidence, hidden=hidden)
    hits = [
        replace(index.documents[at].hit, score=share)
        for at, share in zip(found.best, found.shares, strict=True)
        if at not in hidden and found.match.parts["entry"][at] > 0
    ]
    return Quotable(tuple(hits[:MOST]), found.holds)
