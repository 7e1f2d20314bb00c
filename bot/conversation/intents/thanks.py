"""The resident says thank you."""

from sqlalchemy.orm import Session

from bot import wording
from bot.contracts import Action
from bot.conversation.turn import Outcome, Tools, Turn, say


def thanks(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Answer in kind."""
    del session, tools
    return Outcome(Action.CHAT, say(wording.THANKS), ticket=turn.ticket)
