"""How sure the service may be of a hit: a small logistic model, its weights in a file."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast

import numpy as np

from bot.contracts import Action
from bot.knowledge.features import MEANING, MEANING_NEW, WORDS, WORDS_NEW
from bot.knowledge.index import Index, Match
from bot.knowledge.lexical import Floats

FILE = Path(__file__).parents[2] / "data" / "knowledge" / "confidence.json"
TOPIC_FLOOR = 0.02
USUAL = 17.0
"""What a question of usual length says, as `Match.said` has it."""
BY_WORDS = frozenset({"entry", "phrasing", "passage", "window", "parent"})
FARTHEST = 3.0
"""Spreads from the mean beyond which a feature says no more: nothing so far out was seen."""
Sort = Literal["words", "meaning", "words_new", "meaning_new"]
"""What a question was compared by: words alone, or also what the texts mean; and whether with
an entry of which nothing was heard, as all are of a knowledge base that is new."""
FEATURES: Mapping[Sort, tuple[str, ...]] = {
    "words": WORDS,
    "meaning": MEANING,
    "words_new": WORDS_NEW,
    "meaning_new": MEANING_NEW,
}
NEW: Mapping[Sort, Sort] = {"words": "words_new", "meaning": "meaning_new"}


@dataclass(frozen=True, slots=True)
class Line:
    """A logistic model: features are standardised before they are weighed."""

    means: tuple[float, ...]
    spreads: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float

    def probability(self, features: Sequence[float]) -> float:
        """Return the probability for one row of features."""
        rows = zip(features, self.means, self.spreads, self.weights, strict=True)
        score = self.bias + sum(
            w * max(-FARTHEST, min(FARTHEST, (x - mean) / spread)) for x, mean, spread, w in rows
        )
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


@dataclass(frozen=True, slots=True)
class Judge:
    """What one sort of comparison is worth."""

    rank: Mapping[str, float]
    """Weights by which entries are put in order: the parts of a Match, and the topic."""
    right: Line
    """Is the first entry the right one?"""
    holds: Line
    """Is the right one among the first three?"""
    answer_at: float
    offer_at: float

    def band(self, right: float, holds: float) -> Action:
        """Return the band of two probabilities."""
        if right >= self.answer_at:
            return Action.ANSWER
        return Action.OFFER if holds >= self.offer_at else Action.DECLINE


@dataclass(frozen=True, slots=True)
class Confidence:
    """Everything the calibration came to."""

    by: Mapping[Sort, Judge]

    def save(self, path: Path, *, measured: Mapping[str, object]) -> None:
        """Write the file that is reviewed and shipped, with the figures it rests on."""
        judges: dict[str, object] = {sort: asdict(judge) for sort, judge in self.by.items()}
        content: dict[str, object] = {"features": FEATURES, **judges, "measured": measured}
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")


@cache
def load_confidence(path: Path = FILE) -> Confidence:
    """Read the weights once per process."""
    content = json.loads(path.read_text("utf-8"))
    return Confidence({sort: _judge(content[sort]) for sort in FEATURES})


def _judge(content: Mapping[str, object]) -> Judge:
    given = cast("dict[str, dict[str, list[float]]]", content)
    right, holds = (
        Line(tuple(c["means"]), tuple(c["spreads"]), tuple(c["weights"]), cast("float", c["bias"]))
        for c in (given["right"], given["holds"])
    )
    rank = cast("Mapping[str, float]", content["rank"])
    at = cast("Mapping[str, float]", content)
    return Judge(rank, right, holds, at["answer_at"], at["offer_at"])


def topic_prior(index: Index, topics: Sequence[tuple[str, float]]) -> Floats:
    """
    Return the log probability of each document's topic, 0 everywhere if none is known.

    A floor keeps a classifier that is wrong from burying the right entry.
    """
    if not topics:
        return np.zeros(len(index.documents), np.float32)
    known: dict[str, float] = {}
    for topic, probability in topics:
        known[topic] = known.get(topic, 0.0) + probability
    odds = np.array([known.get(topic, 0.0) + TOPIC_FLOOR for topic in index.topics])
    prior: Floats = np.log(odds).astype(np.float32)[index.topic_of]
    return prior


def order(match: Match, prior: Floats, rank: Mapping[str, float]) -> Floats:
    """
    Return the score by which documents are put in order; a part that is missing is nothing.

    The shares of a long question lie closer together than those of a short one, for all that
    the same difference in words says as much; what it means knows no such thing.
    """
    score, longer = rank["topic"] * prior, math.sqrt(match.said / USUAL)
    for name, part in match.parts.items():
        weight = rank.get(name, 0.0) * (longer if name in BY_WORDS else 1.0)
        score = score + np.float32(weight) * part
    return score.astype(np.float32)


def shares(score: Floats) -> Floats:
    """Return the scores as shares of one: what each document is worth against the others."""
    weight = np.exp(score - score.max())
    share: Floats = weight / weight.sum()
    return share
