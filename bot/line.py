"""
The straight line of one message, with both of its transactions.

Transaction A stores the message.  Then the NLU is asked, with no transaction
open: a slow model must not hold a database connection.  Transaction B decides,
and writes conversation, ticket, reply and outbox rows together.
"""

import time
from dataclasses import dataclass, field
from functools import partial

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from bot import inbox, metrics
from bot.clock import Clock
from bot.contracts import Encoder, Intent, Push, Understanding
from bot.conversation.turn import Outcome, Tools
from bot.db.engine import deciding, on_disk, reading, transaction
from bot.db.writing import StaleError
from bot.errors import NotStoredError
from bot.finding import index
from bot.inbox import Placing, ReplyVia
from bot.line_keeping import Stored, in_danger, keep_push
from bot.line_reply import Render, note, put_reply
from bot.line_turn import FAILED, RESTS_ON, Looked, decided, look
from bot.line_waiting import POLL_SECONDS, comes, leave
from bot.places import Places
from bot.staff_line import turn as staff_turn
from bot.staff_line.recognising import (
    arrived,
    locked_with_writer,
    overhear,
    takes,
)
from bot.understanding.reader import Reader, Reading
from bot.window import PassiveWindow

log = structlog.get_logger(__name__)

TURN_SECONDS = 1.5
"""What a turn may need of the passive window: with less of it left, none is begun."""
TRIES_BEFORE_A_PERSON = 3
NOT_READ = Reading(understanding=Understanding(Intent.OUT_OF_SCOPE, 0.0, source=""), crisis=None)


@dataclass(frozen=True, slots=True)
class Line:
    """What a message passes through."""

    engine: Engine
    reader: Reader
    tools: Tools
    now: Clock
    encoder: Encoder | None = None
    places: Places = field(default_factory=Places)


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
    via: str
    """How what is said reaches the resident (ReplyVia)."""


def receive(line: Line, push: Push, *, window: PassiveWindow, render: Render) -> Passive | None:
    """
    Store and answer a push; a repeat waits for, and returns, the reply of the first.

    `window.stored` says from when on the message is safe.  Where too many are in work
    already, a worker answers it.

    Raises:
        NotStoredError: it is not in the database; WeChat must bring it again.
    """
    danger = in_danger(push)
    with line.places.taken(push.openid, in_danger=danger) as placed:
        try:
            stored = _store_in_time(line, push, window, Placing(can_wait=not danger, now=placed))
            window.stored = True
        except IntegrityError:
            metrics.REPEATS.inc()
            return _reply_of_the_first(line, push.key, window=window, render=render, wait=placed)
        if not placed:
            metrics.LEFT.inc()
            return None
        if stored.behind and not comes(line.engine, stored.inbound_id, window, now=line.now):
            return None
        within = window.seconds_left - TURN_SECONDS
        with line.places.run(within=within, in_danger=danger) as runs:
            if not runs:
                leave(line.engine, stored.inbound_id, now=line.now())
                return None
            if stored.by_staff:
                turned = answer(line, stored.inbound_id, window=window, render=render)
            else:
                turned = _answer(line, stored, window=window, render=render)
            return turned.passive if turned else None


def _store_in_time(line: Line, push: Push, window: PassiveWindow, placing: Placing) -> Stored:
    """Store the push; a database that is away for a moment is asked again while WeChat waits."""
    while True:
        try:
            return keep(line, push, placing)
        except OperationalError as error:
            if window.seconds_left <= 0:
                log.warning("not_stored", error=type(error.orig).__name__)
                msg = "the database does not answer"
                raise NotStoredError(msg) from None
            time.sleep(POLL_SECONDS * 4)


def store(line: Line, push: Push) -> int:
    """Keep the message as `keep` does; return its row's id."""
    return keep(line, push, Placing(can_wait=not in_danger(push))).inbound_id


def keep(line: Line, push: Push, placing: Placing) -> Stored:
    """
    Transaction A: keep the message and what it opens.

    Raises:
        sqlalchemy.exc.IntegrityError: the message is here already.
    """
    with transaction(line.engine) as session:
        stored = keep_push(session, push, placing, now=line.now())
    metrics.RECEIVED.labels(kind=push.kind.split(".", maxsplit=1)[0]).inc()
    return stored


def _reply_of_the_first(
    line: Line, key: str, *, window: PassiveWindow, render: Render, wait: bool
) -> Passive | None:
    """Wait for the reply to a message that is here already; take it over from a dead process."""
    while True:
        now = line.now()
        with reading(line.engine) as session:
            kept = inbox.kept(session, key, now=now)
        if kept is None:
            msg = "neither stored nor here already"
            raise NotStoredError(msg)
        if kept.answered or not window.stored:
            on_disk(line.engine)  # whoever wrote it may have died before it was there
        window.stored = True
        if kept.answered:
            via_us = kept.reply_via == ReplyVia.PASSIVE and kept.reply_xml
            return Passive(kept.inbound_id, kept.reply_xml) if via_us else None
        if not wait:
            return None
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
        here = arrived(session, inbound_id)
        ours = takes(here, now=line.now())
    it, area = here.message, here.resident.area_code
    stored = Stored(it.id, it.kind, it.text, it.attempts, area, by_staff=ours)
    return _answer(line, stored, window=window, render=render)


def _answer(
    line: Line, stored: Stored, *, window: PassiveWindow, render: Render | None
) -> Turned | None:
    read, text, crowded = NOT_READ, stored.text, line.places.crowded
    if text.strip() and not stored.by_staff and not stored.kind.startswith("event."):
        if stored.attempts > TRIES_BEFORE_A_PERSON:
            read = FAILED
        else:
            read = line.reader.read(text, now=line.now(), calm=stored.calm, crowded=crowded)
    opened = partial(reading, line.engine)
    encoder = None if crowded else line.encoder
    looked = look(text, stored.area, read, line.tools, encoder, now=line.now(), opened=opened)
    passive = render is not None and window.claim()
    rendered = render if passive else None
    try:
        with deciding(line.engine, RESTS_ON, stored.inbound_id) as session:
            turned = _decide(session, line, stored.inbound_id, looked, rendered)
    except StaleError:  # a caseworker, or another message of the resident, was quicker
        metrics.ANEW.inc()
        with transaction(line.engine) as session:
            turned = _decide(session, line, stored.inbound_id, looked, rendered)
    if turned is not None:
        action = turned.outcome.action
        log.info("turn", inbound=turned.inbound_id, action=action, via=turned.via)
        metrics.TURNS.labels(action=action).inc()
    return turned


def _decide(
    session: Session, line: Line, inbound_id: int, looked: Looked, render: Render | None
) -> Turned | None:
    now, read = line.now(), looked.read
    here = locked_with_writer(session, inbound_id, now=now)
    if here is None:
        return None
    message = here.message
    overhear(session, message, now=now)
    if takes(here, now=now):
        outcome = staff_turn.answer(session, here, now=now, settings=line.tools.settings)
    else:
        outcome = decided(session, here, looked, line.tools, now=now)
    xml = put_reply(
        session,
        message,
        outcome,
        render=render,
        clock=line.now,
        limit_bytes=line.tools.settings.wechat.text_bytes,
    )
    note(message, read.understanding, outcome)
    message.answered_at = now
    index.add(session, message.ticket_id, message.text)
    passive = Passive(message.id, xml) if xml else None
    return Turned(message.id, read, outcome, passive, via=message.reply_via)
