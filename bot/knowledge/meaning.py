"""Closeness in meaning: cosines of sentence vectors, exact, over all documents."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.knowledge.lexical import Floats
from bot.knowledge.usual import strangers
from bot.knowledge.vectors import DIMENSIONS, Halves, Names, Vectors, digest, usual_vectors

_ENOUGH = 0.5
"""Share of the documents that must have vectors for them to count."""
_WEIGHT_OF_USUAL = 50
"""So many documents of one's own say as much of what is common to them as those shipped."""
_FEW_COME_CLOSER = 0.975
"""Share of the messages about other things that are not as close to an entry."""


@dataclass(frozen=True, slots=True)
class Meant:
    """How a question compares in meaning, with every document but for the last."""

    asked: Floats
    """Cosine with the closest way to ask, what is common to all questions taken away."""
    answered: Floats
    """The same with the answer and with its best piece, halfway."""
    near: Floats
    """As `asked`, nothing taken away."""
    unanswered: float | None
    """As `asked`, for the closest question that no entry answers; None: there is none."""


class Meaning:
    """
    The vectors of the documents of one state of the knowledge base.

    All vectors of this encoder point roughly the same way, questions another one than
    passages; what is common to them is taken away, so that what is left tells texts apart.
    """

    def __init__(
        self, documents: Sequence[Names], vectors: Vectors, unanswered: Sequence[str] = ()
    ) -> None:
        """
        Gather what there is; a document has a vector only when all its texts do.

        *documents*: of each, under which names the vectors of its texts are kept.
        """
        found = _gathered(documents, vectors)
        usual = usual_vectors()
        own = _rows(found.wholes)
        common = own.sum(0) + np.float32(_WEIGHT_OF_USUAL) * usual["passage"]
        mean: Floats = (common / np.float32(len(own) + _WEIGHT_OF_USUAL)).astype(np.float32)
        self._size = len(documents)
        self._usual = usual["query"]
        self._passages = _Rows(_rows([*found.wholes, *found.pieces]), mean, self._usual)
        self._ways = _Rows(_rows(found.ways), self._usual, self._usual)
        self._of_pieces = np.array(found.of_pieces, int)
        self._starts = np.array(found.starts, int)
        self._lone = np.array(found.lone, bool)
        self.owners = np.array(found.owners, int)
        """Positions of the documents that have vectors."""
        self.known = bool(found.owners) and len(found.owners) >= _ENOUGH * len(documents)
        open_ones = [vectors[name] for text in unanswered if (name := _name(text)) in vectors]
        self._unanswered = _Rows(_rows(open_ones), self._usual, self._usual)
        self._usually: dict[int, tuple[float, float]] = {}

    def compare(self, vector: Halves, *, like: Floats) -> Meant:
        """
        Compare a question with all documents.

        One without vectors is believed to be as close in meaning as the others that are
        as close to the question by *like*.
        """
        question = vector.astype(np.float32)
        apart = question - self._usual
        length = max(float(np.linalg.norm(apart)), 1e-6)
        unit = (apart / np.float32(length)).astype(np.float32)
        close = self._passages.unit @ unit
        whole = close[: len(self.owners)]
        best = whole.copy()
        np.maximum.at(best, self._of_pieces, close[len(whole) :])
        answered = ((whole + best) / 2).astype(np.float32)
        # An answer stands in for ways to ask only where there are none.
        asked, near = answered.copy(), self._passages.plain(close, question, length)[: len(whole)]
        if len(self._starts):
            ways = self._ways.unit @ unit
            asked[~self._lone] = np.maximum.reduceat(ways, self._starts)
            plain = self._ways.plain(ways, question, length)
            near[~self._lone] = np.maximum.reduceat(plain, self._starts)
        unsaid = self._unanswered.unit @ unit
        return Meant(
            asked=self._spread(asked, like),
            answered=self._spread(answered, like),
            near=self._spread(near, like),
            unanswered=float(unsaid.max()) if len(unsaid) else None,
        )

    def usually(self, at: int) -> tuple[float, float] | None:
        """
        Return how close messages about other things come to the document at *at*.

        By `asked` and `answered`, of the few that come closest; None: it has no vectors.
        """
        own = int(np.searchsorted(self.owners, at))
        if own == len(self.owners) or self.owners[own] != at or not len(strangers()):
            return None
        if own not in self._usually:
            self._usually[own] = self._strangers_of(own)
        return self._usually[own]

    def _strangers_of(self, own: int) -> tuple[float, float]:
        others = strangers().T
        close = self._passages.unit[own] @ others
        for piece in np.flatnonzero(self._of_pieces == own) + len(self.owners):
            best = self._passages.unit[piece] @ others
            close = np.maximum(close, (self._passages.unit[own] @ others + best) / 2)
        asked = close
        if not self._lone[own]:
            first = int(np.count_nonzero(~self._lone[:own]))
            ends = [*self._starts, len(self._ways.unit)]
            asked = (self._ways.unit[ends[first] : ends[first + 1]] @ others).max(0)
        level = [float(np.quantile(values, _FEW_COME_CLOSER)) for values in (asked, close)]
        return level[0], level[1]

    def _spread(self, own: Floats, like: Floats) -> Floats:
        if len(own) == self._size:
            return own
        known = like[self.owners]
        apart = known - known.mean()
        slope = float(apart @ own) / max(float(apart @ apart), 1e-6)
        everyone: Floats = np.float32(own.mean()) + np.float32(slope) * (like - known.mean())
        everyone = np.minimum(everyone, own.max())
        everyone[self.owners] = own
        return everyone


@dataclass(frozen=True, slots=True)
class _Gathered:
    """The vectors of documents that have all of theirs, and whose each is."""

    wholes: list[Halves]
    pieces: list[Halves]
    of_pieces: list[int]
    """By number among those that have vectors."""
    ways: list[Halves]
    starts: list[int]
    """Where the ways to ask of each begin that has any."""
    lone: list[bool]
    """Whether it has none."""
    owners: list[int]


def _gathered(documents: Sequence[Names], vectors: Vectors) -> _Gathered:
    found = _Gathered([], [], [], [], [], [], [])
    for at, names in enumerate(documents):
        if not all(name in vectors for name in names.every):
            continue
        whole, *pieces = (vectors[name] for name in names.passages)
        found.of_pieces.extend([len(found.owners)] * len(pieces))
        found.owners.append(at)
        found.wholes.append(whole)
        found.pieces.extend(pieces)
        found.lone.append(not names.ways)
        if names.ways:
            found.starts.append(len(found.ways))
        found.ways.extend(vectors[name] for name in names.ways)
    return found


class _Rows:
    """Vectors of one kind of text, without what is common to them."""

    def __init__(self, vectors: Floats, mean: Floats, usual: Floats) -> None:
        """Take *mean* away; *usual* is what is taken away of questions."""
        apart = vectors - mean
        self._mean = mean
        self._lengths = np.maximum(np.linalg.norm(apart, axis=1), np.float32(1e-6))
        self.unit: Floats = (apart / self._lengths[:, None]).astype(np.float32)
        self._common = self.unit @ usual

    def plain(self, cosines: Floats, question: Floats, length: float) -> Floats:
        """Return the cosines as they were before anything was taken away."""
        kept = self._common + np.float32(length) * cosines
        plain: Floats = (question @ self._mean + self._lengths * kept).astype(np.float32)
        return plain


def _name(text: str) -> str:
    return digest(("query", text))


def _rows(vectors: Sequence[Halves]) -> Floats:
    return np.array(vectors, np.float32).reshape(len(vectors), DIMENSIONS)
