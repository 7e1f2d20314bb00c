"""Where a turn's reply goes: into the answer to WeChat's call, and the rest into the outbox."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.orm import Session

from bot import outbox
from bot.clock import Clock
from bot.contracts import Action, Understanding
from bot.conversation.turn import Outcome
from bot.inbox import InboundMessage, ReplyVia
from bot.wechat.text import split_text

AFTER_THE_FIRST = timedelta(seconds=2)

Render = Callable[[str], str]
"""Turns a text into the XML of a passive reply."""


def note(message: InboundMessage, understanding: Understanding, outcome: Outcome) -> None:
    """Keep with the message what was made of it."""
    message.action = outcome.action
    message.ticket_id = outcome.ticket.id if outcome.ticket else None
    if understanding.source:
        message.intent = understanding.intent
        message.confidence = understanding.confidence
        message.topic = understanding.topic
        message.urgency = understanding.urgency
        message.understood_by = understanding.source


def put_reply(
    session: Session,
    message: InboundMessage,
    outcome: Outcome,
    *,
    render: Render | None,
    clock: Clock,
    limit_bytes: int,
) -> str:
    """Put the first part into WeChat's answer where that is open, and the rest into the outbox."""
    parts = [piece for part in outcome.reply.parts for piece in split_text(part, limit_bytes)]
    message.reply = "\n".join(parts)
    xml = ""
    if not parts:
        message.reply_via = ReplyVia.NONE
    elif render:
        message.reply_via = ReplyVia.PASSIVE
        message.passive_text = parts.pop(0)
        xml = message.reply_xml = render(message.passive_text)
    else:
        message.reply_via = ReplyVia.OUTBOX
    if parts:
        session.flush()  # waits for the turn to write, and the time of the others is from then on
    now = clock()
    for number, part in enumerate(parts):
        outbox.enqueue(
            session,
            resident_id=message.resident_id,
            text=part,
            now=now,
            limit_bytes=limit_bytes,
            ticket_id=outcome.ticket.id if outcome.ticket else None,
            inbound_id=message.id,
            by_machine=outcome.reply.by_machine,
            once_key=f"reply:{message.id}:{number}",
            can_wait=outcome.action != Action.CRISIS,
            # The first part is still on its way in the answer to WeChat's call.
            not_before=now + AFTER_THE_FIRST if xml else None,
        )
    return xml
