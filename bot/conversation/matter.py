"""A matter that a person must work on: a help request or a dispute."""

from sqlalchemy.orm import Session

from bot import wording
from bot.contracts import Action, Intent, Urgency
from bot.conversation.answering import give_answer
from bot.conversation.ticketing import acknowledge, open_for
from bot.conversation.turn import Outcome, Tools, Turn, say


def open_matter(session: Session, turn: Turn, tools: Tools, intent: Intent) -> Outcome:
    """Open a ticket or add to the live one; a certain answer comes along at once."""
    opened = open_for(session, turn, tools, intent)
    if not opened.created and not opened.raised:
        text = wording.TICKET_ADDED.format(number=opened.ticket.number)
    elif opened.ticket.urgency == Urgency.URGENT:
        text = acknowledge(wording.TICKET_URGENT, opened.ticket, turn, tools)
    else:
        text = acknowledge(wording.TICKET_OPENED, opened.ticket, turn, tools)
    parts = [text]
    finding = turn.finding
    if finding.band == Action.ANSWER and finding.hits:
        best = finding.hits[0]
        parts.append(give_answer(session, turn, tools, best, confidence=finding.confidence))
    return Outcome(Action.TICKET, say("\n\n".join(parts)), ticket=opened.ticket, hits=finding.hits)
