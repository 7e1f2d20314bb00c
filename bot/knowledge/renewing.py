"""
What the index of a process was made of, so that the next one needs only what is new.

A published version and an imported document are never changed, nor is the vector of a text:
what was read of them once is read no more.  `tests/bot/knowledge/test_renewing.py` compares
what comes of it with an index made from nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.knowledge import vectors, wordings
from bot.knowledge.cut import Cuts
from bot.knowledge.documents import Document
from bot.knowledge.heard import shipped
from bot.knowledge.index import Index
from bot.knowledge.published import passages_of, published_ids, published_policies, versions
from bot.knowledge.scope import Shelf, shelve
from bot.knowledge.tables import KnowledgeVector
from bot.knowledge.vectors import MODEL, Halves, Vectors
from bot.knowledge.wordings import Open


@dataclass(frozen=True, slots=True)
class State:
    """What is published, ready to be searched."""

    index: Index
    shelf: Shelf
    passages: Index
    """Of policy documents, apart: they are never answered with."""


class Renewing:
    """Makes one state after another; for one thread at a time."""

    def __init__(self) -> None:
        """Begin with nothing read."""
        self._versions: dict[int, Document] = {}
        self._policies: dict[int, list[Document]] = {}
        self._vectors: dict[str, Halves] = {}
        self._entries, self._passages = Cuts(), Cuts()

    def read(self, session: Session) -> State:
        """Return what is published now."""
        shelf, passages = shelve(self._published(session)), self._published_passages(session)
        kept = wordings.unanswered(session)
        unanswered = [*shipped().unanswered, *(one.text for one in kept)]
        names = {
            *(name for cut in self._entries.of(shelf.heads) for name in cut.names.every),
            *(name for cut in self._passages.of(passages) for name in cut.names.every),
            *(vectors.digest(("query", text)) for text in unanswered),
        }
        known = self._known(session, names)
        return State(
            Index(shelf.heads, known, unanswered, self._entries, _newer(session, shelf, kept)),
            shelf,
            Index(passages, known, cuts=self._passages),
        )

    def _published(self, session: Session) -> list[Document]:
        ids, known = published_ids(session), self._versions
        known |= versions(session, [number for number in ids if number not in known])
        self._versions = {number: known[number] for number in ids if number in known}
        return wordings.beside_kept(session, self._versions.values())

    def _published_passages(self, session: Session) -> list[Document]:
        ids, known = published_policies(session), self._policies
        self._policies = {
            number: known.get(number) or passages_of(session, number) for number in ids
        }
        return [passage for passages in self._policies.values() for passage in passages]

    def _known(self, session: Session, names: set[str]) -> Vectors:
        """Return the vectors of these names; those of the database before those shipped."""
        ours = select(KnowledgeVector.digest).where(KnowledgeVector.model == MODEL)
        there = names.intersection(session.scalars(ours))
        self._vectors = {name: it for name, it in self._vectors.items() if name in there}
        self._vectors |= vectors.kept(session, sorted(there - self._vectors.keys()))
        return {**vectors.shipped(), **self._vectors}


def _newer(session: Session, shelf: Shelf, kept: Sequence[Open]) -> list[NDArray[np.bool_]]:
    """
    Say of each unanswered question which families are newer.

    Of those that are shipped: all that are no starter content.
    """
    families = [shelf.families[head.hit.entry_id] for head in shelf.heads]
    starter = shipped().by_entry.keys()
    own = [starter.isdisjoint(one.hit.entry_id for one in family) for family in families]
    masks = [np.array(own, bool)] * len(shipped().unanswered)
    if not kept:
        return masks
    dates, long_ago = wordings.published_at(session), datetime.min.replace(tzinfo=UTC)
    since = [
        max(dates.get(one.hit.entry_id, long_ago) for one in family).timestamp()
        for family in families
    ]
    return masks + [np.array(since) > one.at.timestamp() for one in kept]
