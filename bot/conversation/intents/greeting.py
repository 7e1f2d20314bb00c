"""The resident says hello."""

from sqlalchemy.orm import Session

from bot import wording
from bot.contracts import Action
from bot.conversation.intents.policy_question import policy_question
from bot.conversation.turn import Outcome, Tools, Turn, say
from bot.knowledge.naming import asked_about


def greeting(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Answer in kind."""
    if asked_about(turn.text):  # 我想问一下娃娃转学的事 is more than a greeting
        return policy_question(session, turn, tools)
    return Outcome(Action.CHAT, say(wording.GREETING), ticket=turn.ticket)
