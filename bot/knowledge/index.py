"""The index of one state of the knowledge base, in memory; never changed once built."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.cut import Cut, Cuts
from bot.knowledge.documents import Document
from bot.knowledge.lexical import (
    Bag,
    Doubles,
    Floats,
    Lexical,
    Question,
    Words,
    as_question,
    learn,
)
from bot.knowledge.meaning import Meaning
from bot.knowledge.tokens import grams, windows
from bot.knowledge.usual import weight
from bot.knowledge.vectors import Halves, Vectors

_SEVERAL = -1


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
    all of the policy document that a passage stands in.  With vectors, `asked`, `answered`
    and `near`, as in `Meant`.
    """
    said: float = 0.0
    """How much the question says: so many terms that no entry has would say as much."""
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
        cuts: Cuts | None = None,
        newer: Sequence[NDArray[np.bool_]] = (),
    ) -> None:
        """
        Compute it all.

        *unanswered*: what none answers; *newer*: of each, which documents came after it, where
        that is known.  *cuts*: what the index before knew of its documents; without, the same
        comes of it, later.
        """
        known = cuts or Cuts()
        self._words, cut = known.words, known.of(documents)
        self.documents, self._cuts = tuple(documents), cut
        self.position = {d.hit.entry_id: at for at, d in enumerate(documents)}
        self.topics = tuple(dict.fromkeys(d.hit.topic for d in documents))
        self.topic_of = np.array([self.topics.index(d.hit.topic) for d in documents], int)
        self.same = _by_text(cut)
        self.spelt = tuple(it.spelt for it in cut)
        self._unanswered = known.bags(unanswered)
        self._asked_by = np.repeat(np.arange(len(documents)), [len(it.asked) for it in cut])
        self._entry = learn([it.entry for it in cut], self._words)
        self._lone = np.array([not it.asked for it in cut], bool)
        ways = [*(bag for it in cut for bag in it.asked), *self._unanswered]
        self._phrasing = learn(ways, self._words)
        self._passage = learn([it.passage for it in cut], self._words)
        self._parents = _Parents(documents, cut, self._words)
        self._known = len(self._words)
        self._worths = array("d", bytes(8 * self._known))
        self._open = self._still_open(newer)
        kept = [text for text, is_open in zip(unanswered, self._open, strict=True) if is_open]
        self.meaning = Meaning([it.names for it in cut], vectors or {}, kept)

    def match(self, text: str, vector: Halves | None = None) -> Match:
        """Compare a question with every document."""
        question = self._words.question(grams(text), self._known, self._worth)
        entry = self._entry.closeness(question)
        window = np.zeros_like(entry)
        for part in windows(text):
            of_part = self._words.question(grams(part), self._known, self._worth)
            window = np.maximum(window, self._entry.closeness(of_part))
        passage = self._passage.closeness(question)
        phrasing = np.where(self._lone, passage, np.float32(0))
        asked = self._phrasing.closeness(question)
        np.maximum.at(phrasing, self._asked_by, asked[: len(self._asked_by)])
        unsaid = asked[len(self._asked_by) :][self._open]
        gap = float(unsaid.max()) if len(unsaid) else None
        said = self._entry.said(question)
        parts = {"entry": entry, "phrasing": phrasing, "passage": passage, "window": window}
        if self._parents.any:
            parts["parent"] = self._parents.closeness(question)
        if vector is None or not self.meaning.known:
            return Match(text, question, parts, said, gap)
        meant = self.meaning.compare(vector, like=entry)
        parts |= {"asked": meant.asked, "answered": meant.answered, "near": meant.near}
        return Match(text, question, parts, said, gap, meant.unanswered)

    def closest(self, match: Match, at: int) -> tuple[str, float]:
        """Return the way to ask that shares most with the question, and which share it is."""
        cut = self._cuts[at]
        shared = _shared(cut.spoken, match.question, self._entry)
        best = int(np.argmax(shared))
        return cut.said[best], float(shared[best])

    def _still_open(self, newer: Sequence[NDArray[np.bool_]]) -> NDArray[np.bool_]:
        """
        Say of each unanswered question whether it is still one.

        It is not where an entry that is newer is closer to it than those that were there before;
        without a date, one is newer of which nothing was heard.
        """
        unheard = np.array([not document.heard for document in self.documents], bool)
        masks = newer or [unheard] * len(self._unanswered)
        found = []
        for bag, mask in zip(self._unanswered, masks, strict=True):
            new = mask[self._asked_by]
            if new.all() or not new.any():
                found.append(not new.all())
                continue
            close = self._phrasing.closeness(as_question(bag))[: len(new)]
            found.append(bool(close[~new].max() >= close[new].max()))
        return np.array(found, bool)

    def _worth(self, term: str, number: int) -> float:
        """Return which share a term counts: it says no more than in residents' messages."""
        # Answers hardly have 我家 and 多少: by the entries alone they look rare.
        if number >= self._known:  # what residents say is kept no longer than the question
            return min(weight((term,)) / max(self._entry.unknown, 1e-6), 1.0)
        worth = self._worths[number]
        if not worth:
            own = float(self._entry.most[number])
            worth = self._worths[number] = min(weight((term,)) / max(own, 1e-6), 1.0)
        return worth


class _Parents:
    """The policy documents that passages stand in, each as one text."""

    def __init__(self, documents: Sequence[Document], cuts: Sequence[Cut], words: Words) -> None:
        names = dict.fromkeys(document.part_of for document in documents)
        place = {name: at for at, name in enumerate(names)}
        self.any = bool(place.keys() - {""})
        self._of = np.array([place[document.part_of] for document in documents], int)
        parts = [it.entry for it in cuts] if self.any else []
        self._lexical = learn(parts, words, self._of[: len(parts)])

    def closeness(self, question: Question) -> Floats:
        """Return for each document the closeness of what it stands in."""
        close: Floats = self._lexical.closeness(question)[self._of]
        return close


def _shared(phrasings: Sequence[Bag], question: Question, entry: Lexical) -> Doubles:
    """Return for each phrasing which share of the terms of both it has in common with it."""
    numbers = np.concatenate([bag.terms for bag in phrasings])
    owners = np.repeat(np.arange(len(phrasings)), [len(bag.terms) for bag in phrasings])
    weights = entry.most[numbers]
    whole = np.bincount(owners, weights, minlength=len(phrasings))
    own = weights * question.has(numbers, len(entry.most))
    both = np.bincount(owners, own, minlength=len(phrasings))
    asked = float(entry.most[question.numbers].sum()) + question.strange_terms * entry.unknown
    shared: Doubles = both / np.maximum(asked + whole - both, 1e-9)
    return shared


def _by_text(cuts: Sequence[Cut]) -> dict[str, int]:
    """Map each phrasing that only one entry has to the position of that entry."""
    found: dict[str, int] = {}
    for at, cut in enumerate(cuts):
        for text in cut.plain:
            found[text] = at if found.get(text, at) == at else _SEVERAL
    return {text: at for text, at in found.items() if text and at != _SEVERAL}
