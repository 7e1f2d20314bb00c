"""The resident wants something this service does not do."""

from sqlalchemy.orm import Session

from bot import wording
from bot.contracts import Action
from bot.conversation.intents.policy_question import add_to_ticket, policy_question
from bot.conversation.small_talk import is_scrap
from bot.conversation.turn import Outcome, Tools, Turn, say

SURE = 0.4
"""Below this the NLU does not know either, and a wrong "not my business" turns people away."""


def out_of_scope(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Say what this service can do; with a live matter, or in doubt, let a person see it."""
    if turn.ticket is not None:
        return add_to_ticket(session, turn, tools)
    if is_scrap(turn.text):
        return Outcome(Action.CHAT, say(wording.SAY_MORE), hits=turn.finding.hits)
    if turn.reading.understanding.confidence < SURE and turn.finding.band != Action.DECLINE:
        return policy_question(session, turn, tools)
    return Outcome(Action.CHAT, say(wording.OUT_OF_SCOPE), hits=turn.finding.hits)
