"""
A phone that others look at: neutral notices, and a word that hides the talk.

What stands in WeChat's chat is not ours to delete.  So it is said honestly how to,
the talk is pushed off the screen, and nothing is quoted until the word comes again.
"""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from bot import wording_personal
from bot.contracts import Action
from bot.conversation import choices
from bot.conversation.turn import Outcome, Turn, expect_nothing, say
from bot.outbox import discreet
from bot.people.tables import Discretion
from bot.tickets.tables import Lane

SHARED = frozenset({"共用手机", "手机共用", "合用手机"})
OWN = frozenset({"自己的手机", "手机自己用"})
LOOK = frozenset({"看", "看看", "看消息"})
HIDE = frozenset({"藏起来", "藏", "快藏起来"})
TWICE = timedelta(minutes=2)
"""Whoever sends the word twice in a hurry means it once."""
LOOKS = timedelta(minutes=30)
"""So long after 看 answers come as they are."""


def asked(session: Session, turn: Turn) -> Outcome | None:
    """Do what a word about the phone asks; None: it is none of them."""
    word = choices.bare(turn.inbound.text)
    if word in HIDE:
        return _hide(turn)
    if turn.resident.discretion == Discretion.HIDDEN:
        return None  # whoever holds the phone learns nothing, not even that there are words
    if word in SHARED:
        turn.resident.discretion = Discretion.SHARED
        return _said(turn, wording_personal.SHARED_ON)
    if word in OWN and turn.resident.discretion == Discretion.SHARED:
        turn.resident.discretion, turn.resident.looks_until = Discretion.NONE, None
        discreet.release(session, turn.resident.id, now=turn.now)
        return _said(turn, wording_personal.SHARED_OFF)
    if word in LOOK and turn.resident.discretion == Discretion.SHARED:
        turn.resident.looks_until = turn.now + LOOKS
        news = discreet.release(session, turn.resident.id, now=turn.now)
        return _said(turn, wording_personal.LOOK if news else wording_personal.LOOK_NONE)
    return None


def kept_quiet(turn: Turn, outcome: Outcome) -> Outcome:
    """Return the outcome with nothing in its words of what was ever said; danger is answered."""
    hidden = turn.resident.discretion == Discretion.HIDDEN
    hiding = choices.bare(turn.inbound.text) in HIDE
    if not hidden or hiding or outcome.action == Action.CRISIS or not outcome.reply.parts:
        return outcome
    return replace(outcome, reply=say(wording_personal.HIDDEN))


def with_hint(turn: Turn, outcome: Outcome, lane_before: str) -> Outcome:
    """Say once, where somebody is hurt at home, that the phone can keep quiet."""
    ticket, parts = outcome.ticket, outcome.reply.parts
    fresh = ticket is not None and ticket.lane == Lane.VIOLENCE and lane_before != ticket.lane
    if not fresh or not parts or turn.resident.discretion != Discretion.NONE:
        return outcome
    more = f"{parts[-1]}\n{wording_personal.SHARED_HINT}"
    return replace(outcome, reply=replace(outcome.reply, parts=(*parts[:-1], more)))


def _hide(turn: Turn) -> Outcome:
    resident, expecting = turn.resident, turn.resident.discretion
    since = resident.discreet_at or turn.now - TWICE
    if expecting == Discretion.HIDDEN and turn.now - since >= TWICE:
        resident.discretion, resident.discreet_at = Discretion.SHARED, turn.now
        return _said(turn, wording_personal.SHOWN_AGAIN)
    if expecting != Discretion.HIDDEN:
        resident.discretion, resident.discreet_at = Discretion.HIDDEN, turn.now
    resident.looks_until = None
    expect_nothing(turn)
    return _said(turn, wording_personal.HIDE)


def _said(turn: Turn, words: str) -> Outcome:
    return Outcome(Action.STATUS, say(words), ticket=turn.ticket)
