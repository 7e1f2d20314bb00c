"""
Lexical closeness: BM25 over characters and pairs of neighbours.

The score is given as a share of what the question could reach at most, so that long and
short questions can be compared with one measure of confidence.  Terms are numbers here:
each is looked up once a question, whatever it is compared with.  What a text is made of is
counted once in its life; scores, which depend on all texts, are made anew with every change.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Ints = NDArray[np.int32]
K1 = 1.5
B = 0.75


@dataclass(frozen=True, slots=True)
class Bag:
    """What a text is made of: its different terms, and how often it has each."""

    terms: Ints
    times: Ints


class Words:
    """The terms of a knowledge base, each with the number that it keeps; safe for threads."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._learning = threading.Lock()

    def __len__(self) -> int:
        return len(self._numbers)

    def bag(self, terms: Iterable[str]) -> Bag:
        """Return what a text of these terms is made of; new terms get their numbers."""
        counts, numbers = Counter(terms), self._numbers
        with self._learning:
            found = [numbers.setdefault(term, len(numbers)) for term in counts]
        return Bag(np.array(found, np.int32), np.array([*counts.values()], np.int32))

    def question(
        self,
        terms: Iterable[str],
        known: int,
        worth: Callable[[str, int], float] = lambda _term, _number: 1.0,
    ) -> "Question":
        """
        Return a question by its terms, each as often as it is said.

        *known*: so many terms there were for whom it is asked; later ones are strange to it.
        *worth*: which share of one a term counts.
        """
        counts, numbers = Counter(terms), self._numbers
        found = [(term, numbers.get(term, known), many) for term, many in counts.items()]
        table = [(number, many * worth(term, number)) for term, number, many in found]
        strange = [many for number, many in table if number >= known]
        own = [number for number, _ in table if number < known]
        weights = [many for number, many in table if number < known]
        return Question(np.array(own, np.int64), np.array(weights), sum(strange), len(strange))


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, by terms."""

    numbers: NDArray[np.int64]
    """Of the different terms that some text has."""
    weights: Doubles
    """How often each is said; those that say little count less."""
    strange: float = 0
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


def as_question(bag: Bag) -> Question:
    """Return the question that a text would be, were it asked."""
    return Question(bag.terms.astype(np.int64), bag.times.astype(float))


@dataclass(frozen=True, slots=True)
class Lexical:
    """The texts of one state of the knowledge base, ready to be compared with a question."""

    texts: int
    starts: NDArray[np.int64]
    """Where, in the two that follow, each term begins, and behind the last one the end."""
    holders: Ints
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

    def said(self, question: Question) -> float:
        """Return how much a question says, in terms that no text has."""
        return self._reach(question) / self.unknown

    def _reach(self, question: Question) -> float:
        known = float(question.weights @ self.most[question.numbers])
        return max(known + question.strange * self.unknown, 1e-9)


def learn(bags: Sequence[Bag], words: Words, of: NDArray[np.int64] | None = None) -> Lexical:
    """
    Index texts; *words* knows every term.

    *of*: the text that each bag is a part of, from 0; without, each is a text.
    """
    owners = np.arange(len(bags)) if of is None else of
    total, size = int(owners.max(initial=-1)) + 1, len(words)
    terms, holders, often = _postings(bags, owners)
    if not len(terms):
        starts = np.zeros(size + 1, np.int64)
        return Lexical(total, starts, holders, often.astype(np.float32), np.ones(size), 1.0)
    lengths = np.bincount(holders, often, minlength=total)
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


def _postings(bags: Sequence[Bag], owners: NDArray[np.int64]) -> tuple[Ints, Ints, Ints]:
    """Return terms, texts that have them and how often; by term, those of one by text."""
    if not bags:
        return (np.zeros(0, np.int32),) * 3
    in_order = np.argsort(owners, kind="stable")
    bags = [bags[at] for at in in_order]
    holders = np.repeat(owners[in_order].astype(np.int32), [len(bag.terms) for bag in bags])
    terms = np.concatenate([bag.terms for bag in bags])
    often = np.concatenate([bag.times for bag in bags])
    order = _by_term(terms)
    terms, holders, often = terms[order], holders[order], often[order]
    first = np.ones(len(terms), bool)
    first[1:] = (terms[1:] != terms[:-1]) | (holders[1:] != holders[:-1])
    if first.all():
        return terms, holders, often
    return terms[first], holders[first], np.add.reduceat(often, np.flatnonzero(first))


def _by_term(terms: Ints) -> NDArray[np.int64]:
    """Return the order by term, of equals as they stand; numpy sorts 16 bits by counting."""
    low = np.argsort((terms & 0xFFFF).astype(np.uint16), kind="stable")
    return low[np.argsort((terms >> 16)[low].astype(np.uint16), kind="stable")]


def _idf(total: int, many: NDArray[np.int64]) -> Doubles:
    """Return the weights of terms that so many of the texts have, as Lucene has them."""
    weights: Doubles = np.log(1 + (total - many + 0.5) / (many + 0.5))
    return weights
