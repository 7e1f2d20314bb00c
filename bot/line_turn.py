"""What a stored message of a resident comes to: all it depends on, read under one lock."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.contracts import Intent, Understanding
from bot.conversation.decide import INTENTS, decide
from bot.conversation.finding import find_answer
from bot.conversation.turn import Outcome, Tools, Turn
from bot.people.areas import place_meant
from bot.people.residents import learn_area, lock_conversation
from bot.staff_line.recognising import Arrived
from bot.tickets import lookup
from bot.understanding.reader import Reading

FAILED = Reading(understanding=Understanding(Intent.HUMAN_HANDOFF, 0.0, source=""), crisis=None)
"""What is made of a message that broke every turn: a person reads it."""


def decided(
    session: Session, here: Arrived, read: Reading, tools: Tools, *, now: datetime
) -> Outcome:
    """Decide what a resident's message comes to, and write what follows from it."""
    message, resident = here.message, here.resident
    conversation = lock_conversation(session, resident.id, now=now)
    matters = lookup.present(session, resident.id)
    learn_area(resident, message.text)
    area = place_meant(message.text, resident.area_code)
    today = now.astimezone(tools.settings.zone).date()
    turn = Turn(
        inbound=message,
        resident=resident,
        conversation=conversation,
        reading=read,
        finding=find_answer(session, message.text, tools.knowledge, read, today=today, area=area),
        ticket=matters.live,
        resolved=matters.resolved,
        now=now,
        area=area,
    )
    if read is FAILED:
        return INTENTS[Intent.HUMAN_HANDOFF](session, turn, tools)
    return decide(session, turn, tools)
