"""
Lexical closeness: BM25 over characters and pairs of neighbours, one text an entry.

The score is given as a share of what the question could reach at most, so that long and
short questions can be compared with one measure of confidence.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import bm25s
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
K1 = 1.5
B = 0.75


@dataclass(frozen=True, slots=True)
class Lexical:
    """The entries of one state of the knowledge base, ready to be compared with a question."""

    entries: int
    retriever: bm25s.BM25 | None
    """None where no entry has a term."""
    most: dict[str, float]
    """What each known term can add to a score at most."""
    unknown: float
    """What a term adds to the reach of a question though no entry has it."""

    def closeness(self, question: Sequence[str]) -> Floats:
        """Return for each entry which share of the question's reach it gets, 0 to 1."""
        known = [term for term in question if term in self.most]
        if not known or self.retriever is None:
            return np.zeros(self.entries, np.float32)
        reach = sum(self.most.get(term, self.unknown) for term in question)
        scores = np.asarray(self.retriever.get_scores(known), np.float32)
        closeness: Floats = np.clip(scores / np.float32(reach), 0.0, 1.0)
        return closeness


def learn(entries: Sequence[Sequence[str]]) -> Lexical:
    """Index the entries; each is given by all its terms."""
    if not any(entries):
        return Lexical(len(entries), None, {}, 1.0)
    retriever = bm25s.BM25(k1=K1, b=B)
    retriever.index([list(terms) for terms in entries], show_progress=False)
    frequency: dict[str, int] = {}
    for terms in entries:
        for term in set(terms):
            frequency[term] = frequency.get(term, 0) + 1
    total = len(entries)
    most = {term: _idf(total, many) for term, many in frequency.items()}
    return Lexical(total, retriever, most, unknown=_idf(total, 0))


def _idf(total: int, many: int) -> float:
    """The weight of a term, as the retriever's default method has it."""
    return math.log(1 + (total - many + 0.5) / (many + 0.5))
