"""
Lexical closeness: BM25 over characters and pairs of neighbours.

The score is given as a share of what the question could reach at most, so that long and
short questions can be compared with one measure of confidence.  Terms are numbers here:
each is looked up once a question, whatever it is compared with.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Ints = NDArray[np.int32]
K1 = 1.5
B = 0.75


class Words:
    """The terms of one state of the knowledge base, each with its number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def learn(self, terms: Iterable[str]) -> Ints:
        """Return the numbers of the terms of a text; new ones get theirs."""
        numbers = self._numbers
        return np.array([numbers.setdefault(term, len(numbers)) for term in terms], np.int32)

    def question(self, terms: Iterable[str]) -> "Question":
        """Return a question by its terms, each as often as it is said."""
        counts = Counter(terms)
        found = [(self._numbers.get(term, -1), many) for term, many in counts.items()]
        known = [(number, many) for number, many in found if number >= 0]
        strange = [many for number, many in found if number < 0]
        table = np.array(known, np.int64).reshape(len(known), 2)
        return Question(table[:, 0], table[:, 1].astype(float), sum(strange), len(strange))


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, by terms."""

    numbers: NDArray[np.int64]
    """Of the different terms that some text has."""
    weights: Doubles
    """How often each is said."""
    strange: int = 0
    """How often a term is said that no text has."""
    strange_terms: int = 0
    """How many different ones."""

    @property
    def terms(self) -> int:
        """How many different terms it has."""
        return len(self.numbers) + self.strange_terms

    def has(self, numbers: Ints, words: int) -> NDArray[np.bool_]:
        """Say of each of these numbers, of so many there are, whether it is asked."""
        asked = np.zeros(words, bool)
        asked[self.numbers] = True
        return asked[numbers]


def of_numbers(numbers: Ints) -> Question:
    """Return the question that a text would be, were it asked."""
    different, often = np.unique(numbers, return_counts=True)
    return Question(different.astype(np.int64), often.astype(float))


@dataclass(frozen=True, slots=True)
class Lexical:
    """The texts of one state of the knowledge base, ready to be compared with a question."""

    texts: int
    starts: NDArray[np.int64]
    """Where, in the two that follow, each term begins, and behind the last one the end."""
    holders: NDArray[np.int64]
    scores: Floats
    most: Doubles
    """By term: what it can add to a score at most.  The rarer it is, the more."""
    unknown: float
    """What a term adds to the reach of a question though no text has it."""

    def closeness(self, question: Question) -> Floats:
        """Return for each text which share of the question's reach it gets, 0 to 1."""
        first = self.starts[question.numbers]
        many = self.starts[question.numbers + 1] - first
        # All columns at one go: one by one, numpy's calls cost more than the sums.
        at = np.repeat(first - (np.cumsum(many) - many), many) + np.arange(many.sum())
        scores = self.scores[at] * np.repeat(question.weights.astype(np.float32), many)
        reached = np.bincount(self.holders[at], scores, minlength=self.texts)
        closeness: Floats = np.clip(reached / self._reach(question), 0.0, 1.0).astype(np.float32)
        return closeness

    def _reach(self, question: Question) -> float:
        known = float(question.weights @ self.most[question.numbers])
        return max(known + question.strange * self.unknown, 1e-9)


def learn(texts: Sequence[Ints], words: Words) -> Lexical:
    """Index texts, each given by the numbers of all its terms; *words* has learnt every one."""
    total, size = len(texts), len(words)
    lengths = np.array([len(terms) for terms in texts], np.int64)
    if not lengths.sum():
        none = np.zeros(0, np.int64)
        starts = np.zeros(size + 1, np.int64)
        return Lexical(total, starts, none, none.astype(np.float32), np.ones(size), 1.0)
    owners, together = np.repeat(np.arange(total), lengths), np.concatenate(texts).astype(np.int64)
    pairs, often = np.unique(together * total + owners, return_counts=True)
    terms, holders = np.divmod(pairs, total)
    frequency = np.bincount(terms, minlength=size)
    most = _idf(total, frequency)
    full = K1 * (1 - B + B * lengths / lengths.mean())
    scores = most[terms] * often / (full[holders] + often)
    return Lexical(
        total,
        np.concatenate([[0], np.cumsum(frequency)]),
        holders,
        scores.astype(np.float32),
        most,
        unknown=float(_idf(total, np.zeros(1, np.int64))[0]),
    )


def _idf(total: int, many: NDArray[np.int64]) -> Doubles:
    """Return the weights of terms that so many of the texts have, as Lucene has them."""
    weights: Doubles = np.log(1 + (total - many + 0.5) / (many + 0.5))
    return weights
