"""A matter that a person must work on: a help request or a dispute."""

from sqlalchemy.orm import Session

from bot import wording
from bot.contracts import Action, Fit, Intent, Urgency
from bot.conversation.answering import give_answer
from bot.conversation.ticketing import acknowledge, open_for, went_on
from bot.conversation.turn import Outcome, Tools, Turn, say
from bot.tickets.opening import Opened

BESIDE = 0.93
"""Confidence of an answer beside a ticket: what somebody who pleads or complains is told besides
is right less often than the answer to a question, and a person sees to them anyway."""
LONGEST_MESSAGE = 600
"""Characters that are read at one go; a longer reply comes as two messages."""


def open_matter(
    session: Session, turn: Turn, tools: Tools, intent: Intent, *, beside: float = BESIDE
) -> Outcome:
    """Open a ticket or add to the live one; an answer as sure as *beside* comes along at once."""
    opened = open_for(session, turn, tools, intent)
    parts = [_acknowledged(session, opened, turn, tools), _answered(session, turn, tools, beside)]
    text = "\n\n".join(part for part in parts if part)
    reply = say(text) if len(text) <= LONGEST_MESSAGE else say(*parts)
    return Outcome(Action.TICKET, reply, ticket=opened.ticket, hits=turn.finding.hits)


def _acknowledged(session: Session, opened: Opened, turn: Turn, tools: Tools) -> str:
    if opened.again or (opened.ticket.parent_id is not None and opened.created):
        return went_on(session, opened, turn, tools)
    if not opened.created and not opened.raised:
        return wording.TICKET_ADDED.format(number=opened.ticket.number)
    if opened.ticket.urgency == Urgency.URGENT:
        return acknowledge(session, wording.TICKET_URGENT, opened.ticket, turn, tools)
    return acknowledge(session, wording.TICKET_OPENED, opened.ticket, turn, tools)


def _answered(session: Session, turn: Turn, tools: Tools, beside: float) -> str:
    """Answer the question beside the matter where that is certain; else promise to."""
    finding = turn.finding
    sure = finding.band == Action.ANSWER and finding.confidence >= beside
    if sure and finding.hits[0].fits != Fit.UNKNOWN:
        best = finding.hits[0]
        return give_answer(session, turn, tools, best, confidence=finding.confidence)
    asked = turn.reading.understanding.second_intent == Intent.POLICY_QUESTION
    return wording.TICKET_QUESTION if asked else ""
