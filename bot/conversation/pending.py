"""The answer to something we asked: an offer, useful or not, safe or not, solved or not."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from bot import wording
from bot.contracts import Action, Hit, Intent
from bot.conversation import choices, my_information
from bot.conversation.commands import command
from bot.conversation.ellipsis import half_sentence
from bot.conversation.intents.human_handoff import human_handoff
from bot.conversation.intents.policy_question import decline, policy_question
from bot.conversation.locality import answer_here, area_noted
from bot.conversation.matter import open_matter
from bot.conversation.one_by_one import keep_list, line_of_others
from bot.conversation.quoting import show_passage
from bot.conversation.tables import AnswerGiven
from bot.conversation.turn import (
    Outcome,
    Tools,
    Turn,
    back_to,
    day_of,
    expect,
    expect_nothing,
    expected,
    say,
)
from bot.db.types import JsonObject
from bot.people.areas import place_meant
from bot.tickets import moves
from bot.tickets.tables import Ticket

YES, NO = 1, 2
TAKE_UP = 3
NOT_TOLD = 1
AGREES = frozenset({"好", "好的", "好呢", "可以", "行", "得", "要得", "嗯", "嗯嗯", "ok", "OK"})
LONGEST_PLACE = 14
LONGEST_UNKNOWN = 6
"""Characters: whoever writes more, and names no place, has changed the subject."""


def answer_to_question(session: Session, turn: Turn, tools: Tools) -> Outcome | None:
    """Act on a short answer to what we asked; None when the text is no such answer."""
    for asked in _asked(turn):
        handler = _HANDLERS.get(str(asked.get("kind", "")))
        outcome = handler(session, turn, tools, asked) if handler else None
        if outcome:
            return outcome
    return None


def _asked(turn: Turn) -> list[JsonObject]:
    """What was asked, youngest first: a number is about that, a word maybe about the other."""
    asked, resolved = expected(turn), turn.resolved
    if resolved is None or resolved.resolved_at is None:
        return [asked]
    rate = {"kind": "rate", "ticket": resolved.id}
    bot_was_last = bool(asked) and turn.conversation.updated_at > resolved.resolved_at
    return [asked, rate] if bot_was_last else [rate, asked]


def _list(session: Session, turn: Turn, tools: Tools, asked: JsonObject) -> Outcome | None:
    """Take a line of a list, or a mark in words for what was read of it."""
    marks = "answer" in asked and choices.number(turn.text) is None
    marked = _useful(session, turn, tools, asked) if marks else None
    return marked or _offer(session, turn, tools, asked)


def _offer(session: Session, turn: Turn, tools: Tools, asked: JsonObject) -> Outcome | None:
    today = day_of(turn, tools)
    entries = [
        tools.knowledge.entry(session, at, today=today, area=turn.resident.area_code)
        for at in asked["entries"]
    ]
    hits = [hit for hit in entries if hit is not None]
    passages = asked.get("passages", [])
    last = len(asked["entries"]) + len(passages) + 1
    picked = _place_in_list(turn.text, hits, last=last)
    if picked is None:
        return None
    if "beside" in asked and picked >= last:
        return None  # a person has the question already
    if picked == last:
        expect_nothing(turn)
        return human_handoff(session, back_to(turn, asked), tools)
    if len(asked["entries"]) < picked < last:
        shown = show_passage(session, turn, passages[picked - len(asked["entries"]) - 1])
        return shown or decline(session, back_to(turn, asked), tools)
    if picked > len(hits):
        return _which(last)
    expect_nothing(turn)
    one, others = (hits[picked - 1],), line_of_others(asked, picked=picked)
    about = back_to(turn, asked)
    answered = answer_here(session, about, tools, one, confidence=1.0, last=others)
    if answered and (useful := expected(turn)).get("kind") == "useful":
        # 第一个也想看看: the list stays on the phone, and people come back to it.
        turn.conversation.pending = useful | {"offered": asked}
        if others:
            keep_list(turn, tools, asked, picked=picked)
    return answered or decline(session, back_to(turn, asked), tools)


def _place_in_list(text: str, hits: Sequence[Hit], *, last: int) -> int | None:
    """Return which line of a list is picked, by number or by words."""
    at = choices.number(text)
    if at is not None:
        return at
    if choices.is_none(text):
        return last
    if choices.picked("offer", text) == YES:
        return 1 if len(hits) == 1 else last + 1
    asks = half_sentence(text) is not None
    return None if asks else choices.named(text, [hit.question for hit in hits])


def _which(last: int) -> Outcome:
    return Outcome(Action.OFFER, say(wording.OFFER_WHICH.format(first=1, last=last)))


def _person(session: Session, turn: Turn, tools: Tools, asked: JsonObject) -> Outcome | None:
    if choices.bare(turn.text) in AGREES:
        # Who has just been given a number to call may mean that by it.
        return Outcome(Action.CHAT, say(wording.PERSON_ON_ONE), about_last=True)
    if choices.picked("person", turn.text) != YES:
        return None
    expect_nothing(turn)
    return human_handoff(session, back_to(turn, asked), tools)


def _area(session: Session, turn: Turn, tools: Tools, asked: JsonObject) -> Outcome | None:
    """Answer what was asked by the rules of the place that was named, or of none."""
    place = place_meant(turn.text, "")
    said = choices.bare(turn.text)
    if place and len(said) <= LONGEST_PLACE and turn.finding.band != Action.ANSWER:
        turn.resident.area_code = place
    elif choices.number(turn.text) != NOT_TOLD:
        return _which_place(turn, tools, asked, said)
    expect_nothing(turn)
    if "entry" not in asked:
        return area_noted(place) if place else None
    turn = replace(back_to(turn, asked), area=turn.resident.area_code)
    today = day_of(turn, tools)
    hit = tools.knowledge.entry(session, asked["entry"], today=today, area=turn.area)
    if hit:
        sure = float(asked["confidence"])
        answered = answer_here(session, turn, tools, (hit,), confidence=sure)
        if answered:
            return answered
    found = tools.knowledge.find(session, turn.text, today=today, area=turn.area)
    return policy_question(session, replace(turn, finding=found), tools)


def _which_place(turn: Turn, tools: Tools, asked: JsonObject, said: str) -> Outcome | None:
    """Ask once more after a word that may be a place nobody knows; longer texts say else."""
    may_be_place = len(said) <= LONGEST_UNKNOWN and turn.finding.band == Action.DECLINE
    if "again" in asked or not may_be_place or command(turn.text):
        return None
    more = {name: value for name, value in asked.items() if name != "kind"}
    expect(turn, "area", tools, **(more | {"again": True}))
    return Outcome(Action.OFFER, say(wording.AREA_ASK_AGAIN))


def _useful(session: Session, turn: Turn, tools: Tools, asked: JsonObject) -> Outcome | None:
    if "offered" in asked and (choices.is_ordinal(turn.text) or choices.is_none(turn.text)):
        return _offer(session, turn, tools, asked["offered"])
    picked = choices.picked("useful", turn.text)
    if picked == TAKE_UP and "text" in asked:
        expect_nothing(turn)
        return open_matter(session, back_to(turn, asked), tools, Intent.DISPUTE)
    given = session.get(AnswerGiven, asked["answer"]) if picked in {YES, NO} else None
    if given is None:
        return None
    given.useful = picked == YES
    if "text" not in asked:
        expect_nothing(turn)
    text = wording.USEFUL_NOTED if picked == YES else wording.USELESS_NOTED
    return Outcome(Action.CHAT, say(text))


def _rate(session: Session, turn: Turn, tools: Tools, asked: JsonObject) -> Outcome | None:
    picked = choices.picked("rate", turn.text)
    ticket = turn.resolved
    if ticket is None or ticket.id != asked["ticket"]:
        return None
    if picked not in {YES, NO}:
        if choices.number(turn.text) is None:
            return None
        return Outcome(Action.CHAT, say(wording.OUTCOME_WHICH.format(number=ticket.number)))
    solved = picked == YES
    moves.rate(session, ticket, solved=solved, now=turn.now, settings=tools.settings)
    expect_nothing(turn)
    text = wording.RATED_SOLVED if solved else wording.RATED_UNSOLVED
    return Outcome(Action.STATUS, say(text.format(number=ticket.number)), ticket=ticket)


def _safe(session: Session, turn: Turn, tools: Tools, asked: JsonObject) -> Outcome | None:
    del tools
    picked = choices.picked("safe", turn.text)
    if picked not in {YES, NO}:
        return None
    expect_nothing(turn)
    ticket = session.get(Ticket, asked["ticket"])
    if picked == YES:
        return Outcome(Action.TICKET, say(wording.SAFE_NOTED), ticket=ticket)
    return Outcome(Action.CRISIS, say(wording.UNSAFE_NOTED), ticket=ticket)


def _withdraw(session: Session, turn: Turn, tools: Tools, asked: JsonObject) -> Outcome | None:
    del tools
    picked = choices.picked("withdraw", turn.text)
    ticket = turn.ticket
    if picked not in {YES, NO} or ticket is None or ticket.id != asked["ticket"]:
        return None
    expect_nothing(turn)
    if picked == NO:
        text = wording.WITHDRAW_KEPT.format(number=ticket.number)
        return Outcome(Action.STATUS, say(text), ticket=ticket)
    if not moves.withdraw(session, ticket, now=turn.now):
        text = wording.WITHDRAW_CRISIS.format(number=ticket.number)
        return Outcome(Action.STATUS, say(text), ticket=ticket)
    return Outcome(
        Action.STATUS, say(wording.WITHDRAWN.format(number=ticket.number)), ticket=ticket
    )


_HANDLERS: dict[str, Callable[[Session, Turn, Tools, JsonObject], Outcome | None]] = {
    "offer": _list,
    "person": _person,
    "area": _area,
    "useful": _useful,
    "rate": _rate,
    "safe": _safe,
    "withdraw": _withdraw,
    "correct": my_information.corrected,
    "erase": my_information.erased,
}
