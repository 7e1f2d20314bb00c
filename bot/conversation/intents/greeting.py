"""The resident says hello."""

from sqlalchemy.orm import Session

from bot import wording
from bot.contracts import Action
from bot.conversation.turn import Outcome, Tools, Turn, say


def greeting(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Answer in kind."""
    del session, tools
    return Outcome(Action.CHAT, say(wording.GREETING), ticket=turn.ticket)
