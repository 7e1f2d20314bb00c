"""
The straight line of one message, with both of its transactions.

Transaction A stores the message.  Then the NLU is asked, with no transaction
open: a slow model must not hold a database connection.  Transaction B decides,
and writes conversation, ticket, reply and outbox rows together.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from bot import inbox, media, metrics, outbox
from bot.clock import Clock
from bot.contracts import Encoder, Intent, Push, Understanding
from bot.conversation.decide import INTENTS, decide
from bot.conversation.finding import find_answer, with_vector
from bot.conversation.turn import Outcome, Tools, Turn
from bot.db.engine import reading, transaction
from bot.errors import NotStoredError
from bot.finding import index
from bot.inbox import InboundMessage, ReplyVia
from bot.people.areas import place_meant
from bot.people.residents import find_or_create, learn_area, lock_conversation, touch
from bot.people.tables import Resident
from bot.tickets import lookup
from bot.understanding.reader import Reader, Reading
from bot.wechat import budget
from bot.wechat.text import split_text
from bot.window import PassiveWindow

log = structlog.get_logger(__name__)

POLL_SECONDS = 0.05
TRIES_BEFORE_A_PERSON = 3
AFTER_THE_FIRST = timedelta(seconds=2)
NOT_READ = Reading(understanding=Understanding(Intent.OUT_OF_SCOPE, 0.0, source=""), crisis=None)
FAILED = Reading(understanding=Understanding(Intent.HUMAN_HANDOFF, 0.0, source=""), crisis=None)

Render = Callable[[str], str]
"""Turns a text into the XML of a passive reply."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a message passes through."""

    engine: Engine
    reader: Reader
    tools: Tools
    now: Clock
    encoder: Encoder | None = None


@dataclass(frozen=True, slots=True)
class Passive:
    """A reply for the answer to WeChat's call."""

    inbound_id: int
    xml: str


@dataclass(frozen=True, slots=True)
class Turned:
    """What became of a turn; `passive` is None where nothing is said in the answer."""

    inbound_id: int
    reading: Reading
    outcome: Outcome
    passive: Passive | None


def receive(line: Line, push: Push, *, window: PassiveWindow, render: Render) -> Passive | None:
    """Store and answer a push; a repeat waits for, and returns, the reply of the first."""
    try:
        inbound_id = _store_in_time(line, push, window)
    except IntegrityError:
        metrics.REPEATS.inc()
        return _reply_of_the_first(line, push.key, window=window, render=render)
    turned = answer(line, inbound_id, window=window, render=render)
    return turned.passive if turned else None


def _store_in_time(line: Line, push: Push, window: PassiveWindow) -> int:
    """Store the push; a database that is away for a moment is asked again while WeChat waits."""
    while True:
        try:
            return store(line, push)
        except OperationalError as error:
            if window.seconds_left <= 0:
                log.warning("not_stored", error=type(error.orig).__name__)
                msg = "the database does not answer"
                raise NotStoredError(msg) from None
            time.sleep(POLL_SECONDS * 4)


def store(line: Line, push: Push) -> int:
    """
    Transaction A: keep the message and what it opens; return its row's id.

    Raises:
        sqlalchemy.exc.IntegrityError: the message is here already.
    """
    now = line.now()
    with transaction(line.engine) as session:
        resident, _ = find_or_create(session, push.openid, now=now)
        message = inbox.store(session, push, resident_id=resident.id, now=now)
        touch(session, resident, now=now)
        budget.opened_by_push(session, resident.id, push, now=now)
        outbox.release_held(session, resident.id, now=now)
        media.queue(session, message, now=now)
        inbound_id = message.id
    metrics.RECEIVED.labels(kind=push.kind.split(".", maxsplit=1)[0]).inc()
    return inbound_id


