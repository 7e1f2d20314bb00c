"""Somebody is, or may soon be, in danger."""

from sqlalchemy.orm import Session

from bot import wording
from bot.contracts import Action, Intent, Urgency
from bot.conversation.ticketing import open_for
from bot.conversation.turn import Outcome, Tools, Turn, expect, say

TEXTS = {
    "self_harm": wording.CRISIS_SELF_HARM,
    "violence": wording.CRISIS_VIOLENCE,
    "child_abuse": wording.CRISIS_CHILD,
    "sexual": wording.CRISIS_SEXUAL,
    "missing": wording.CRISIS_MISSING,
    "confined": wording.CRISIS_CONFINED,
    "threat": wording.CRISIS_THREAT,
    "medical": wording.CRISIS_MEDICAL,
}
ASKS_IF_SAFE = {"violence", "child_abuse", "sexual"}


def crisis(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Give the right numbers at once and open, or raise to, an urgent ticket."""
    sign = turn.reading.crisis
    kind = sign.kind if sign else "other"
    opened = open_for(session, turn, tools, Intent.CRISIS, Urgency.CRISIS)
    text = TEXTS.get(kind, wording.CRISIS_OTHER)
    if kind in ASKS_IF_SAFE:
        expect(turn, "safe", tools, ticket=opened.ticket.id)
    number = wording.CRISIS_NUMBER.format(number=opened.ticket.number)
    return Outcome(
        Action.CRISIS,
        say(f"{text}\n{number}"),
        ticket=opened.ticket,
        hits=turn.finding.hits,
    )
