"""Finding what answers a message: by its words, and by what it means where they do not do."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from bot.contracts import Action, Encoder, Finding, Intent
from bot.errors import NluUnavailableError
from bot.knowledge.search import KnowledgeSearch
from bot.understanding.reader import Reading
from bot.understanding.standin import SOURCE as STANDIN

Opened = Callable[[], AbstractContextManager[Session]]
NOTHING_FOUND = Finding(band=Action.DECLINE, confidence=0.0, hits=())
WITHIN_MS = 1000
"""What a vector may cost a reply: without one, words alone decide.  On a slow machine a long story
takes more than 250 ms; with that limit 8 of 92 held-out questions were offered, not answered.  In
a rush none is asked for, or it is refused at once."""
HOPELESS = 0.05
"""Probability, by words, that one of the first three entries is right, below which no vector
was seen to help: of 43 such questions held out (nlu/heldout) it changed none for the better.
On three small bases nobody had asked yet it would have helped two of 139; .1 lost four."""
FAR_FROM_SURE = 0.5
"""The same beside a ticket, where only a sure answer is given: of 97, none got one by a vector."""
WANT_AN_ANSWER = {Intent.POLICY_QUESTION, Intent.HELP_REQUEST, Intent.DISPUTE}


def find_answer(
    session: Session,
    text: str,
    knowledge: KnowledgeSearch,
    read: Reading,
    *,
    today: date,
    area: str,
) -> Finding:
    """Return what answers a message that was read; nothing for one that was not."""
    meant = read.understanding
    if not meant.source:
        return NOTHING_FOUND
    # The stand-in's topics come from this same index and would only be counted twice.
    topics = () if meant.source == STANDIN else meant.topics
    return knowledge.find(
        session, text, topics=topics, today=today, area=area, vector=meant.vector
    )


def with_vector(  # noqa: PLR0913 (all that finding rests on)
    read: Reading,
    text: str,
    knowledge: KnowledgeSearch,
    encoder: Encoder | None,
    *,
    today: date,
    area: str,
    opened: Opened,
) -> tuple[Reading, Finding | None]:
    """
    Add the vector of a question that words alone would not answer, if it is made in time.

    The session that *opened* gives is closed again before the encoder is asked.

    Returns:
        The reading, and what was found for it in *area*; None where that is still to be looked up.
    """
    meant = read.understanding
    by_nlu = meant.source not in {"", STANDIN}
    wanted = by_nlu and meant.intent in WANT_AN_ANSWER and not read.crisis
    if encoder is None or meant.vector or not wanted:
        return read, None
    with opened() as session:
        found = knowledge.find(session, text, topics=meant.topics, today=today, area=area)
        if not _may_gain(meant.intent, found, knowledge, session):
            return read, found
    try:
        (vector,) = encoder.embed([text], kind="query", within_ms=WITHIN_MS)
    except NluUnavailableError:
        return read, found
    return replace(read, understanding=replace(meant, vector=vector)), None


def _may_gain(
    intent: Intent, found: Finding, knowledge: KnowledgeSearch, session: Session
) -> bool:
    """Say whether what words found may come out otherwise with a vector, 40 ms of a processor."""
    decided = found.band is Action.ANSWER or found.several > 1
    if decided or not knowledge.compares_meaning(session):
        return False
    if intent is Intent.POLICY_QUESTION:
        return found.holds >= HOPELESS or knowledge.passages_have_meaning(session)
    return found.confidence >= FAR_FROM_SURE