def _reply_of_the_first(
    line: Line, key: str, *, window: PassiveWindow, render: Render
) -> Passive | None:
    """Wait for the reply to a message that is here already; take it over from a dead process."""
    while True:
        now = line.now()
        with reading(line.engine) as session:
            kept = inbox.kept(session, key, now=now)
        if kept is None:
            return None
        if kept.answered:
            via_us = kept.reply_via == ReplyVia.PASSIVE and kept.reply_xml
            return Passive(kept.inbound_id, kept.reply_xml) if via_us else None
        if kept.free:
            with transaction(line.engine) as session:
                ours = inbox.take_over(session, kept.inbound_id, now=now)
            if ours:
                turned = answer(line, kept.inbound_id, window=window, render=render)
                return turned.passive if turned else None
        if window.seconds_left <= 0 and window.close():
            return None
        time.sleep(POLL_SECONDS)


def answer(
    line: Line, inbound_id: int, *, window: PassiveWindow, render: Render | None = None
) -> Turned | None:
    """Read, decide and reply to a stored message; None when somebody else has done so."""
    with reading(line.engine) as session:
        message = session.get_one(InboundMessage, inbound_id)
        text, attempts = message.text, message.attempts
        is_event = message.kind.startswith("event.")
    read = NOT_READ
    if text.strip() and not is_event:
        failed = attempts > TRIES_BEFORE_A_PERSON
        read = FAILED if failed else line.reader.read(text, now=line.now())
        knowledge, opened = line.tools.knowledge, partial(reading, line.engine)
        read = with_vector(read, text, knowledge, line.encoder, today=_today(line), opened=opened)
    passive = render is not None and window.claim()
    with transaction(line.engine) as session:
        return _decide(session, line, inbound_id, read, render if passive else None)


def _decide(
    session: Session, line: Line, inbound_id: int, read: Reading, render: Render | None
) -> Turned | None:
    now = line.now()
    message = inbox.unanswered(session, inbound_id)
    if message is None:
        return None
    resident = session.get_one(Resident, message.resident_id)
    learn_area(resident, message.text)
    area = place_meant(message.text, resident.area_code)
    turn = Turn(
        inbound=message,
        resident=resident,
        conversation=lock_conversation(session, message.resident_id, now=now),
        reading=read,
        finding=find_answer(
            session, message.text, line.tools.knowledge, read, today=_today(line), area=area
        ),
        ticket=lookup.live(session, message.resident_id),
        now=now,
        area=area,
    )
    if read is FAILED:
        outcome = INTENTS[Intent.HUMAN_HANDOFF](session, turn, line.tools)
    else:
        outcome = decide(session, turn, line.tools)
    xml = _reply(session, line, message, outcome, render)
    _note(message, read.understanding, outcome)
    index.add(session, message.ticket_id, message.text)
    message.answered_at = now
    log.info("turn", inbound=message.id, action=outcome.action, via=message.reply_via)
    metrics.TURNS.labels(action=outcome.action).inc()
    passive = Passive(message.id, xml) if xml else None
    return Turned(message.id, read, outcome, passive)


def _today(line: Line) -> date:
    return line.now().astimezone(line.tools.settings.zone).date()


def _note(message: InboundMessage, understanding: Understanding, outcome: Outcome) -> None:
    message.action = outcome.action
    message.ticket_id = outcome.ticket.id if outcome.ticket else None
    if understanding.source:
        message.intent = understanding.intent
        message.confidence = understanding.confidence
        message.topic = understanding.topic
        message.urgency = understanding.urgency
        message.understood_by = understanding.source


def _reply(
    session: Session, line: Line, message: InboundMessage, outcome: Outcome, render: Render | None
) -> str:
    """Put the first part into WeChat's answer where that is open, and the rest into the outbox."""
    limit = line.tools.settings.wechat.text_bytes
    parts = [piece for part in outcome.reply.parts for piece in split_text(part, limit)]
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
    for number, part in enumerate(parts):
        outbox.enqueue(
            session,
            resident_id=message.resident_id,
            text=part,
            now=line.now(),
            limit_bytes=limit,
            ticket_id=outcome.ticket.id if outcome.ticket else None,
            inbound_id=message.id,
            by_machine=outcome.reply.by_machine,
            once_key=f"reply:{message.id}:{number}",
            # The first part is still on its way in the answer to WeChat's call.
            not_before=line.now() + AFTER_THE_FIRST if xml else None,
        )
    return xml
