"""
A half sentence after an answer, understood against that answer.

Only what an entry says word for word is told; whatever it leaves open is said to
be open, with the way to a person.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy.orm import Session

from bot import wording
from bot.contracts import Action, Finding, Fit, Hit, Intent
from bot.conversation.answering import give_answer, give_quote, quote_answer
from bot.conversation.ellipsis import LEAST_CORE, Asked, half_sentence, is_circumstance
from bot.conversation.intents.policy_question import add_to_ticket, offer, policy_question
from bot.conversation.leaning import SURE_TOPIC, leans, may_lean
from bot.conversation.locality import answer_here
from bot.conversation.tables import AnswerGiven
from bot.conversation.turn import Outcome, Tools, Turn, day_of, expect, expected, say
from bot.knowledge.ranking import CERTAIN
from bot.knowledge.scope import NATIONAL
from bot.knowledge.tables import EntryVersion
from bot.knowledge.topics import NO_TOPIC, load_topics
from bot.people.areas import only_place

EMERGENCY = frozenset({"110", "119", "120", "12110"})
"""Numbers that an entry names for danger, not for questions."""
UNANSWERED = frozenset(
    {Action.OFFER, Action.DECLINE, Action.TICKET, Action.HANDOFF, Action.CRISIS}
)


@dataclass(frozen=True, slots=True)
class _Last:
    """The last answer, as it stands in the knowledge base today."""

    given: AnswerGiven
    hit: Hit
    subject: str
    hotlines: tuple[str, ...]


def follow_up(session: Session, turn: Turn, tools: Tools) -> Outcome | None:
    """Answer a half sentence from the last answer's entry or its kin; None if it is none."""
    asked, place = half_sentence(turn.text), only_place(turn.text)
    goes_on = asked or place or (turn.ticket is None and may_lean(turn))
    # What the last answer was is read only where it matters.
    last = _last(session, turn, tools) if goes_on else None
    if last is None:
        return _about_nothing(session, turn, tools) if asked and asked.facets else None
    if place:
        return _there(session, turn, tools, last, place=place)
    asked = asked or _leaning(turn, last)
    return _about(session, turn, tools, asked=asked, last=last) if asked else None


def _leaning(turn: Turn, last: _Last) -> Asked | None:
    """Take a few words that go on from the answer, in whatever form, as half a sentence."""
    alone = turn.ticket is not None or turn.pressing or not leans(turn, {last.hit.topic})
    return None if alone else half_sentence(turn.text, leaning=True)


def _about(
    session: Session, turn: Turn, tools: Tools, *, asked: Asked, last: _Last
) -> Outcome | None:
    # The intent is not asked: of half a sentence no classifier makes anything.
    if _stands_alone(turn, asked, last):
        return None
    another = _another_subject(session, turn, tools, asked=asked, last=last)
    if another:
        return policy_question(session, replace(turn, finding=another), tools)
    sentences = asked.sentences(last.hit.answer)
    if sentences:
        sure = last.given.confidence
        return quote_answer(
            session, turn, tools, last.hit, asked=asked, sentences=sentences, confidence=sure
        )
    told = _from_kin(session, turn, tools, asked=asked, last=last)
    return replace(told, about_last=True) if told else None


def moved_on(outcome: Outcome) -> bool:
    """Say whether another matter came up without an answer: 去哪点办 is then about that one."""
    return outcome.action in UNANSWERED and not outcome.about_last


def _from_kin(
    session: Session, turn: Turn, tools: Tools, *, asked: Asked, last: _Last
) -> Outcome | None:
    """Answer or offer what else is written about it; else tell honestly that nothing is."""
    if asked.facets == {"phone"} and last.hotlines:
        return _phones(session, turn, tools, last)
    kin = _kin(session, turn, tools, asked=asked, last=last)
    if kin.band == Action.ANSWER:
        answered = answer_here(session, turn, tools, kin.hits, confidence=kin.confidence)
        if answered:
            return answered
    if turn.ticket:
        return None if turn.pressing else add_to_ticket(session, turn, tools)
    if kin.band == Action.OFFER and half_sentence(turn.text):
        return offer(turn, tools, kin.hits, head=_head(last))
    return _not_said(turn, tools, last)


def _there(
    session: Session, turn: Turn, tools: Tools, last: _Last, *, place: str
) -> Outcome | None:
    """Give the version of the last answer that holds in the place that is named: 那昆明的呢."""
    today, entry_id = day_of(turn, tools), last.hit.entry_id
    hit = tools.knowledge.entry(session, entry_id, today=today, area=place)
    same_everywhere = hit is not None and (hit.scope, hit.fits) == (NATIONAL, Fit.HOLDS)
    if hit is None or hit.fits is Fit.UNKNOWN or same_everywhere:
        return None if turn.ticket else replace(_not_said(turn, tools, last), about_last=True)
    text = give_answer(session, turn, tools, hit, confidence=last.given.confidence)
    return Outcome(Action.ANSWER, say(text), hits=(hit,))


def _last(session: Session, turn: Turn, tools: Tools) -> _Last | None:
    number = turn.conversation.last_answer_id
    given = session.get(AnswerGiven, number) if number else None
    minutes = tools.settings.conversation.follow_up_minutes
    if given is None or turn.now - given.at > timedelta(minutes=minutes):
        return None
    version = session.get_one(EntryVersion, given.version_id)
    # A local answer is followed up where it holds, wherever the resident may be by now.
    area = turn.area if version.scope == NATIONAL else version.scope
    hit = tools.knowledge.entry(session, version.entry_id, today=day_of(turn, tools), area=area)
    if hit is None:
        return None
    now = session.get_one(EntryVersion, hit.version_id)
    hotlines = tuple(number for number in now.hotlines if number not in EMERGENCY)
    return _Last(given, hit, now.subject, hotlines)


