"""Answering by the rules of the place where a resident lives, asking for it once."""

from sqlalchemy.orm import Session

from bot import wording
from bot.contracts import Action, Fit, Hit
from bot.conversation.answering import give_answer
from bot.conversation.leaning import MATTERS
from bot.conversation.turn import Outcome, Tools, Turn, expect, say
from bot.people.areas import full_name, home_stated, only_place, only_says_home

DEPENDS = frozenset({Fit.NEARER, Fit.UNKNOWN})


def answer_here(
    session: Session,
    turn: Turn,
    tools: Tools,
    hits: tuple[Hit, ...],
    *,
    confidence: float,
    last: str = "",
) -> Outcome | None:
    """Give the first hit, or ask where the resident lives; None if that alone could tell."""
    best = hits[0]
    if best.fits in DEPENDS and turn.conversation.area_asked_at is None:
        asked = turn.as_question | {"entry": best.entry_id, "confidence": confidence}
        expect(turn, "area", tools, **asked)
        turn.conversation.area_asked_at = turn.now
        return Outcome(Action.OFFER, say(wording.AREA_ASK), hits=hits)
    if best.fits == Fit.UNKNOWN:
        return None
    text = give_answer(session, turn, tools, best, confidence=confidence, last=last)
    return Outcome(Action.ANSWER, say(text), hits=hits)


def home_told(session: Session, turn: Turn, tools: Tools) -> Outcome | None:
    """Confirm a message that only says where its writer lives; it is remembered already."""
    del session, tools
    if turn.ticket is not None or not only_says_home(turn.text):
        return None
    return area_noted(home_stated(turn.text))


def place_told(session: Session, turn: Turn, tools: Tools) -> Outcome | None:
    """Ask what is wanted of somebody who has named a place and nothing else."""
    del session, tools
    place = only_place(turn.text) if turn.ticket is None else ""
    if not place or turn.reading.understanding.intent in MATTERS:
        return None
    return Outcome(Action.CHAT, say(wording.PLACE_HEARD.format(place=full_name(place))))


def area_noted(code: str) -> Outcome:
    """Say which place is remembered."""
    return Outcome(Action.CHAT, say(wording.AREA_SET.format(place=full_name(code))))
