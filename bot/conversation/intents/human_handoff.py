"""The resident wants a person instead of the machine."""

from sqlalchemy.orm import Session

from bot import wording
from bot.contracts import Action, Intent
from bot.conversation.ticketing import acknowledge, open_for
from bot.conversation.turn import Outcome, Tools, Turn, say


def human_handoff(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Open a ticket for a person; where one is live, say how it stands."""
    opened = open_for(session, turn, tools, Intent.HUMAN_HANDOFF)
    text = acknowledge(session, wording.HANDOFF, opened.ticket, turn, tools)
    return Outcome(Action.HANDOFF, say(text), ticket=opened.ticket, hits=turn.finding.hits)
