"""The resident says thank you."""

from sqlalchemy.orm import Session

from bot import wording
from bot.contracts import Action
from bot.conversation.intents.policy_question import policy_question
from bot.conversation.turn import Outcome, Tools, Turn, say
from bot.knowledge.naming import asked_about


def thanks(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Answer in kind."""
    if asked_about(turn.text):  # whatever thanks stand beside it
        return policy_question(session, turn, tools)
    return Outcome(Action.CHAT, say(wording.THANKS), ticket=turn.ticket)
