"""Telling a caseworker who works from one who writes as anybody may."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TypeVarTuple

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, exists, select
from sqlalchemy.orm import Session

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
    return _arrived(*session.execute(_to_read(), {"inbound_id": inbound_id}).one())


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
    message, conversation, resident, phone, staff = found
    hold(session, conversation, resident.id)
    return _arrived(message, resident, phone, staff)


def is_bound(openid: str | BindParameter[str]) -> ColumnElement[bool]:
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
    message: InboundMessage, resident: Resident, phone: StaffWeChat | None, staff: Staff | None
) -> Arrived:
    return Arrived(
        message,
        resident,
        Caller(staff, phone) if staff is not None and phone is not None else None,
    )


# These two are made once, since making them takes longer than running them.
@cache
def _to_read() -> Select[InboundMessage, Resident, StaffWeChat, Staff]:
    return _with_its_writer(select(InboundMessage, Resident, StaffWeChat, Staff))


@cache
def _to_answer() -> Select[InboundMessage, Conversation, Resident, StaffWeChat, Staff]:
    return (
        _with_its_writer(select(InboundMessage, Conversation, Resident, StaffWeChat, Staff))
        .join(Conversation, Conversation.resident_id == Resident.id)
        .where(InboundMessage.answered_at.is_(None))
        .with_for_update(of=(InboundMessage, Conversation))
        .execution_options(populate_existing=True, **{WATCHED: True})
    )


def _with_its_writer(wanted: Select[*Rows]) -> Select[*Rows]:
    # The binding of somebody who works here no longer is none.
    works = and_(Staff.id == StaffWeChat.staff_id, Staff.active)
    return (
        wanted.select_from(InboundMessage)
        .join(Resident, Resident.id == InboundMessage.resident_id)
        .outerjoin(StaffWeChat, StaffWeChat.openid == Resident.openid)
        .outerjoin(Staff, works)
        .where(InboundMessage.id == bindparam("inbound_id"))
    )
