"""What a stored message of a resident comes to: all it rests on, locked, or looked at again."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.contracts import Encoder, Finding, Intent, Understanding
from bot.conversation.decide import INTENTS, decide
from bot.conversation.finding import Opened, find_answer, with_vector
from bot.conversation.turn import Outcome, Tools, Turn
from bot.people.elsewhere import area_meant
from bot.people.residents import learn_area, lock_conversation
from bot.staff_line.recognising import Arrived
from bot.tickets import lookup
from bot.understanding.reader import Reading

FAILED = Reading(understanding=Understanding(Intent.HUMAN_HANDOFF, 0.0, source=""), crisis=None)
"""What is made of a message that broke every turn: a person reads it."""

RESTS_ON = """
SELECT m.*, c.*, t.*, into_it.state, (
  SELECT max(e.id) FROM ticket_event e WHERE e.ticket_id = t.id
), (
  SELECT group_concat(o.id) FROM inbound_message o
  WHERE o.resident_id = m.resident_id AND o.answered_at IS NULL
) FROM inbound_message m
LEFT JOIN conversation c ON c.resident_id = m.resident_id
LEFT JOIN ticket t ON t.resident_id = m.resident_id
LEFT JOIN ticket into_it ON into_it.id = t.merged_into_id
WHERE m.id = :id
"""
"""What a turn rests on that others may change: message, conversation, tickets with what happens
to them (a consent or a clock changes no ticket), and which messages are not answered yet."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A message that was read, and what was found for it before anything was locked."""

    read: Reading
    area: str
    """For which place."""
    finding: Finding


def look(  # noqa: PLR0913 (all that finding rests on)
    text: str,
    home: str,
    read: Reading,
    tools: Tools,
    encoder: Encoder | None,
    *,
    now: datetime,
    opened: Opened,
) -> Looked:
    """Find what answers a message of somebody who lives at *home*, with a vector if need be."""
    today, area = _today(now, tools), area_meant(text, home)
    read, found = with_vector(
        read, text, tools.knowledge, encoder, today=today, area=area, opened=opened
    )
    if found is None:
        with opened() as session:
            found = find_answer(session, text, tools.knowledge, read, today=today, area=area)
    return Looked(read, area, found)


def decided(
    session: Session, here: Arrived, looked: Looked, tools: Tools, *, now: datetime
) -> Outcome:
    """Decide what a resident's message comes to, and write what follows from it."""
    message, resident, read = here.message, here.resident, looked.read
    conversation = lock_conversation(session, resident.id, now=now)
    matters = lookup.present(session, resident.id)
    learn_area(resident, message.text)
    area, finding = area_meant(message.text, resident.area_code), looked.finding
    if area != looked.area:  # another message, meanwhile, told where they live
        today = _today(now, tools)
        finding = find_answer(session, message.text, tools.knowledge, read, today=today, area=area)
    turn = Turn(
        inbound=message,
        resident=resident,
        conversation=conversation,
        reading=read,
        finding=finding,
        ticket=matters.live,
        resolved=matters.resolved,
        now=now,
        area=area,
    )
    if read is FAILED:
        return INTENTS[Intent.HUMAN_HANDOFF](session, turn, tools)
    return decide(session, turn, tools)


def _today(now: datetime, tools: Tools) -> date:
    return now.astimezone(tools.settings.zone).date()
