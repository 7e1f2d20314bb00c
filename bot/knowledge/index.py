"""The index of one state of the knowledge base, in memory; never changed once built."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.documents import Document
from bot.knowledge.lexical import Floats, learn
from bot.knowledge.meaning import Meaning
from bot.knowledge.tokens import asked, grams, grams_kept, windows
from bot.knowledge.vectors import Halves, Vectors


@dataclass(frozen=True, slots=True)
class Match:
    """How one question compares with every document."""

    text: str
    terms: Mapping[str, float]
    """The question's terms, with how often it has them."""
    parts: Mapping[str, Floats]
    """
    By name, over the documents.  `entry`, `phrasing`, `passage`: share of the question's
    reach found in all of an entry, in its closest phrasing, in its answer; `window`: the same
    as `entry` for the best two clauses of a long message; `parent`, where there are passages: in
    all of the policy document that a passage stands in.  With vectors, `asked` and
    `answered`: cosines with the closest phrasing and with the answer, over a common 0.83.
    """
    unanswered: float | None = None
    """As `phrasing`, for the closest question that no entry answers; None: none is known."""
    unanswered_meaning: float | None = None
    """As `asked`, for the one of them that is closest in meaning."""


class Index:
    """Documents, and everything computed from them once."""

    def __init__(
        self,
        documents: Sequence[Document],
        vectors: Vectors | None = None,
        unanswered: Sequence[str] = (),
    ) -> None:
        """Compute it all; about a second for 200 entries.  *unanswered*: what none answers."""
        self.documents = tuple(documents)
        self.position = {d.hit.entry_id: at for at, d in enumerate(documents)}
        self.topics = tuple(dict.fromkeys(d.hit.topic for d in documents))
        self.topic_of = np.array([self.topics.index(d.hit.topic) for d in documents], int)
        self.same = _by_text(documents)
        self._said = [(*d.phrasings, *d.heard) for d in documents]
        phrasings = [[grams_kept(text) for text in said] for said in self._said]
        asked = [[grams_kept(text) for text in d.ways_to_ask] for d in documents]
        answers = [grams_kept(d.hit.answer) for d in documents]
        self._unanswered = [grams_kept(text) for text in unanswered]
        self._asked_by = np.repeat(np.arange(len(documents)), [len(cut) for cut in asked])
        together = zip(documents, phrasings, answers, strict=True)
        texts = [_all(document, cut, answer) for document, cut, answer in together]
        self._entry = learn(texts)
        self._lone = np.array([not cut for cut in asked], bool)
        self._phrasing = learn([*(t for cut in asked for t in cut), *self._unanswered])
        self._passage = learn([[*c[0], *a] for c, a in zip(phrasings, answers, strict=True)])
        self._parents = _Parents(documents, texts)
        self._phrasings = [[frozenset(terms) for terms in cut] for cut in phrasings]
        self._whole = [[self._weight(terms) for terms in cut] for cut in self._phrasings]
        self._open = self._still_open()
        kept = [text for text, is_open in zip(unanswered, self._open, strict=True) if is_open]
        self.meaning = Meaning(documents, vectors or {}, kept)

    def match(self, text: str, vector: Halves | None = None) -> Match:
        """Compare a question with every document."""
        terms = {term: float(many) for term, many in Counter(grams(text)).items()}
        entry = self._entry.closeness(terms)
        window = np.zeros_like(entry)
        for part in windows(text):
            window = np.maximum(window, self._entry.closeness(Counter(grams(part))))
        passage = self._passage.closeness(terms)
        phrasing = np.where(self._lone, passage, np.float32(0))
        asked = self._phrasing.closeness(terms)
        np.maximum.at(phrasing, self._asked_by, asked[: len(self._asked_by)])
        unsaid = asked[len(self._asked_by) :][self._open]
        gap = float(unsaid.max()) if len(unsaid) else None
        parts = {"entry": entry, "phrasing": phrasing, "passage": passage, "window": window}
        if self._parents.any:
            parts["parent"] = self._parents.closeness(terms)
        if vector is None or not self.meaning.known:
            return Match(text, terms, parts, gap)
        parts |= self.meaning.compare(vector, like=entry)
        return Match(text, terms, parts, gap, self.meaning.unanswered(vector))

    def closest(self, match: Match, at: int) -> tuple[str, float]:
        """Return the way to ask that shares most with the question, and which share it is."""
        weights = {term: self._entry.weight(term) for term in match.terms}
        terms, asked = weights.keys(), sum(weights.values())
        shared = []
        for own, whole in zip(self._phrasings[at], self._whole[at], strict=True):
            both = sum(weights[term] for term in own & terms)
            shared.append(both / max(asked + whole - both, 1e-9))
        best = int(np.argmax(shared))
        return self._said[at][best], shared[best]

    def _still_open(self) -> NDArray[np.bool_]:
        """
        Say of each unanswered question whether it is still one.

        It is not where an entry of which nothing was heard, so that it must be newer, is
        closer to it than those that were there before.
        """
        new = np.array([not self.documents[at].heard for at in self._asked_by], bool)
        if not new.any() or new.all():
            return np.full(len(self._unanswered), not new.all())
        found = []
        for terms in self._unanswered:
            close = self._phrasing.closeness(Counter(terms))[: len(new)]
            found.append(close[~new].max() >= close[new].max())
        return np.array(found, bool)

    def _weight(self, terms: Iterable[str]) -> float:
        return sum(self._entry.weight(term) for term in terms)


class _Parents:
    """The policy documents that passages stand in, each as one text."""

    def __init__(self, documents: Sequence[Document], texts: Sequence[Sequence[str]]) -> None:
        together: dict[str, list[str]] = {}
        for document, terms in zip(documents, texts, strict=True):
            together.setdefault(document.part_of, []).extend(terms)
        place = {name: at for at, name in enumerate(together)}
        self.any = bool(place.keys() - {""})
        self._of = np.array([place[document.part_of] for document in documents], int)
        self._lexical = learn(list(together.values())) if self.any else learn([])

    def closeness(self, terms: Mapping[str, float]) -> Floats:
        """Return for each document the closeness of what it stands in."""
        close: Floats = self._lexical.closeness(terms)[self._of]
        return close


def _all(
    document: Document, phrasings: Sequence[Sequence[str]], answer: Sequence[str]
) -> list[str]:
    """Return all terms of an entry; its subject counts twice."""
    spoken = [term for phrasing in phrasings for term in phrasing]
    return [*spoken, *grams_kept(document.subject) * 2, *answer]


def _by_text(documents: Sequence[Document]) -> dict[str, int]:
    """Map each phrasing that only one entry has to the position of that entry."""
    found: dict[str, set[int]] = {}
    for at, document in enumerate(documents):
        for phrasing in document.phrasings:
            found.setdefault(asked(phrasing), set()).add(at)
    return {text: at for text, (at, *others) in found.items() if text and not others}
