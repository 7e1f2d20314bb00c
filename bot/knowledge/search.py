"""Finding the entry that answers a question, and how sure that is."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.contracts import Action, Finding, Hit
from bot.knowledge import revision
from bot.knowledge.confidence import Confidence, load_confidence, order, shares, topic_prior
from bot.knowledge.documents import Document
from bot.knowledge.drafts import sources_of
from bot.knowledge.guards import turned_round
from bot.knowledge.index import Index
from bot.knowledge.ranking import rank
from bot.knowledge.scope import Shelf, shelve
from bot.knowledge.tables import Entry, EntryState, EntryVersion
from bot.knowledge.tokens import bare

MOST_HITS = 5
SURE_TOPIC = 0.7
"""From here on, a topic the best entry does not belong to makes it doubtful."""
UNLIKELY_TOPIC = 0.05


class KnowledgeSearch:
    """The index of this process, renewed as soon as an entry is published or withdrawn."""

    def __init__(self, *, confidence: Confidence | None = None) -> None:
        self._confidence = confidence
        self._state: tuple[int, Index, Shelf] | None = None
        self._renewing = threading.Lock()

    def find(
        self,
        session: Session,
        text: str,
        *,
        topics: Sequence[tuple[str, float]] = (),
        today: date,
        area: str = "",
    ) -> Finding:
        """
        Return up to five entries that may answer *text*, and whether one surely does.

        *topics* are the topics of the message with their probabilities, best first.
        An entry that is not in force today is never among the hits; where it is the
        best match, nothing else is answered in its place.  The same goes for one that
        holds elsewhere than in *area*; an empty area is unknown.
        """
        index, shelf = self._current(session)
        if not index.documents or not bare(text):
            return Finding(Action.DECLINE, 0.0, ())
        confidence = self._confidence or load_confidence()
        found = rank(index, text, topics=topics, confidence=confidence)
        best = index.documents[found.best[0]]
        band = confidence.band(found.right, found.holds)
        chosen = [
            shelf.choose(index.documents[at].hit.entry_id, area=area, today=today)
            for at in found.best
        ]
        doubtful = (
            chosen[0] is None or off_topic(best, topics) or turned_round(text, found.phrasing)
        )
        named = band is Action.DECLINE and names(best, text)
        if named or (band is Action.ANSWER and doubtful):
            band = Action.OFFER
        hits = tuple(
            replace(hit, score=share)
            for at, hit, share in zip(found.best, chosen, found.shares, strict=True)
            if hit is not None and found.match.lexical[at] > 0
        )[:MOST_HITS]
        return Finding(band if hits else Action.DECLINE, found.right, hits)

    def topics(self, session: Session, text: str) -> list[tuple[str, float]]:
        """Return the topics of the entries that match, with their shares, best first."""
        index, _ = self._current(session)
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

    def entry(self, session: Session, entry_id: str, *, today: date, area: str = "") -> Hit | None:
        """Return the version in force of the entry or its family that holds in *area*."""
        _, shelf = self._current(session)
        return shelf.choose(entry_id, area=area, today=today)

    def refresh(self, session: Session) -> None:
        """Build the index now, so that the first message need not wait for it."""
        self._current(session)

    def _current(self, session: Session) -> tuple[Index, Shelf]:
        number = revision.current(session)
        state = self._state
        if state and state[0] == number:
            return state[1:]
        with self._renewing:
            state = self._state
            if not state or state[0] != number:
                # Read after the number: what is published in between is read again later.
                shelf = shelve(_published(session))
                state = (number, Index(shelf.heads), shelf)
                self._state = state
            return state[1:]


def names(document: Document, text: str) -> bool:
    """Say whether the text is a bare word, such as 低保, that the entry is about."""
    word = bare(text)
    return len(word) > 1 and any(
        word in bare(t) for t in (document.hit.question, document.subject)
    )


def off_topic(document: Document, topics: Sequence[tuple[str, float]]) -> bool:
    """Say whether the message is surely about something else than the entry."""
    sure = max((probability for _, probability in topics), default=0.0) >= SURE_TOPIC
    own = sum(probability for topic, probability in topics if topic == document.hit.topic)
    return sure and own < UNLIKELY_TOPIC


def _published(session: Session) -> list[Document]:
    rows = session.execute(
        select(Entry, EntryVersion)
        .join(EntryVersion, EntryVersion.id == Entry.published_version_id)
        .where(Entry.state == EntryState.PUBLISHED)
        .order_by(Entry.id)
    )
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
        variant_of=version.variant_of,
    )
