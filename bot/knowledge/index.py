"""The index of one state of the knowledge base, in memory; never changed once built."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.documents import Document
from bot.knowledge.lexical import (
    Doubles,
    Floats,
    Ints,
    Lexical,
    Question,
    Words,
    learn,
    of_numbers,
)
from bot.knowledge.meaning import Meaning
from bot.knowledge.tokens import asked, grams, grams_kept, windows
from bot.knowledge.vectors import Halves, Vectors


@dataclass(frozen=True, slots=True)
class Match:
    """How one question compares with every document."""

    text: str
    question: Question
    """The question's terms."""
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
        """Compute it all; half a second for 200 entries.  *unanswered*: what none answers."""
        self.documents = tuple(documents)
        self.position = {d.hit.entry_id: at for at, d in enumerate(documents)}
        self.topics = tuple(dict.fromkeys(d.hit.topic for d in documents))
        self.topic_of = np.array([self.topics.index(d.hit.topic) for d in documents], int)
        self.same = _by_text(documents)
        self._said = [(*d.phrasings, *d.heard) for d in documents]
        self._words = Words()
        learned = [[self._learn(text) for text in said] for said in self._said]
        asked = [[self._learn(text) for text in d.ways_to_ask] for d in documents]
        answers = [self._learn(d.hit.answer) for d in documents]
        subjects = [self._learn(d.subject) for d in documents]
        self._unanswered = [self._learn(text) for text in unanswered]
        self._asked_by = np.repeat(np.arange(len(documents)), [len(cut) for cut in asked])
        # All of an entry; its subject counts twice.
        parts = zip(learned, subjects, answers, strict=True)
        texts = [np.concatenate([*cut, of, of, answer]) for cut, of, answer in parts]
        self._entry = learn(texts, self._words)
        self._lone = np.array([not cut for cut in asked], bool)
        ways = [*(numbers for cut in asked for numbers in cut), *self._unanswered]
        self._phrasing = learn(ways, self._words)
        both = zip(learned, answers, strict=True)
        self._passage = learn([np.concatenate([cut[0], a]) for cut, a in both], self._words)
        self._parents = _Parents(documents, texts, self._words)
        self._phrasings = [_Said(cut, self._entry.most) for cut in learned]
        self._open = self._still_open()
        kept = [text for text, is_open in zip(unanswered, self._open, strict=True) if is_open]
        self.meaning = Meaning(documents, vectors or {}, kept)

    def match(self, text: str, vector: Halves | None = None) -> Match:
        """Compare a question with every document."""
        question = self._words.question(grams(text))
        entry = self._entry.closeness(question)
        window = np.zeros_like(entry)
        for part in windows(text):
            of_part = self._entry.closeness(self._words.question(grams(part)))
            window = np.maximum(window, of_part)
        passage = self._passage.closeness(question)
        phrasing = np.where(self._lone, passage, np.float32(0))
        asked = self._phrasing.closeness(question)
        np.maximum.at(phrasing, self._asked_by, asked[: len(self._asked_by)])
        unsaid = asked[len(self._asked_by) :][self._open]
        gap = float(unsaid.max()) if len(unsaid) else None
        parts = {"entry": entry, "phrasing": phrasing, "passage": passage, "window": window}
        if self._parents.any:
            parts["parent"] = self._parents.closeness(question)
        if vector is None or not self.meaning.known:
            return Match(text, question, parts, gap)
        parts |= self.meaning.compare(vector, like=entry)
        return Match(text, question, parts, gap, self.meaning.unanswered(vector))

    def closest(self, match: Match, at: int) -> tuple[str, float]:
        """Return the way to ask that shares most with the question, and which share it is."""
        shared = self._phrasings[at].shared(match.question, self._entry)
        best = int(np.argmax(shared))
        return self._said[at][best], float(shared[best])

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
            close = self._phrasing.closeness(of_numbers(terms))[: len(new)]
            found.append(close[~new].max() >= close[new].max())
        return np.array(found, bool)

    def _learn(self, text: str) -> Ints:
        return self._words.learn(grams_kept(text))


class _Said:
    """The phrasings of an entry, each by its different terms."""

    def __init__(self, phrasings: Sequence[Ints], weights: Doubles) -> None:
        each = [np.unique(numbers) for numbers in phrasings]
        self._many = len(each)
        self._numbers = np.concatenate(each)
        self._owners = np.repeat(np.arange(len(each)), [len(one) for one in each])
        self._whole = self._sum(weights[self._numbers])

    def shared(self, question: Question, entry: Lexical) -> Doubles:
        """Return for each which share of the terms of both it has in common with a question."""
        own = entry.most[self._numbers] * question.has(self._numbers, len(entry.most))
        asked = float(entry.most[question.numbers].sum()) + question.strange_terms * entry.unknown
        both = self._sum(own)
        shared: Doubles = both / np.maximum(asked + self._whole - both, 1e-9)
        return shared

    def _sum(self, weights: Doubles) -> Doubles:
        return np.bincount(self._owners, weights, minlength=self._many).astype(float)


class _Parents:
    """The policy documents that passages stand in, each as one text."""

    def __init__(self, documents: Sequence[Document], texts: Sequence[Ints], words: Words) -> None:
        together: dict[str, list[Ints]] = {}
        for document, terms in zip(documents, texts, strict=True):
            together.setdefault(document.part_of, []).append(terms)
        place = {name: at for at, name in enumerate(together)}
        self.any = bool(place.keys() - {""})
        self._of = np.array([place[document.part_of] for document in documents], int)
        whole = [np.concatenate(parts) for parts in together.values()] if self.any else []
        self._lexical = learn(whole, words)

    def closeness(self, question: Question) -> Floats:
        """Return for each document the closeness of what it stands in."""
        close: Floats = self._lexical.closeness(question)[self._of]
        return close


def _by_text(documents: Sequence[Document]) -> dict[str, int]:
    """Map each phrasing that only one entry has to the position of that entry."""
    found: dict[str, set[int]] = {}
    for at, document in enumerate(documents):
        for phrasing in document.phrasings:
            found.setdefault(asked(phrasing), set()).add(at)
    return {text: at for text, (at, *others) in found.items() if text and not others}
