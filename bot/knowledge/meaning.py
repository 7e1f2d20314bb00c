"""
Latent semantic analysis: which words stand in for which, learnt from the entries alone.

An entry says the same thing in many ways, so its colloquial and its official words
end up close together, and a question finds the entry without sharing its words.
On phrasings it had not seen this found the right entry more often than BM25 over the
same texts (58 % against 50 %; 25 % with BM25 phrasing by phrasing).
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
DIMENSIONS = 110
_SMALLEST_SPREAD = 1e-4


@dataclass(frozen=True, slots=True)
class Meaning:
    """A space of few dimensions in which entries and questions can be compared."""

    place: dict[str, int]
    idf: Floats
    axes: Floats
    """Terms by dimensions."""
    entries: Floats
    """Entries by dimensions, each of length 1."""

    def closeness(self, question: Sequence[str]) -> Floats:
        """Return the cosine of the question with each entry; zeros if no word is known."""
        columns, weights = _weights(Counter(question), self.place, self.idf)
        if not columns:
            return np.zeros(len(self.entries), np.float32)
        point = np.asarray(weights, np.float32) @ self.axes[columns]
        length = np.float32(max(float(np.linalg.norm(point)), 1e-9))
        closeness: Floats = (self.entries @ point / length).astype(np.float32)
        return closeness


def learn(entries: Sequence[Sequence[str]]) -> Meaning:
    """Return the space the entries span; each is given by all its terms."""
    place: dict[str, int] = {}
    frequency: Counter[str] = Counter()
    for terms in entries:
        frequency.update(set(terms))
    for term in frequency:
        place[term] = len(place)
    total = len(entries)
    idf = np.array(
        [math.log((1 + total) / (1 + many)) + 1 for many in frequency.values()], np.float32
    )
    table = _table(entries, place, idf)
    axes = _axes(table)
    return Meaning(place, idf, axes, _unit(table @ axes))


def _table(entries: Sequence[Sequence[str]], place: dict[str, int], idf: Floats) -> Floats:
    table = np.zeros((len(entries), len(place)), np.float32)
    for row, terms in enumerate(entries):
        columns, weights = _weights(Counter(terms), place, idf)
        table[row, columns] = weights
    return _unit(table)


def _unit(rows: Floats) -> Floats:
    unit: Floats = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return unit


def _axes(table: Floats) -> Floats:
    # There are far fewer entries than terms: the small Gram matrix gives the same axes.
    spread, vectors = np.linalg.eigh((table @ table.T).astype(np.float64))
    kept = np.argsort(-spread)[:DIMENSIONS]
    kept = kept[spread[kept] > _SMALLEST_SPREAD]
    axes: Floats = table.T @ (vectors[:, kept] / np.sqrt(spread[kept])).astype(np.float32)
    return axes


def _weights(
    counts: Counter[str], place: dict[str, int], idf: Floats
) -> tuple[list[int], list[float]]:
    known = [(place[term], many) for term, many in counts.items() if term in place]
    columns = [column for column, _ in known]
    return columns, [(1 + math.log(many)) * float(idf[column]) for column, many in known]