def _stands_alone(turn: Turn, asked: Asked, last: _Last) -> bool:
    """Say whether the message is about something else."""
    understanding, finding = turn.reading.understanding, turn.finding
    if turn.ticket is not None and understanding.intent == Intent.TICKET_STATUS:
        return True
    if asked.facets:
        # Question words alone have no subject, whatever the search or the classifier make of them.
        return False
    if finding.band == Action.ANSWER and finding.hits[0].entry_id != last.hit.entry_id:
        return True
    if is_circumstance(turn.text) and finding.band is Action.DECLINE:
        return False  # 没结婚的能上不 is no matter of its own, whatever topic it sounds like
    sure = understanding.topic_confidence >= SURE_TOPIC and understanding.source == "nlu"
    return sure and understanding.topic not in {last.hit.topic, NO_TOPIC}


def _about_nothing(session: Session, turn: Turn, tools: Tools) -> Outcome | None:
    """Ask what question words alone are about; a phrasing of an entry's own is answered."""
    status = turn.reading.understanding.intent == Intent.TICKET_STATUS
    if status or turn.finding.confidence >= CERTAIN:
        return None
    if turn.ticket is not None:
        return add_to_ticket(session, turn, tools)
    if expected(turn).get("kind") == "offer":
        return None  # they lean on what was offered: going_on.py
    return Outcome(Action.CHAT, say(wording.WHICH_MATTER), hits=turn.finding.hits)


def _another_subject(
    session: Session, turn: Turn, tools: Tools, *, asked: Asked, last: _Last
) -> Finding | None:
    """Return what is found of a subject that is merely named: 那低保呢."""
    topic = load_topics().of_subject(asked.condition)
    if topic in {NO_TOPIC, last.hit.topic}:
        return None
    return tools.knowledge.find(
        session,
        asked.condition,
        topics=[(topic, 1.0)],
        today=day_of(turn, tools),
        area=turn.area,
    )


def _kin(session: Session, turn: Turn, tools: Tools, *, asked: Asked, last: _Last) -> Finding:
    """Return what other entries tell of it; only one of the same subject may be sure."""
    likely: dict[str, Hit] = {}
    said = asked.condition or turn.text
    for before in (f"{last.hit.question}，{last.subject}", last.subject, ""):
        found = tools.knowledge.find(
            session,
            f"{before}{said}",
            topics=[(last.hit.topic, 1.0)],
            today=day_of(turn, tools),
            area=turn.area,
            joined=True,
        )
        telling = [hit for hit in found.hits if _tells(session, hit, asked, last)]
        sure = before and found.band == Action.ANSWER and telling[:1] == list(found.hits[:1])
        if sure and _subject(session, telling[0]) == last.subject:
            return replace(found, hits=tuple(telling))
        # Put together, it is no question that anybody asks: its band says little.
        if before or found.band != Action.DECLINE:
            likely |= {hit.entry_id: hit for hit in telling}
    offered = [hit for hit in likely.values() if asked.asks.search(hit.question)]
    band = Action.OFFER if likely else Action.DECLINE
    # That a sentence somewhere speaks of papers too is no reason to read that entry.
    other = () if asked.facets else likely.values()
    return Finding(band if offered or other else Action.DECLINE, 0.0, tuple(offered or other))


def _tells(session: Session, hit: Hit, asked: Asked, last: _Last) -> bool:
    if hit.entry_id == last.hit.entry_id:
        return False
    named = len(asked.condition) >= LEAST_CORE and asked.condition in hit.question
    same = hit.topic if asked.condition else _subject(session, hit)
    if not named and same != (last.hit.topic if asked.condition else last.subject):
        return False
    return bool(asked.asks.search(hit.question) or asked.sentences(hit.answer))


def _subject(session: Session, hit: Hit) -> str:
    return session.get_one(EntryVersion, hit.version_id).subject


def _head(last: _Last) -> str:
    return wording.FOLLOW_UP_OFFER.format(question=last.hit.question)


def _phones(session: Session, turn: Turn, tools: Tools, last: _Last) -> Outcome:
    """Give the numbers that the entry names beside its answer."""
    phones = "、".join(last.hotlines)
    words = wording.FOLLOW_UP_PHONES.format(question=last.hit.question, phones=phones)
    text = give_quote(
        session, turn, tools, last.hit, text=words, quote=phones, confidence=last.given.confidence
    )
    return Outcome(Action.ANSWER, say(text), hits=(last.hit,))


def _not_said(turn: Turn, tools: Tools, last: _Last) -> Outcome:
    question = last.hit.question
    # Of other words than half a sentence nobody can tell that the answer says nothing of them.
    whole = half_sentence(turn.text) is None
    words = wording.FOLLOW_UP_UNSURE if whole else wording.FOLLOW_UP_NOT_SAID
    lines = [words.format(question=question)]
    if last.hotlines:
        lines.append(wording.FOLLOW_UP_ASK_THERE.format(phones="、".join(last.hotlines)))
    lines.append(wording.FOLLOW_UP_PERSON)
    before = expected(turn)
    asked = before["text"] if before.get("kind") == "person" else ""
    both = f"{asked}；{turn.text}" if asked.startswith(question) else f"{question}——{turn.text}"
    expect(turn, "person", tools, text=both, topic=last.hit.topic)
    return Outcome(Action.DECLINE, say("\n".join(lines)), hits=(last.hit,))
