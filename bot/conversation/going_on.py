"""
A few words after an offer, said instead of a number: they go on from the question asked before.

Nobody is sent back to the numbers twice, and what is told to a person holds both.
"""

import re
from dataclasses import replace

from sqlalchemy.orm import Session

from bot import wording
from bot.contracts import Action, Finding, Hit, Intent
from bot.conversation.ellipsis import Asked, half_sentence, is_circumstance
from bot.conversation.intents.policy_question import MATTERS, decline, offer
from bot.conversation.locality import answer_here
from bot.conversation.matter import open_matter
from bot.conversation.turn import Outcome, Tools, Turn, back_to, day_of, expect, expected, say
from bot.db.types import JsonObject
from bot.knowledge.tokens import bare
from bot.knowledge.topics import NO_TOPIC
from bot.people.areas import full_name, only_place

LONGEST = 16
"""Characters; whoever writes more has said what it is about."""
SURE_TOPIC = 0.7
SURE_OF_NOTHING = 0.8
ASK_FOR_MORE = frozenset({Intent.POLICY_QUESTION, Intent.OUT_OF_SCOPE, *MATTERS})
_CHEERS = re.compile(r"^(好|谢|嗯|哦|行|可以)")


def after_offer(session: Session, turn: Turn, tools: Tools) -> Outcome | None:
    """Answer, offer or hand over what was asked, with what is said now; None where it is new."""
    asked = expected(turn)
    if asked.get("kind") != "offer" or "text" not in asked or turn.ticket or turn.pressing:
        return None
    half, place = half_sentence(turn.text), only_place(turn.text)
    if place:
        return _there(session, turn, tools, asked, place=place)
    if half and half.facets:
        return _facet(session, turn, tools, asked, half=half)
    hits = _offered(session, turn, tools, asked)
    if half is None and not _goes_on(turn, hits):
        return None
    return _together(session, turn, tools, asked)


def _goes_on(turn: Turn, hits: tuple[Hit, ...]) -> bool:
    """Say whether a few words lean on the question before them."""
    meant, band = turn.reading.understanding, turn.finding.band
    if len(bare(turn.text)) > LONGEST or band is Action.ANSWER or _CHEERS.search(turn.text):
        return False
    if is_circumstance(turn.text):
        return meant.intent in ASK_FOR_MORE
    known = {NO_TOPIC, *(hit.topic for hit in hits)}
    if meant.topic_confidence >= SURE_TOPIC and meant.topic not in known:
        return False
    if meant.intent == Intent.OUT_OF_SCOPE and meant.confidence >= SURE_OF_NOTHING:
        return False
    told = meant.intent in MATTERS
    return told or (band is Action.DECLINE and meant.intent in ASK_FOR_MORE)


def _offered(
    session: Session, turn: Turn, tools: Tools, asked: JsonObject, *, area: str = ""
) -> tuple[Hit, ...]:
    today, where = day_of(turn, tools), area or turn.area
    found = [
        tools.knowledge.entry(session, at, today=today, area=where) for at in asked["entries"]
    ]
    return tuple(hit for hit in found if hit is not None)


def _facet(
    session: Session, turn: Turn, tools: Tools, asked: JsonObject, *, half: Asked
) -> Outcome:
    """Give the only offered entry that is about what is asked; else ask for the number, once."""
    hits = _offered(session, turn, tools, asked)
    telling = tuple(hit for hit in hits if half.asks.search(hit.question))
    meant = telling if len(telling) == 1 else hits
    if len(meant) == 1:
        about = replace(back_to(turn, asked), area=turn.area)
        answered = answer_here(session, about, tools, meant, confidence=turn.finding.confidence)
        if answered:
            return answered
    if "again" in asked:
        return _to_person(session, turn, tools, asked)
    kept = {name: value for name, value in asked.items() if name != "kind"}
    expect(turn, "offer", tools, **kept, again=True)
    last = len(asked["entries"]) + len(asked.get("passages", [])) + 1
    return Outcome(Action.OFFER, say(wording.OFFER_WHICH.format(first=1, last=last)))


def _there(
    session: Session, turn: Turn, tools: Tools, asked: JsonObject, *, place: str
) -> Outcome:
    """Look for what was asked by the rules of the place that is told now."""
    about = replace(back_to(turn, asked), area=place)
    found = _found(session, about, tools, str(asked["text"]))
    if found.band is Action.ANSWER:
        answered = answer_here(session, about, tools, found.hits, confidence=found.confidence)
        if answered:
            return answered
    hits = _offered(session, turn, tools, asked, area=place)
    if "again" in asked or not hits:
        return _to_person(session, turn, tools, asked)
    head = wording.OFFER_THERE.format(place=full_name(place))
    return offer(about, tools, hits, head=head, again=True)


def _together(session: Session, turn: Turn, tools: Tools, asked: JsonObject) -> Outcome:
    """Act on the question and what is added to it as if they had come in one message."""
    both = replace(_both(turn, asked), finding=_found(session, turn, tools, _joined(turn, asked)))
    intent = turn.reading.understanding.intent
    if intent is Intent.DISPUTE or (intent in MATTERS and not is_circumstance(turn.text)):
        return open_matter(session, both, tools, intent)
    hits = both.finding.hits
    if both.finding.band is Action.ANSWER:
        sure = both.finding.confidence
        answered = answer_here(session, both, tools, hits, confidence=sure)
        if answered:
            return answered
    new = [hit for hit in hits[:3] if hit.entry_id not in asked["entries"]]
    if both.finding.band is Action.OFFER and new and "again" not in asked:
        return offer(both, tools, hits, again=True)
    return decline(session, both, tools)


def _to_person(session: Session, turn: Turn, tools: Tools, asked: JsonObject) -> Outcome:
    return decline(session, _both(turn, asked), tools)


def _both(turn: Turn, asked: JsonObject) -> Turn:
    """Return the turn as one about the question before, with what is added to it."""
    return replace(back_to(turn, asked), instead=_joined(turn, asked))


def _joined(turn: Turn, asked: JsonObject) -> str:
    return f"{asked['text']}——{turn.inbound.text}"


def _found(session: Session, turn: Turn, tools: Tools, text: str) -> Finding:
    topic = turn.reading.understanding.topic
    return tools.knowledge.find(
        session,
        text,
        topics=[] if topic in {"", NO_TOPIC} else [(topic, 1.0)],
        today=day_of(turn, tools),
        area=turn.area,
    )
