"""How sure the service may be of a hit: a small logistic model, its weights in a file."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import numpy as np

from bot.contracts import Action
from bot.knowledge.index import Index, Match
from bot.knowledge.lexical import Floats

FILE = Path(__file__).parents[2] / "data" / "knowledge" / "confidence.json"
LONG = 60
"""Different terms beyond which more say nothing of how clear a question is."""
TOPIC_FLOOR = 0.01
FEATURES = ("close", "ahead", "covered", "length", "share")


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
        score = self.bias + sum(w * (x - mean) / spread for x, mean, spread, w in rows)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


@dataclass(frozen=True, slots=True)
class Confidence:
    """Everything the calibration came to."""

    rank: Mapping[str, float]
    """Weights by which entries are put in order: cosine, window, topic."""
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

    def save(self, path: Path, *, measured: Mapping[str, object]) -> None:
        """Write the file that is reviewed and shipped, with the figures it rests on."""
        content = {"features": FEATURES, **asdict(self), "measured": measured}
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")


@cache
def load_confidence(path: Path = FILE) -> Confidence:
    """Read the weights once per process."""
    content = json.loads(path.read_text("utf-8"))
    right, holds = (
        Line(tuple(c["means"]), tuple(c["spreads"]), tuple(c["weights"]), c["bias"])
        for c in (content["right"], content["holds"])
    )
    return Confidence(content["rank"], right, holds, content["answer_at"], content["offer_at"])


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
    return np.array(
        [math.log(known.get(d.hit.topic, 0.0) + TOPIC_FLOOR) for d in index.documents],
        np.float32,
    )


def order(match: Match, prior: Floats, rank: Mapping[str, float]) -> Floats:
    """Return the score by which documents are put in order."""
    score: Floats = (
        rank["lexical"] * match.lexical + rank["window"] * match.window + rank["topic"] * prior
    )
    return score


def shares(score: Floats) -> Floats:
    """Return the scores as shares of one: what each document is worth against the others."""
    weight = np.exp(score - score.max())
    share: Floats = weight / weight.sum()
    return share


def features(index: Index, match: Match, *, best: Sequence[int], share: float) -> list[float]:
    """Return what speaks for the first of *best* (positions, best first), as in FEATURES."""
    first = best[0]
    others = [float(match.lexical[at]) for at in best[1:]]
    return [
        float(match.lexical[first]),
        float(match.lexical[first]) - max(others, default=0.0),
        index.covered(match, first),
        math.log(1 + min(len(match.terms), LONG)),
        share,
    ]
