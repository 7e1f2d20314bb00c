"""The index of one state of the knowledge base, in memory; never changed once built."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import bm25s
import numpy as np

from bot.contracts import Hit
from bot.knowledge.meaning import Floats, Meaning, learn
from bot.knowledge.tokens import bare, grams, windows

WINDOW_WEIGHT = 0.3
LOOKED_AT = 12
"""Entries whose phrasings are compared one by one."""
_HIGHEST_BM25 = 2.5
"""What one term can add to a BM25 score, in units of its idf (k1 + 1)."""


@dataclass(frozen=True, slots=True)
class Document:
    """One published entry."""

    hit: Hit
    variants: tuple[str, ...]
    subject: str
    scope: str
    valid_from: date | None = None
    valid_until: date | None = None

    @property
    def phrasings(self) -> tuple[str, ...]:
        """The question and every other way to ask it."""
        return (self.hit.question, *self.variants)

    def in_force(self, today: date) -> bool:
        """Whether the answer holds on this day."""
        starts, ends = self.valid_from or today, self.valid_until or today
        return starts <= today <= ends


@dataclass(frozen=True, slots=True)
class Match:
    """How one question compares with every document; arrays run over the documents."""

    cosine: Floats
    """Closeness in meaning, -1 to 1."""
    lexical: Floats
    """BM25 as a share of the most this question could score."""
    window: Floats
    """Closeness of the best two clauses of a long message, else zeros."""
    near: Floats
    """F1 of shared weight with the best phrasing, 0 to 1; 0 for documents far off."""
    covered: Floats
    """Share of the question's weight found in the document; 0 for documents far off."""
    phrasing: dict[int, str]
    """Best phrasing of each document that was looked at."""

    def touches(self, at: int) -> bool:
        """Whether the question has anything to do with the document."""
        return bool(self.lexical[at] > 0 or self.cosine[at] > 0)


class Index:
    """Documents, and everything computed from them once."""

    def __init__(self, documents: Sequence[Document]) -> None:
        """Compute it all; about half a second for 200 entries."""
        self.documents = tuple(documents)
        self.position = {d.hit.entry_id: at for at, d in enumerate(documents)}
        self.same = _by_text(documents)
        phrasings = [[grams(text) for text in d.phrasings] for d in documents]
        texts = [_terms(d, cut) for d, cut in zip(documents, phrasings, strict=True)]
        self._sets = [frozenset(terms) for terms in texts]
        frequency = Counter(term for terms in self._sets for term in terms)
        total = len(documents) + 1
        self._rarest = math.log(total / 0.5)
        self._weights = {t: math.log(total / (many + 0.5)) for t, many in frequency.items()}
        self._phrasings = [[self._weighed(terms) for terms in cut] for cut in phrasings]
        self._meaning: Meaning = learn(texts)
        self._bm25 = bm25s.BM25(k1=_HIGHEST_BM25 - 1, b=0.75)
        if documents:
            self._bm25.index(texts, show_progress=False)

    def match(self, text: str) -> Match:
        """Compare a question with every document."""
        terms = grams(text)
        cosine = self._meaning.closeness(terms)
        lexical = self._lexical(terms)
        window = np.zeros_like(cosine)
        for part in windows(text):
            window = np.maximum(window, self._meaning.closeness(grams(part)))
        near, covered, phrasing = self._compare(frozenset(terms), cosine + lexical)
        return Match(cosine, lexical, window, near, covered, phrasing)

    def _lexical(self, terms: Sequence[str]) -> Floats:
        known = [term for term in terms if term in self._weights]
        if not known:
            return np.zeros(len(self.documents), np.float32)
        scores: Floats = self._bm25.get_scores(known)
        return scores / (_HIGHEST_BM25 * self._weight(frozenset(terms)))

    def _compare(
        self, terms: frozenset[str], score: Floats
    ) -> tuple[Floats, Floats, dict[int, str]]:
        near, covered = np.zeros_like(score), np.zeros_like(score)
        best: dict[int, str] = {}
        weight = self._weight(terms)
        for at in np.argsort(-score, kind="stable")[:LOOKED_AT].tolist():
            covered[at] = self._weight(terms & self._sets[at]) / max(weight, 1e-9)
            shares = [
                2 * self._weight(terms & own) / max(weight + own_weight, 1e-9)
                for own, own_weight in self._phrasings[at]
            ]
            closest = int(np.argmax(shares))
            near[at], best[at] = shares[closest], self.documents[at].phrasings[closest]
        return near, covered, best

    def _weighed(self, terms: Sequence[str]) -> tuple[frozenset[str], float]:
        own = frozenset(terms)
        return own, self._weight(own)

    def _weight(self, terms: frozenset[str]) -> float:
        weights, rarest = self._weights, self._rarest
        return sum([weights.get(term, rarest) for term in terms])


def _terms(document: Document, phrasings: Sequence[Sequence[str]]) -> list[str]:
    """Return all terms of an entry; its subject counts twice."""
    spoken = [term for phrasing in phrasings for term in phrasing]
    return [*spoken, *grams(document.subject) * 2, *grams(document.hit.answer)]


def _by_text(documents: Sequence[Document]) -> dict[str, int]:
    """Map each phrasing that only one entry has to the position of that entry."""
    found: dict[str, set[int]] = {}
    for at, document in enumerate(documents):
        for phrasing in document.phrasings:
            found.setdefault(bare(phrasing), set()).add(at)
    return {text: at for text, (at, *others) in found.items() if text and not others}
