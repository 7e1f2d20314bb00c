"""Closeness in meaning: cosines of sentence vectors, exact, over all documents."""

from collections.abc import Sequence

import numpy as np

from bot.knowledge.lexical import Floats
from bot.knowledge.vectors import DIMENSIONS, Halves, Vectors, digest

USUAL = 0.83
"""Cosine of two texts that have nothing in common, with this encoder."""
_ENOUGH = 0.5
"""Share of the documents that must have vectors for them to count."""


class Meaning:
    """The vectors of the documents of one state of the knowledge base."""

    def __init__(
        self,
        documents: Sequence[Sequence[str]],
        vectors: Vectors,
        unanswered: Sequence[str] = (),
    ) -> None:
        """
        Gather what there is; a document has a vector only when all its texts do.

        *documents*: of each, under which names the vectors of its texts are kept.
        """
        rows: list[Halves] = []
        starts: list[int] = []
        owners: list[int] = []
        for at, names in enumerate(documents):
            own = [vectors.get(name) for name in names]
            found = [vector for vector in own if vector is not None]
            if len(found) == len(own):
                starts.append(len(rows))
                owners.append(at)
                rows += found
        self._size = len(documents)
        self._rows = _rows(rows)
        self._starts = np.array(starts, int)
        self._lone = np.diff([*starts, len(rows)]) == 1
        self.owners = np.array(owners, int)
        """Positions of the documents that have vectors."""
        self.known = bool(owners) and len(owners) >= _ENOUGH * len(documents)
        open_ones = [vectors[name] for text in unanswered if (name := _name(text)) in vectors]
        self._unanswered = _rows(open_ones)

    def compare(self, vector: Halves, *, like: Floats) -> dict[str, Floats]:
        """
        Return `asked` and `answered`, as in Match.

        A document without vectors is believed to be as close in meaning as the others
        that are as close to the question by *like*.
        """
        cosines = self._rows @ vector.astype(np.float32) - np.float32(USUAL)
        answered = cosines[self._starts]
        # An answer stands in for ways to ask only where there are none.
        cosines[self._starts] = np.where(self._lone, answered, np.float32(-1))
        asked = np.maximum.reduceat(cosines, self._starts)
        return {"asked": self._spread(asked, like), "answered": self._spread(answered, like)}

    def unanswered(self, vector: Halves) -> float | None:
        """Return how close the closest question is that no entry answers."""
        if not len(self._unanswered):
            return None
        return float((self._unanswered @ vector.astype(np.float32)).max()) - USUAL

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


def _name(text: str) -> str:
    return digest(("query", text))


def _rows(vectors: Sequence[Halves]) -> Floats:
    return np.array(vectors, np.float32).reshape(len(vectors), DIMENSIONS)
