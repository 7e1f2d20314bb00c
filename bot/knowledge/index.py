"""The index of one state of the knowledge base, in memory; never changed once built."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.knowledge.documents import Document
from bot.knowledge.lexical import Floats, learn
from bot.knowledge.tokens import bare, grams, windows


@dataclass(frozen=True, slots=True)
class Match:
    """How one question compares with every document; arrays run over the documents."""

    terms: frozenset[str]
    lexical: Floats
    """Share of the words' weight that is found, 0 to 1."""
    window: Floats
    """Closeness of the best two clauses of a long message, else zeros."""


class Index:
    """Documents, and everything computed from them once."""

    def __init__(self, documents: Sequence[Document]) -> None:
        """Compute it all; about half a second for 200 entries."""
        self.documents = tuple(documents)
        self.position = {d.hit.entry_id: at for at, d in enumerate(documents)}
        self.same = _by_text(documents)
        phrasings = [[grams(text) for text in d.phrasings] for d in documents]
        texts = [_terms(d, cut) for d, cut in zip(documents, phrasings, strict=True)]
        self._lexical = learn(texts)
        self._terms = [frozenset(terms) for terms in texts]
        frequency = Counter(term for terms in self._terms for term in terms)
        total = len(documents) + 1
        self._rarest = math.log(total / 0.5)
        self._weights = {t: math.log(total / (many + 0.5)) for t, many in frequency.items()}
        self._phrasings = [[frozenset(terms) for terms in cut] for cut in phrasings]

    def match(self, text: str) -> Match:
        """Compare a question with every document."""
        terms = grams(text)
        lexical = self._lexical.closeness(terms)
        window = np.zeros_like(lexical)
        for part in windows(text):
            window = np.maximum(window, self._lexical.closeness(grams(part)))
        return Match(frozenset(terms), lexical, window)

    def covered(self, match: Match, at: int) -> float:
        """Return the share of the question's weight that is found in a document, 0 to 1."""
        return self._weight(match.terms & self._terms[at]) / max(self._weight(match.terms), 1e-9)

    def closest(self, match: Match, at: int) -> str:
        """Return the phrasing of a document that shares most with the question."""
        shared = [
            self._weight(match.terms & own) / max(self._weight(match.terms | own), 1e-9)
            for own in self._phrasings[at]
        ]
        return self.documents[at].phrasings[int(np.argmax(shared))]

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
