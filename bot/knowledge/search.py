"""Finding the entry that answers a question, and how sure that is."""

import threading
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from sqlalchemy.orm import Session

from bot.contracts import Action, Finding, Fit, Hit, Vector
from bot.knowledge.confidence import Confidence, Judge, load_confidence, order, shares, topic_prior
from bot.knowledge.current import Current, Reading
from bot.knowledge.documents import Document
from bot.knowledge.guards import doubtful
from bot.knowledge.naming import about, in_question
from bot.knowledge.quoting import quotable
from bot.knowledge.ranking import Ranking, rank
from bot.knowledge.renewing import State
from bot.knowledge.several import each_asked
from bot.knowledge.tokens import bare
from bot.knowledge.topics import NO_TOPIC
from bot.knowledge.vectors import Halves, array

MOST_HITS = 5
SURE_TOPIC = 0.7
"""From here on, a topic the best entry does not belong to makes it doubtful."""
UNLIKELY_TOPIC = 0.05


class KnowledgeSearch:
    """The index of this process, renewed as soon as an entry is published or withdrawn."""

    def __init__(self, *, confidence: Confidence | None = None) -> None:
        self._confidence = confidence
        self._current = Current()
        self._searching = threading.Lock()

    def find(  # noqa: PLR0913 (all that finding rests on)
        self,
        session: Session,
        text: str,
        *,
        topics: Sequence[tuple[str, float]] = (),
        today: date,
        area: str = "",
        vector: Vector | None = None,
        joined: bool = False,
    ) -> Finding:
        """
        Return up to five entries that may answer *text*, and whether one surely does.

        *topics* are the topics of the message with their probabilities, best first.
        An entry that is not in force today is never among the hits; where it is the
        best match, nothing else is answered in its place.  The same goes for one that
        holds elsewhere than in *area*; an empty area is unknown.  Where no entry answers,
        passages of policy documents that speak of the matter stand beside the hits.
        *vector* is what the message means; without it, words alone decide.  Where several
        things are asked for, all are offered, unless *text* is *joined* from half sentences.
        """
        state = self._current.get(session)
        # One at a time: several only take the interpreter from whoever holds SQLite's one lock
        # for writing; with 32 at once a third fewer messages came through.
        with self._searching:
            found = self._find(state, text, topics, today=today, area=area, vector=array(vector))
            if joined:
                return found
            choose = partial(_chosen, state, area=area, today=today)
            return each_asked(found, state.index, text, self._judging(), choose)

    def _find(
        self,
        state: State,
        text: str,
        topics: Sequence[tuple[str, float]],
        *,
        today: date,
        area: str,
        vector: Halves | None,
    ) -> Finding:
        confidence = self._judging()
        quoted = quotable(state.passages, text, vector, confidence, today=today, area=area)
        if not state.index.documents or not bare(text):
            return quoted.beside(Finding(Action.DECLINE, 0.0, (), holds=0.0), holds=0.0)
        found = rank(state.index, text, vector=vector, topics=topics, confidence=confidence)
        best = state.index.documents[found.best[0]]
        chosen = _chosen(state, found.best, area=area, today=today)
        hits = _hits(found, chosen, by_meaning=vector is not None)
        other = off_topic(best, topics, known=state.index.topics)
        held = other or _held(text, found, chosen[0], state, today)
        band = _band(confidence.by[found.sort], found, held=held, named=names(best, text))
        band = band if hits else Action.DECLINE
        if band is not Action.ANSWER and (named := _named(state, text, area=area, today=today)):
            return replace(named, confidence=found.right)
        finding = Finding(band, found.right, hits, holds=found.holds)
        return quoted.beside(finding, holds=found.holds)

    def compares_meaning(self, session: Session) -> bool:
        """Say whether a vector of the question would be of use."""
        state = self._current.get(session)
        return state.index.meaning.known or state.passages.meaning.known

    def passages_have_meaning(self, session: Session) -> bool:
        """Say whether a vector may also find passages, whatever the entries come to."""
        return self._current.get(session).passages.meaning.known

    def topics(self, session: Session, text: str) -> list[tuple[str, float]]:
        """Return the topics of the entries that match, with their shares, best first."""
        index = self._current.get(session).index
        if not index.documents or not bare(text):
            return []
        match, prior = index.match(text), topic_prior(index, ())
        rank = self._judging().by["words"].rank
        found: dict[str, float] = {}
        for document, share in zip(
            index.documents, shares(order(match, prior, rank)), strict=True
        ):
            found[document.hit.topic] = found.get(document.hit.topic, 0.0) + float(share)
        return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))

    def entry(self, session: Session, entry_id: str, *, today: date, area: str = "") -> Hit | None:
        """Return the version in force of the entry or its family that holds in *area*."""
        return self._current.get(session).shelf.choose(entry_id, area=area, today=today)

    def refresh(self, session: Session) -> None:
        """Build the index now, so that the first message need not wait for it."""
        self._current.renew(session)

    def watch(self, read: Reading) -> None:
        """From now on, build in the background what is published; *read* opens a session."""
        self._current.watch(read)

    def _judging(self) -> Confidence:
        return self._confidence or load_confidence()

    def close(self) -> None:
        """End what `watch` began."""
        self._current.close()


