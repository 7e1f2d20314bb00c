"""
A few words after an offer, said instead of a number: they go on from the question asked before.

Nobody is sent back to the numbers twice, and what is told to a person holds both.
"""

from dataclasses import replace

from sqlalchemy.orm import Session

from bot import wording
from bot.contracts import Action, Finding, Hit
from bot.conversation.answering import quote_answer
from bot.conversation.ellipsis import Asked, half_sentence, is_circumstance
from bot.conversation.intents.policy_question import decline, offer
from bot.conversation.leaning import MATTERS, leans
from bot.conversation.locality import answer_here
from bot.conversation.matter import BESIDE, open_matter
from bot.conversation.turn import Outcome, Tools, Turn, back_to, day_of, expect, expected, say
from bot.db.types import JsonObject
from bot.knowledge.tables import EntryVersion
from bot.people.areas import full_name, only_place

HOTLINES = "hotlines"


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
    topics = {str(asked.get("topic", "")), *(hit.topic for hit in hits)}
    if HOTLINES in topics:  # whom to call, whatever it is about
        topics.add(turn.reading.understanding.topic)
    if half is None and not leans(turn, topics):
        return None
    return _together(session, turn, tools, asked)


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
    """Give the offered entry that is meant where only one can be; else ask for it, once."""
    hits = _offered(session, turn, tools, asked)
    telling = tuple(hit for hit in hits if half.asks.search(hit.question))
    meant = hits if len(hits) == 1 else telling
    # 领结婚证要带什么 is not what 要带什么 means after a question about school.
    if len(meant) == 1 and _of_one_subject(session, hits):
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


def _of_one_subject(session: Session, hits: tuple[Hit, ...]) -> bool:
    """Say whether the entries are about one thing, which the question named alone."""
    return len({session.get_one(EntryVersion, hit.version_id).subject for hit in hits}) == 1


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
    found = _found(session, turn, tools, _joined(turn, asked), joined=True)
    both = replace(_both(turn, asked), finding=found)
    intent = turn.reading.understanding.intent
    hits = both.finding.hits
    agrees = bool(hits) and hits[0].entry_id in asked["entries"]
    if intent in MATTERS and not is_circumstance(turn.text):
        # What was offered before and is found again with more told is right often enough.
        return open_matter(session, both, tools, intent, beside=0.0 if agrees else BESIDE)
    if both.finding.band is Action.ANSWER:
        sure = both.finding.confidence
        answered = answer_here(session, both, tools, hits, confidence=sure)
        if answered:
            return answered
    leaning = half_sentence(turn.text, leaning=True)
    sentences = leaning.sentences(hits[0].answer) if agrees and leaning else []
    if leaning and sentences:
        sure = both.finding.confidence
        return quote_answer(
            session, both, tools, hits[0], asked=leaning, sentences=sentences, confidence=sure
        )
    if both.finding.band is Action.OFFER and not agrees and "again" not in asked:
        return offer(both, tools, hits, again=True)
    return decline(session, both, tools)


def _to_person(session: Session, turn: Turn, tools: Tools, asked: JsonObject) -> Outcome:
    return decline(session, _both(turn, asked), tools)


def _both(turn: Turn, asked: JsonObject) -> Turn:
    """Return the turn as one about the question before, with what is added to it."""
    return replace(back_to(turn, asked), instead=_joined(turn, asked))


def _joined(turn: Turn, asked: JsonObject) -> str:
    return f"{asked['text']}——{turn.inbound.text}"


def _found(
    session: Session, turn: Turn, tools: Tools, text: str, *, joined: bool = False
) -> Finding:
    # No topic: that of the first half was never sure, and what is said now may be of another.
    today = day_of(turn, tools)
    return tools.knowledge.find(session, text, today=today, area=turn.area, joined=joined)
