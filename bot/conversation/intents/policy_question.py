"""The resident asks what a rule is."""

from sqlalchemy.orm import Session

from bot import wording
from bot.contracts import Action, Hit, Intent
from bot.conversation.answering import give_answer
from bot.conversation.ticketing import acknowledge, open_for
from bot.conversation.turn import Outcome, Tools, Turn, expect, say

MOST_OFFERED = 3


def policy_question(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Answer with the source, offer up to three questions, or hand over: by confidence."""
    finding = turn.finding
    if finding.band == Action.ANSWER and finding.hits:
        best = finding.hits[0]
        text = give_answer(session, turn, tools, best, confidence=finding.confidence)
        return Outcome(Action.ANSWER, say(text), hits=finding.hits)
    if turn.ticket is not None:
        return add_to_ticket(session, turn, tools)
    if finding.band == Action.OFFER and finding.hits:
        return offer(turn, tools, finding.hits)
    opened = open_for(session, turn, tools, Intent.POLICY_QUESTION)
    text = acknowledge(wording.DECLINE, opened.ticket, turn, tools)
    return Outcome(Action.DECLINE, say(text), ticket=opened.ticket, hits=finding.hits)


def offer(
    turn: Turn, tools: Tools, hits: tuple[Hit, ...], *, head: str = wording.OFFER_HEAD
) -> Outcome:
    """Ask which of up to three questions was meant; the last choice is a person."""
    offered = hits[:MOST_OFFERED]
    asked = {"text": turn.text, "topic": turn.reading.understanding.topic}
    expect(turn, "offer", tools, entries=[hit.entry_id for hit in offered], **asked)
    lines = [f"{number} {hit.question}" for number, hit in enumerate(offered, 1)]
    lines.append(f"{len(offered) + 1} {wording.OFFER_NONE}")
    return Outcome(Action.OFFER, say("\n".join([head, *lines])), hits=hits)


def add_to_ticket(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Take the message as more about the live matter; its caseworker answers."""
    opened = open_for(session, turn, tools, Intent.POLICY_QUESTION)
    text = wording.TICKET_ADDED.format(number=opened.ticket.number)
    return Outcome(Action.TICKET, say(text), ticket=opened.ticket, hits=turn.finding.hits)
