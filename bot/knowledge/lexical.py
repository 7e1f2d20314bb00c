"""
Lexical closeness: BM25 over characters and pairs of neighbours.

The score is given as a share of what the question could reach at most, so that long and
short questions can be compared with one measure of confidence.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import bm25s
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
K1 = 1.5
B = 0.75


@dataclass(frozen=True, slots=True)
class Lexical:
    """The texts of one state of the knowledge base, ready to be compared with a question."""

    texts: int
    columns: Mapping[str, slice]
    """Where the texts that hold a term, and their scores, stand."""
    holders: Ints
    scores: Floats
    most: Mapping[str, float]
    """What each known term can add to a score at most."""
    unknown: float
    """What a term adds to the reach of a question though no text has it."""

    def closeness(self, question: Mapping[str, float]) -> Floats:
        """Return for each text which share of the question's reach it gets, 0 to 1."""
        reach, weights, held = 0.0, list[float](), list[slice]()
        for term, weight in question.items():
            reach += weight * self.most.get(term, self.unknown)
            column = self.columns.get(term)
            if column is not None:
                weights.append(weight)
                held.append(column)
        if not held:
            return np.zeros(self.texts, np.float32)
        # All columns at one go: one by one, numpy's calls cost more than the sums.
        holders = np.concatenate([self.holders[column] for column in held])
        scores = np.concatenate([self.scores[column] for column in held])
        scores *= np.repeat(np.array(weights, np.float32), [it.stop - it.start for it in held])
        reached = np.bincount(holders, scores, minlength=self.texts) / max(reach, 1e-9)
        closeness: Floats = np.clip(reached, 0.0, 1.0).astype(np.float32)
        return closeness

    def weight(self, term: str) -> float:
        """Return how much a term tells apart: the rarer, the more."""
        return self.most.get(term, self.unknown)


def learn(texts: Sequence[Sequence[str]]) -> Lexical:
    """Index the texts; each is given by all its terms."""
    total = len(texts)
    frequency = Counter(term for terms in texts for term in set(terms))
    most = {term: _idf(total, many) for term, many in frequency.items()}
    none = np.zeros(0, np.float32)
    if not frequency:
        return Lexical(total, {}, none.astype(np.int32), none, {}, 1.0)
    retriever = bm25s.BM25(k1=K1, b=B)
    retriever.index([list(terms) for terms in texts], show_progress=False)
    starts = retriever.scores["indptr"]
    columns = {
        term: slice(int(starts[at]), int(starts[at + 1]))
        for term, at in retriever.vocab_dict.items()
        if term
    }
    return Lexical(
        total,
        columns,
        np.asarray(retriever.scores["indices"], np.int32),
        np.asarray(retriever.scores["data"], np.float32),
        most,
        unknown=_idf(total, 0),
    )


def _idf(total: int, many: int) -> float:
    """The weight of a term, as the retriever's default method has it."""
    return math.log(1 + (total - many + 0.5) / (many + 0.5))
