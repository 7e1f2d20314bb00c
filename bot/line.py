"""
The straight line of one message, with both of its transactions.

Transaction A stores the message.  Then the NLU is asked, with no transaction
open: a slow model must not hold a database connection.  Transaction B decides,
and writes conversation, ticket, reply and outbox rows together.
"""

import time
from dataclasses import dataclass
from datetime import date
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
from bot.line_reply import Render, note, put_reply
from bot.people.areas import place_meant
from bot.people.residents import find_or_create, learn_area, lock_conversation, touch
from bot.people.tables import Resident
from bot.staff_line import turn as staff_turn
from bot.staff_line.recognising import overhear, takes
from bot.tickets import lookup
from bot.understanding.reader import Reader, Reading
from bot.wechat import budget
from bot.wechat.push import PLATFORMS_OWN
from bot.window import PassiveWindow

log = structlog.get_logger(__name__)

POLL_SECONDS = 0.05
TRIES_BEFORE_A_PERSON = 3
NOT_READ = Reading(understanding=Understanding(Intent.OUT_OF_SCOPE, 0.0, source=""), crisis=None)
FAILED = Reading(understanding=Understanding(Intent.HUMAN_HANDOFF, 0.0, source=""), crisis=None)


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
    """
    Store and answer a push; a repeat waits for, and returns, the reply of the first.

    `window.stored` says from when on the message is safe.

    Raises:
        NotStoredError: it is not in the database; WeChat must bring it again.
    """
    try:
        inbound_id = _store_in_time(line, push, window)
        window.stored = True
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
        if push.kind not in PLATFORMS_OWN:
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
            msg = "neither stored nor here already"
            raise NotStoredError(msg)
        window.stored = True
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
        nobodys = message.kind.startswith("event.") or takes(session, message, now=line.now())
    read = NOT_READ
    if text.strip() and not nobodys:
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
    overhear(session, message, now=now)
    if takes(session, message, now=now):
        outcome = staff_turn.answer(session, message, now=now, settings=line.tools.settings)
    else:
        outcome = _turn(session, line, message, read)
    xml = put_reply(
        session,
        message,
        outcome,
        render=render,
        now=now,
        limit_bytes=line.tools.settings.wechat.text_bytes,
    )
    note(message, read.understanding, outcome)
    index.add(session, message.ticket_id, message.text)
    message.answered_at = now
    log.info("turn", inbound=message.id, action=outcome.action, via=message.reply_via)
    metrics.TURNS.labels(action=outcome.action).inc()
    passive = Passive(message.id, xml) if xml else None
    return Turned(message.id, read, outcome, passive)


def _turn(session: Session, line: Line, message: InboundMessage, read: Reading) -> Outcome:
    """Decide what a resident's message comes to."""
    now = line.now()
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
        return INTENTS[Intent.HUMAN_HANDOFF](session, turn, line.tools)
    return decide(session, turn, line.tools)


def _today(line: Line) -> date:
    return line.now().astimezone(line.tools.settings.zone).date()
