"""Finding the entry that answers a question, and how sure that is."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from bot.contracts import Action, Finding, Fit, Hit, Vector
from bot.knowledge.confidence import Confidence, load_confidence, order, shares, topic_prior
from bot.knowledge.current import Current, Reading
from bot.knowledge.documents import Document
from bot.knowledge.guards import doubtful
from bot.knowledge.ranking import rank
from bot.knowledge.scope import Shelf
from bot.knowledge.tokens import bare
from bot.knowledge.vectors import array

MOST_HITS = 5
SURE_TOPIC = 0.7
"""From here on, a topic the best entry does not belong to makes it doubtful."""
UNLIKELY_TOPIC = 0.05


class KnowledgeSearch:
    """The index of this process, renewed as soon as an entry is published or withdrawn."""

    def __init__(self, *, confidence: Confidence | None = None) -> None:
        self._confidence = confidence
        self._current = Current()

    def find(
        self,
        session: Session,
        text: str,
        *,
        topics: Sequence[tuple[str, float]] = (),
        today: date,
        area: str = "",
        vector: Vector | None = None,
    ) -> Finding:
        """
        Return up to five entries that may answer *text*, and whether one surely does.

        *topics* are the topics of the message with their probabilities, best first.
        An entry that is not in force today is never among the hits; where it is the
        best match, nothing else is answered in its place.  The same goes for one that
        holds elsewhere than in *area*; an empty area is unknown.  *vector* is what the
        message means; without it, words alone decide.
        """
        index, shelf = self._current.get(session)
        if not index.documents or not bare(text):
            return Finding(Action.DECLINE, 0.0, ())
        confidence = self._confidence or load_confidence()
        found = rank(index, text, vector=array(vector), topics=topics, confidence=confidence)
        chosen = [
            shelf.choose(index.documents[at].hit.entry_id, area=area, today=today)
            for at in found.best
        ]
        hits = tuple(
            replace(hit, score=share)
            for at, hit, share in zip(found.best, chosen, found.shares, strict=True)
            if hit is not None and (found.match.parts["entry"][at] > 0 or vector)
        )[:MOST_HITS]
        band = confidence.by[found.sort].band(found.right, found.holds)
        best = index.documents[found.best[0]]
        held = (
            chosen[0] is None
            or off_topic(best, topics)
            or doubtful(text, found.phrasing, _as_told(best, chosen[0], shelf), today=today)
        )
        if (band is Action.ANSWER and held) or (band is Action.DECLINE and names(best, text)):
            band = Action.OFFER
        return Finding(band if hits else Action.DECLINE, found.right, hits)

    def compares_meaning(self, session: Session) -> bool:
        """Say whether a vector of the question would be of use."""
        return self._current.get(session)[0].meaning.known

    def topics(self, session: Session, text: str) -> list[tuple[str, float]]:
        """Return the topics of the entries that match, with their shares, best first."""
        index, _ = self._current.get(session)
        if not index.documents or not bare(text):
            return []
        match, prior = index.match(text), topic_prior(index, ())
        rank = (self._confidence or load_confidence()).by["words"].rank
        found: dict[str, float] = {}
        for document, share in zip(
            index.documents, shares(order(match, prior, rank)), strict=True
        ):
            found[document.hit.topic] = found.get(document.hit.topic, 0.0) + float(share)
        return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))

    def entry(self, session: Session, entry_id: str, *, today: date, area: str = "") -> Hit | None:
        """Return the version in force of the entry or its family that holds in *area*."""
        _, shelf = self._current.get(session)
        return shelf.choose(entry_id, area=area, today=today)

    def refresh(self, session: Session) -> None:
        """Build the index now, so that the first message need not wait for it."""
        self._current.renew(session)

    def watch(self, read: Reading) -> None:
        """From now on, build in the background what is published; *read* opens a session."""
        self._current.watch(read)


def _as_told(best: Document, hit: Hit, shelf: Shelf) -> Document:
    """Return the entry with what the resident would read, or may once their place is known."""
    if hit.fits == Fit.NEARER:
        family = shelf.families[hit.entry_id]
        hit = replace(hit, answer="\n".join(one.hit.answer for one in family))
    return replace(best, hit=hit)


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
