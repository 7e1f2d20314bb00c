"""Telling a caseworker who works from one who writes as anybody may."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, bindparam, exists, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import SQLCoreOperations

from bot.conversation.tables import Conversation
from bot.db.held import hold
from bot.db.writing import WATCHED
from bot.inbox import OF_STAFF, InboundMessage, unanswered
from bot.notices import binding, sending
from bot.notices.tables import StaffWeChat
from bot.people.residents import begin_conversation
from bot.people.tables import Resident, Staff
from bot.staff_line.commands import Verb, parse
from bot.understanding.crisis import find_crisis

_SCENE = "qrscene_"
Rows = TypeVarTuple("Rows")
_SCANS = frozenset({"event.subscribe", "event.scan"})


@dataclass(frozen=True, slots=True)
class Caller:
    """Who writes, and on which phone."""

    staff: Staff
    phone: StaffWeChat


@dataclass(frozen=True, slots=True)
class Arrived:
    """A stored message that waits for its answer, and who wrote it."""

    message: InboundMessage
    resident: Resident
    caller: Caller | None
    """The caseworker whose bound account wrote this."""


def arrived(session: Session, inbound_id: int) -> Arrived:
    """Return a message with who wrote it."""
    message, resident, bound = session.execute(_to_read(), {"inbound_id": inbound_id}).one()
    return _arrived(session, message, resident, bound=bound)


def locked_with_writer(session: Session, inbound_id: int, *, now: datetime) -> Arrived | None:
    """Lock a message, and the conversation it belongs to; None: it has been answered meanwhile."""
    wanted, which = _to_answer(), {"inbound_id": inbound_id}
    found = session.execute(wanted, which).one_or_none()
    if found is None:
        message = unanswered(session, inbound_id)
        if message is None:
            return None
        begin_conversation(session, message.resident_id, now=now)
        found = session.execute(wanted, which).one()
    message, conversation, resident, bound = found
    hold(session, conversation, resident.id)
    return _arrived(session, message, resident, bound=bound)


def is_bound(openid: str | SQLCoreOperations[str]) -> ColumnElement[bool]:
    """Return the condition that this is the account of somebody who works."""
    return exists().where(StaffWeChat.openid == openid)


def takes(here: Arrived, *, now: datetime) -> bool:
    """
    Say whether the message is for us: a code for binding, or a caseworker at work.

    Danger in words that are no command goes the way of a resident's, whoever wrote them.
    """
    message, caller = here.message, here.caller
    if message.kind == OF_STAFF or scene_of(message).startswith(binding.PREFIX):
        return True
    if message.kind.startswith("event.") or caller is None:
        return False
    command = parse(message.text)
    until = caller.phone.resident_until
    if until is not None and until > now:
        return command is not None and command.verb == Verb.AS_STAFF
    return command is not None or find_crisis(message.text) is None


def scene_of(message: InboundMessage) -> str:
    """Return the scene of the code that was scanned, if one was."""
    if message.kind not in _SCANS:
        return ""
    return str(message.details.get("EventKey", "")).removeprefix(_SCENE)


def overhear(session: Session, message: InboundMessage, *, now: datetime) -> None:
    """Take from an event what it says of our own notices; others may use it too."""
    if message.kind == sending.FINISHED:
        number = str(message.details.get("MsgID", ""))
        status = str(message.details.get("Status", ""))
        sending.note_finished(session, number, status, now=now)


def _arrived(
    session: Session, message: InboundMessage, resident: Resident, *, bound: bool
) -> Arrived:
    return Arrived(message, resident, _caller(session, resident.openid) if bound else None)


def _caller(session: Session, openid: str) -> Caller | None:
    """Return who works with this account; the binding of somebody who does no longer is none."""
    found = session.execute(_bound(), {"openid": openid}).one_or_none()
    return Caller(*found) if found else None


# These are made once, since making them takes longer than running them.
@cache
def _to_read() -> Select[InboundMessage, Resident, bool]:
    return _with_its_writer(select(InboundMessage, Resident, is_bound(Resident.openid)))


@cache
def _to_answer() -> Select[InboundMessage, Conversation, Resident, bool]:
    wanted = select(InboundMessage, Conversation, Resident, is_bound(Resident.openid))
    return (
        _with_its_writer(wanted)
        .join(Conversation, Conversation.resident_id == Resident.id)
        .where(InboundMessage.answered_at.is_(None))
        .with_for_update(of=(InboundMessage, Conversation))
        .execution_options(populate_existing=True, **{WATCHED: True})
    )


def _with_its_writer(wanted: Select[*Rows]) -> Select[*Rows]:
    return (
        wanted.select_from(InboundMessage)
        .join(Resident, Resident.id == InboundMessage.resident_id)
        .where(InboundMessage.id == bindparam("inbound_id"))
    )


@cache
def _bound() -> Select[Staff, StaffWeChat]:
    return (
        select(Staff, StaffWeChat)
        .join(StaffWeChat, StaffWeChat.staff_id == Staff.id)
        .where(
            StaffWeChat.openid == bindparam("openid", type_=StaffWeChat.openid.type), Staff.active
        )
        .execution_options(populate_existing=True)
    )
