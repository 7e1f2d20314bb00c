"""The resident is not content with our service."""

from sqlalchemy.orm import Session

from bot import wording
from bot.contracts import Action, Intent
from bot.conversation.ticketing import acknowledge, open_for
from bot.conversation.turn import Outcome, Tools, Turn, say


def feedback_complaint(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Open a ticket, so that a person looks at what went wrong."""
    opened = open_for(session, turn, tools, Intent.FEEDBACK_COMPLAINT)
    text = acknowledge(session, wording.TICKET_COMPLAINT, opened.ticket, turn, tools)
    return Outcome(Action.TICKET, say(text), ticket=opened.ticket, hits=turn.finding.hits)