def _named(state: State, text: str, *, area: str, today: date) -> Finding | None:
    """Return the entries to choose from where *text* is no more than the word for them."""
    index = state.index
    by_subject = about(index, text)
    places = by_subject or in_question(index, text)
    chosen = _chosen(state, places, area=area, today=today)
    hits = tuple(hit for hit in chosen if hit is not None)[:MOST_HITS]
    return Finding(Action.OFFER, 0.0, hits, named=bool(by_subject)) if hits else None


def _hits(found: Ranking, chosen: Sequence[Hit | None], *, by_meaning: bool) -> tuple[Hit, ...]:
    """Return what was chosen of each entry, but those that share nothing with the question."""
    close = found.match.parts["entry"]
    return tuple(
        replace(hit, score=share)
        for at, hit, share in zip(found.best, chosen, found.shares, strict=True)
        if hit is not None and (close[at] > 0 or by_meaning)
    )[:MOST_HITS]


def _chosen(state: State, places: Sequence[int], *, area: str, today: date) -> list[Hit | None]:
    """Return, of the family of each of these documents, what holds there now, if any does."""
    ids = [state.index.documents[at].hit.entry_id for at in places]
    return [state.shelf.choose(entry_id, area=area, today=today) for entry_id in ids]


def _band(judge: Judge, found: Ranking, *, held: bool, named: bool) -> Action:
    """Return the band of a ranking whose first entry is *held* back or *named* by the text."""
    band = judge.band(found.right, found.holds)
    if (band is Action.ANSWER and held) or (band is Action.DECLINE and named):
        return Action.OFFER
    return band


def _held(text: str, found: Ranking, hit: Hit | None, state: State, today: date) -> bool:
    """Say whether what a resident would read, or may once their place is known, is in doubt."""
    if hit is None:
        return True
    if hit.fits == Fit.NEARER:
        family = state.shelf.families[hit.entry_id]
        hit = replace(hit, answer="\n".join(one.hit.answer for one in family))
    best = replace(state.index.documents[found.best[0]], hit=hit)
    return doubtful(text, found.phrasing, best, today=today)


def names(document: Document, text: str) -> bool:
    """Say whether the text is a bare word, such as 低保, that the entry is about."""
    word = bare(text)
    return len(word) > 1 and any(
        word in bare(t) for t in (document.hit.question, document.subject)
    )


def off_topic(
    document: Document, topics: Sequence[tuple[str, float]], *, known: Collection[str]
) -> bool:
    """
    Say whether the message is surely about something else than the entry.

    Only by a topic that some entry has, or small talk: where none is on assistance, those on
    health tell of it.
    """
    at_hand = [probability for topic, probability in topics if topic in {*known, NO_TOPIC}]
    sure = max(at_hand, default=0.0) >= SURE_TOPIC
    own = sum(probability for topic, probability in topics if topic == document.hit.topic)
    return sure and own < UNLIKELY_TOPIC
