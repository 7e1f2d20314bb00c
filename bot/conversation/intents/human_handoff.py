"""The resident wants a person instead of the machine."""

from sqlalchemy.orm import Session

from bot import wording
from bot.contracts import Action, Intent
from bot.conversation.ticketing import About, acknowledge, open_for
from bot.conversation.turn import Outcome, Tools, Turn, say


def human_handoff(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Open a ticket for a person; where one is live, say how it stands."""
    return hand_over(session, turn, tools)


def hand_over(session: Session, turn: Turn, tools: Tools, about: About | None = None) -> Outcome:
    """Give the turn, or the question it goes back to, to a person."""
    opened = open_for(session, turn, tools, Intent.HUMAN_HANDOFF, about=about)
    text = acknowledge(wording.HANDOFF, opened.ticket, turn, tools)
    return Outcome(Action.HANDOFF, say(text), ticket=opened.ticket, hits=turn.finding.hits)
