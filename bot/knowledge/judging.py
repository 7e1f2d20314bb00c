"""Examples with what the search made of them, and the models that are fitted to that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from bot.contracts import Action
from bot.knowledge.confidence import FEATURES, Confidence, Judge, Line, Sort
from bot.knowledge.examples import MESSAGE_FOLDS, Example
from bot.knowledge.guards import doubtful
from bot.knowledge.logistic import fit
from bot.knowledge.ranking import Ranking, rank

RANK: dict[Sort, dict[str, float]] = {
    "words": {
        "entry": 18.0,
        "phrasing": 8.0,
        "passage": 12.0,
        "window": 8.0,
        "parent": 2.0,
        "topic": 0.7,
    },
    "meaning": {
        "entry": 24.0,
        "passage": 8.0,
        "window": 8.0,
        "parent": 2.0,
        "asked": 8.0,
        "answered": 8.0,
        "topic": 0.7,
    },
}
"""By likelihood on held-out phrasings and residents' messages, with the other phrasings of
an entry and without; rounded."""
WEIGHTS = {
    "question": 1.0,
    "unanswerable": 1.0,
    "few": 0.1,
    "gone": 0.4,
    "chat": 0.3,
    "matter": 0.1,
    "variant": 0.05,
    "removed": 0.015,
    "brief": 1.0,
    "unsaid": 0.6,
    "small": 0.3,
    "near": 0.13,
    "strange": 0.13,
}
"""Messages as residents write them count for most.  A held-out phrasing counts little:
it was written to be unlike its siblings, and often another entry answers it as well.
Of `gone` there are a quarter as many as of `few`; a resident's next question is as likely one.
Of the examples of new knowledge bases a third have no answer, in large ones and in small."""
COLLECTED = date(2026, 11, 1)
"""When the labelled messages were asked; a year they name is another one or not by that."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One example with what the search made of it."""

    example: Example
    ranking: Ranking
    place: int
    """Where the first right entry stands, from 1; 0: not among the first five."""
    right: float = 0.0
    holds: float = 0.0

    @property
    def guarded(self) -> bool:
        """Whether a guard would keep it from being answered."""
        best = self.example.index.documents[self.ranking.best[0]]
        return doubtful(self.example.text, self.ranking.phrasing, best, today=COLLECTED)

    def band(self, judge: Judge) -> Action:
        """Return what would be done, guards included."""
        band = judge.band(self.right, self.holds)
        return Action.OFFER if band is Action.ANSWER and self.guarded else band


def rank_of(sort: Sort) -> dict[str, float]:
    """Return the weights by which entries are put in order, heard of or not."""
    return RANK["meaning" if sort.startswith("meaning") else "words"]


def unfitted() -> Confidence:
    """Return a confidence that ranks, and is sure of nothing."""
    judges: dict[Sort, Judge] = {}
    for sort, names in FEATURES.items():
        nothing = (0.0,) * len(names)
        line = Line(nothing, (1.0,) * len(names), nothing, 0.0)
        judges[sort] = Judge(rank_of(sort), line, line, answer_at=1.0, offer_at=1.0)
    return Confidence(judges)


def judge(example: Example, confidence: Confidence, *, sort: Sort) -> Judged:
    """Search for one example."""
    vector = example.vector if sort.startswith("meaning") else None
    found = rank(
        example.index,
        example.text,
        vector=vector,
        confidence=confidence,
        hidden=example.hidden,
        sort=sort,
    )
    ids = [example.index.documents[at].hit.entry_id for at in found.best[:5]]
    places = [place for place, entry_id in enumerate(ids, 1) if entry_id in example.gold]
    return Judged(example, found, places[0] if places else 0, found.right, found.holds)


def fit_line(judged: Sequence[Judged], *, first: int) -> Line:
    """Return the model that tells whether the right entry is among the *first*."""
    rows = np.array([one.ranking.features for one in judged])
    right = np.array([0 < one.place <= first for one in judged], float)
    return fit(rows, right, np.array([WEIGHTS[one.example.kind] for one in judged]))


def cross_validated(judged: Sequence[Judged]) -> list[Judged]:
    """Give each example the probabilities of a model that has not seen its group."""
    done: list[Judged] = []
    for fold in range(MESSAGE_FOLDS):
        seen = [one for one in judged if one.example.group % MESSAGE_FOLDS != fold]
        right, holds = fit_line(seen, first=1), fit_line(seen, first=3)
        for one in judged:
            if one.example.group % MESSAGE_FOLDS == fold:
                row = one.ranking.features
                sure = right.probability(row)
                likely = max(sure, holds.probability(row))
                done.append(Judged(one.example, one.ranking, one.place, sure, likely))
    return done
