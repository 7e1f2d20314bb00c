"""
A line for whoever may be in danger and did not say so: which two words bring a person.

Below the odds from which a person is called at once there are cries nobody can tell from
peace.  They lose nothing by their answer, and learn how to be heard.
"""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import wording
from bot.contracts import Action
from bot.conversation.turn import Outcome, Turn
from bot.inbox import InboundMessage
from bot.understanding.danger import may_whisper

AGAIN_AFTER = timedelta(days=1)
"""Said more often it would only be in the way."""
_LAST = 20
"""Messages of a resident that are looked through for it."""


def beside(session: Session, turn: Turn, outcome: Outcome) -> Outcome:
    """Add the line to the end of what is said, where *turn* may be a cry and is taken for none."""
    parts, read = outcome.reply.parts, turn.reading
    if not parts or outcome.action == Action.CRISIS:
        return outcome
    odds = read.understanding.crisis_odds
    if not may_whisper(turn.inbound.text, doubted=read.doubted, odds=odds):
        return outcome
    if _said_lately(session, turn):
        return outcome
    more = (*parts[:-1], f"{parts[-1]}\n\n{wording.WAY_OUT}")
    return replace(outcome, reply=replace(outcome.reply, parts=more))


def _said_lately(session: Session, turn: Turn) -> bool:
    replies = session.scalars(
        select(InboundMessage.reply)
        .where(
            InboundMessage.resident_id == turn.resident.id,
            InboundMessage.received_at > turn.now - AGAIN_AFTER,
        )
        .order_by(InboundMessage.id.desc())
        .limit(_LAST)
    )
    return any(wording.WAY_OUT in reply for reply in replies)
