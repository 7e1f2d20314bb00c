"""Giving an answer from the knowledge base, and remembering what it rested on."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy.orm import Session

from bot import wording
from bot.contracts import Action, Fit, Hit, Intent
from bot.conversation.ellipsis import Asked
from bot.conversation.tables import AnswerGiven
from bot.conversation.turn import Outcome, Tools, Turn, expect, say
from bot.knowledge.citation import cite
from bot.knowledge.scope import NATIONAL
from bot.people.areas import full_name


def answer_text(hit: Hit, last: str = wording.MACHINE_LINE) -> str:
    """Return the answer with its source and, as its *last* line, the way on."""
    return _with_source(hit.answer, hit, last=last)


def give_answer(
    session: Session, turn: Turn, tools: Tools, hit: Hit, *, confidence: float, last: str = ""
) -> str:
    """
    Note that *hit* was the answer, expect 1 or 2 about it, and return the text to send.

    *last* is its last line, where that is to say something else than what 1 and 2 mean.
    """
    _remember(session, turn, tools, hit, confidence=confidence)
    usual = wording.MACHINE_LINE_MATTER if _leaves_a_matter(turn) else wording.MACHINE_LINE
    return answer_text(hit, last or usual)


def give_quote(  # noqa: PLR0913 (an answer, and the part of it that is given)
    session: Session,
    turn: Turn,
    tools: Tools,
    hit: Hit,
    *,
    text: str,
    quote: str,
    confidence: float,
) -> str:
    """Note that *quote* of the entry was the answer, and return *text* with its source."""
    _remember(session, turn, tools, hit, confidence=confidence, quote=quote)
    return _with_source(text, hit)


def quote_answer(  # noqa: PLR0913 (an answer, and the part of it that is given)
    session: Session,
    turn: Turn,
    tools: Tools,
    hit: Hit,
    *,
    asked: Asked,
    sentences: Sequence[str],
    confidence: float,
) -> Outcome:
    """Give the *sentences* of an entry that tell what is *asked*, saying of which entry."""
    quote = "".join(sentences).rstrip("；") + ("。" if sentences[-1].endswith("；") else "")
    frame = wording.FOLLOW_UP_CONDITION if asked.condition else wording.FOLLOW_UP_QUOTE
    words = frame.format(question=hit.question, quote=quote)
    text = give_quote(session, turn, tools, hit, text=words, quote=quote, confidence=confidence)
    return Outcome(Action.ANSWER, say(text), hits=(hit,))


def _remember(
    session: Session, turn: Turn, tools: Tools, hit: Hit, *, confidence: float, quote: str = ""
) -> None:
    given = AnswerGiven(
        resident_id=turn.resident.id,
        inbound_id=turn.inbound.id,
        version_id=hit.version_id,
        confidence=confidence,
        clauses=[asdict(source) for source in hit.sources],
        quote=quote,
        at=turn.now,
    )
    session.add(given)
    session.flush()
    turn.conversation.last_answer_id = given.id
    matter = turn.as_question if _leaves_a_matter(turn) else {}
    expect(turn, "useful", tools, answer=given.id, **matter)


def _leaves_a_matter(turn: Turn) -> bool:
    """Say whether a quarrel was told beside the question, which nobody works on yet."""
    understood = turn.reading.understanding
    asked_first = understood.intent == Intent.POLICY_QUESTION
    return asked_first and understood.second_intent == Intent.DISPUTE and turn.ticket is None


def _with_source(text: str, hit: Hit, *, last: str = wording.MACHINE_LINE) -> str:
    parts = (text, _place_line(hit), cite(hit), last)
    return "\n".join(part for part in parts if part)


def _place_line(hit: Hit) -> str:
    """Say for which place the answer holds, where it is not the same everywhere."""
    if hit.scope == NATIONAL and hit.fits == Fit.HOLDS:
        return ""
    place = full_name(hit.scope) or wording.WHOLE_COUNTRY
    frame = wording.PLACE_RULE if hit.fits == Fit.HOLDS else wording.PLACE_RULE_GENERAL
    return frame.format(place=place)
