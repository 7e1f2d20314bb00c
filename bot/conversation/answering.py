"""Giving an answer from the knowledge base, and remembering what it rested on."""

from sqlalchemy.orm import Session

from bot import wording
from bot.contracts import Hit
from bot.conversation.tables import AnswerGiven
from bot.conversation.turn import Tools, Turn, expect
from bot.knowledge.citation import cite


def answer_text(hit: Hit) -> str:
    """Return the answer with its source and the way on."""
    return "\n".join(part for part in (hit.answer, cite(hit), wording.MACHINE_LINE) if part)


def give_answer(session: Session, turn: Turn, tools: Tools, hit: Hit, *, confidence: float) -> str:
    """Note that *hit* was the answer, expect 1 or 2 about it, and return the text to send."""
    given = AnswerGiven(
        resident_id=turn.resident.id,
        inbound_id=turn.inbound.id,
        version_id=hit.version_id,
        confidence=confidence,
        at=turn.now,
    )
    session.add(given)
    session.flush()
    turn.conversation.last_answer_id = given.id
    expect(turn, "useful", tools, answer=given.id)
    return answer_text(hit)
