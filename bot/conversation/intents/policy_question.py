"""The resident asks what a rule is."""

from sqlalchemy.orm import Session

from bot import wording
from bot.contracts import Action, Fit, Hit, Intent, Urgency
from bot.conversation.asked import note_asked
from bot.conversation.leaning import MATTERS, asks
from bot.conversation.locality import answer_here
from bot.conversation.matter import open_matter
from bot.conversation.quoting import named, note_offered
from bot.conversation.small_talk import is_scrap
from bot.conversation.ticketing import acknowledge, open_for
from bot.conversation.turn import Outcome, Tools, Turn, expect, say
from bot.knowledge.scope import NATIONAL
from bot.people.areas import area_name

MOST_OFFERED = 3
MOST_BESIDE = 2
SURE_BESIDE = 0.5
"""Confidence of what is named beside a ticket; a person sees to the question anyway."""


def policy_question(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Answer with the source, offer up to three questions, or hand over: by confidence."""
    outcome = _policy_question(session, turn, tools)
    note_asked(turn, outcome)
    return outcome


def _policy_question(session: Session, turn: Turn, tools: Tools) -> Outcome:
    other = turn.reading.understanding.second_intent
    if other in MATTERS and (other == Intent.HELP_REQUEST or turn.ticket is not None):
        return open_matter(session, turn, tools, other)
    finding = turn.finding
    if finding.band == Action.ANSWER and finding.hits and not _only_tells(turn):
        sure = finding.confidence
        answered = answer_here(session, turn, tools, finding.hits, confidence=sure)
        if answered:
            return answered
    if turn.ticket is not None:
        return add_to_ticket(session, turn, tools)
    hits = worth_offering(turn, finding.hits)
    if finding.passages:
        return offer_passages(session, turn, tools, hits if finding.band == Action.OFFER else ())
    if finding.band == Action.OFFER and hits:
        return _offer_found(turn, tools, hits)
    return _without_answer(session, turn, tools)


def _only_tells(turn: Turn) -> bool:
    """Say whether it is more of a matter, not a question: 合同没签过, said of a flat."""
    other = turn.ticket is not None and turn.finding.hits[0].topic != turn.ticket.topic
    return other and not asks(turn.text)


def _without_answer(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Ask for more where a few words tell a person no more than the machine; else hand over."""
    if is_scrap(turn.text) and not turn.pressing:
        return Outcome(Action.CHAT, say(wording.SAY_MORE), hits=turn.finding.hits)
    return decline(session, turn, tools)


def bare_word(session: Session, turn: Turn, tools: Tools) -> Outcome | None:
    """Offer the entries that a word alone (低保) names, whatever the NLU takes it for."""
    del session
    hits = worth_offering(turn, turn.finding.hits) if turn.finding.named else ()
    calm = turn.ticket is None and not turn.pressing
    return offer(turn, tools, hits) if hits and calm else None


def _offer_found(turn: Turn, tools: Tools, hits: tuple[Hit, ...]) -> Outcome:
    """Ask which of the hits was meant, or which of several that are asked for is to come first."""
    each = worth_offering(turn, turn.finding.hits[: turn.finding.several])
    if len(each) > 1:
        return offer(turn, tools, each, head=wording.OFFER_SEVERAL, several=True)
    return offer(turn, tools, hits)


def offer(
    turn: Turn,
    tools: Tools,
    hits: tuple[Hit, ...],
    *,
    head: str = wording.OFFER_HEAD,
    again: bool = False,
    several: bool = False,
) -> Outcome:
    """
    Ask which of up to three questions was meant; the last choice is a person.

    *again*: it was asked before, and is not asked a third time.  *several*: each of them was
    meant, and the numbers stand for the others until all are read.
    """
    offered = hits[:MOST_OFFERED]
    noted = {"again": again, "several": several}
    more = turn.as_question | {name: True for name, holds in noted.items() if holds}
    expect(turn, "offer", tools, entries=[hit.entry_id for hit in offered], **more)
    lines = [f"{number} {_named(hit)}" for number, hit in enumerate(offered, 1)]
    lines.append(f"{len(offered) + 1} {wording.OFFER_NONE}")
    return Outcome(Action.OFFER, say("\n".join([head, *lines])), hits=hits)


def offer_passages(session: Session, turn: Turn, tools: Tools, hits: tuple[Hit, ...]) -> Outcome:
    """Ask which question or which passage of a policy document; the last choice is a person."""
    passages = turn.finding.passages
    offered = hits[: MOST_OFFERED - 1]
    noted = note_offered(session, turn, passages)
    entries = [hit.entry_id for hit in offered]
    expect(turn, "offer", tools, entries=entries, passages=noted, **turn.as_question)
    choices = [*map(_named, offered), *map(named, passages), wording.OFFER_NONE]
    lines = [f"{number} {choice}" for number, choice in enumerate(choices, 1)]
    head = wording.OFFER_HEAD if offered else wording.PASSAGE_HEAD
    return Outcome(Action.OFFER, say("\n".join([head, *lines])), hits=hits)


def worth_offering(turn: Turn, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
    """Leave out what could not be answered: local, to somebody who would not say where."""
    asked = turn.conversation.area_asked_at is not None
    return tuple(hit for hit in hits if not (asked and hit.fits == Fit.UNKNOWN))


def decline(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Say that there is no reliable answer, and give the question to a person."""
    opened = open_for(session, turn, tools, Intent.POLICY_QUESTION)
    text = acknowledge(session, wording.DECLINE, opened.ticket, turn, tools)
    return Outcome(Action.DECLINE, say(text), ticket=opened.ticket, hits=turn.finding.hits)


def add_to_ticket(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Take the message as more about the live matter; its caseworker answers."""
    opened = open_for(session, turn, tools, Intent.POLICY_QUESTION)
    text = wording.TICKET_ADDED.format(number=opened.ticket.number)
    beside = _beside_ticket(turn, tools)
    text = f"{text}\n{beside}" if beside else text
    return Outcome(Action.TICKET, say(text), ticket=opened.ticket, hits=turn.finding.hits)


def _beside_ticket(turn: Turn, tools: Tools) -> str:
    """Name the entries that likely answer a question put in while a person works on a matter."""
    finding, meant = turn.finding, turn.reading.understanding
    asks = meant.intent == Intent.POLICY_QUESTION and finding.band == Action.OFFER
    calm = turn.ticket is not None and turn.ticket.urgency != Urgency.CRISIS
    hits = worth_offering(turn, finding.hits)[:MOST_BESIDE]
    if not (asks and calm and hits) or turn.pressing or finding.confidence < SURE_BESIDE:
        return ""
    asked = turn.as_question | {"beside": True}
    expect(turn, "offer", tools, entries=[hit.entry_id for hit in hits], **asked)
    lines = [f"{number} {_named(hit)}" for number, hit in enumerate(hits, 1)]
    return "\n".join([wording.OFFER_BESIDE, *lines])


def _named(hit: Hit) -> str:
    """The question, with the place where its answer does not hold everywhere."""
    return hit.question if hit.scope == NATIONAL else f"{hit.question}（{area_name(hit.scope)}）"
