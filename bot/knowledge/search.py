"""Finding the entry that answers a question, and how sure that is."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.contracts import Action, Finding, Hit
from bot.knowledge import revision
from bot.knowledge.confidence import (
    Confidence,
    features,
    load_confidence,
    order,
    shares,
    topic_prior,
)
from bot.knowledge.drafts import sources_of
from bot.knowledge.guards import elsewhere, turned_round
from bot.knowledge.index import Document, Index, Match
from bot.knowledge.tables import Entry, EntryState, EntryVersion
from bot.knowledge.tokens import bare, normalise

MOST_HITS = 5
CERTAIN = 0.99
"""Probability that a phrasing written in the knowledge base means its own entry."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Documents by position, best first, and the probabilities of the first ones."""

    best: tuple[int, ...]
    scores: tuple[float, ...]
    right: float
    """That the first is the right one."""
    holds: float
    """That the right one is among the first three."""
    match: Match


def ranked(
    index: Index,
    text: str,
    *,
    topics: Sequence[tuple[str, float]],
    confidence: Confidence,
) -> Ranking:
    """Put the documents in order for a question; the index must not be empty."""
    match = index.match(text)
    prior = topic_prior(index, topics)
    score = order(match, prior, confidence.rank)
    best = [int(at) for at in np.argsort(-score, kind="stable")[: MOST_HITS + 1]]
    same = index.same.get(bare(text))
    if same is not None:
        best = [same, *(at for at in best if at != same)][: MOST_HITS + 1]
    row = features(match, prior, best, length=len(normalise(text)))
    right = CERTAIN if same is not None else confidence.right.probability(row)
    holds = max(right, confidence.holds.probability(row))
    share = shares(score)
    return Ranking(tuple(best), tuple(float(share[at]) for at in best), right, holds, match)


class KnowledgeSearch:
    """The index of this process, renewed as soon as an entry is published or withdrawn."""

    def __init__(
        self, *, areas: Mapping[str, str] | None = None, confidence: Confidence | None = None
    ) -> None:
        """Know the areas by name, so that a local entry is kept from people elsewhere."""
        self._areas = areas or {}
        self._confidence = confidence
        self._state: tuple[int, Index] | None = None
        self._renewing = threading.Lock()

    def find(
        self,
        session: Session,
        text: str,
        *,
        topics: Sequence[tuple[str, float]] = (),
        today: date,
    ) -> Finding:
        """
        Return up to five entries that may answer *text*, and whether one surely does.

        *topics* are the topics of the message with their probabilities, best first.
        An entry that is not in force today is never among the hits; where it is the
        best match, nothing else is answered in its place.
        """
        index = self._current(session)
        if not index.documents or not bare(text):
            return Finding(Action.DECLINE, 0.0, ())
        confidence = self._confidence or load_confidence()
        found = ranked(index, text, topics=topics, confidence=confidence)
        band = confidence.band(found.right, found.holds)
        if band is Action.ANSWER and self._doubtful(index, found, text, today=today):
            band = Action.OFFER
        hits = tuple(
            replace(index.documents[at].hit, score=score)
            for at, score in zip(found.best, found.scores, strict=True)
            if score and index.documents[at].in_force(today)
        )[:MOST_HITS]
        return Finding(band if hits else Action.DECLINE, found.right, hits)

    def topics(self, session: Session, text: str) -> list[tuple[str, float]]:
        """Return the topics of the entries that match, with their shares, best first."""
        index = self._current(session)
        if not index.documents or not bare(text):
            return []
        match, prior = index.match(text), topic_prior(index, ())
        rank = (self._confidence or load_confidence()).rank
        found: dict[str, float] = {}
        for document, share in zip(
            index.documents, shares(order(match, prior, rank)), strict=True
        ):
            found[document.hit.topic] = found.get(document.hit.topic, 0.0) + float(share)
        return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))

    def entry(self, session: Session, entry_id: str, *, today: date | None = None) -> Hit | None:
        """Return the entry if it is published and, where *today* is given, in force."""
        index = self._current(session)
        at = index.position.get(entry_id)
        if at is None or (today and not index.documents[at].in_force(today)):
            return None
        return index.documents[at].hit

    def refresh(self, session: Session) -> None:
        """Build the index now, so that the first message need not wait for it."""
        self._current(session)

    def _current(self, session: Session) -> Index:
        number = revision.current(session)
        state = self._state
        if state and state[0] == number:
            return state[1]
        with self._renewing:
            state = self._state
            if not state or state[0] != number:
                # Read after the number: what is published in between is read again later.
                state = (number, Index(_published(session)))
                self._state = state
            return state[1]

    def _doubtful(self, index: Index, found: Ranking, text: str, *, today: date) -> bool:
        best = index.documents[found.best[0]]
        phrasing = found.match.phrasing.get(found.best[0], best.hit.question)
        return (
            not best.in_force(today)
            or turned_round(text, phrasing)
            or elsewhere(text, best, self._areas)
        )


def _published(session: Session) -> list[Document]:
    rows = session.execute(
        select(Entry, EntryVersion)
        .join(EntryVersion, EntryVersion.id == Entry.published_version_id)
        .where(Entry.state == EntryState.PUBLISHED)
        .order_by(Entry.id)
    ).tuples()
    return [_document(entry, version) for entry, version in rows]


def _document(entry: Entry, version: EntryVersion) -> Document:
    hit = Hit(
        entry_id=entry.id,
        version_id=version.id,
        topic=version.topic,
        question=version.question,
        answer=version.answer,
        sources=sources_of(version),
        score=0.0,
    )
    return Document(
        hit,
        variants=tuple(version.variants),
        subject=version.subject,
        scope=version.scope,
        valid_from=version.valid_from,
        valid_until=version.valid_until,
    )
