"""Telling a caseworker who works from one who writes as anybody may."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.inbox import OF_STAFF, InboundMessage
from bot.notices import binding, sending
from bot.notices.tables import StaffWeChat
from bot.people.tables import Resident, Staff
from bot.staff_line.commands import Verb, parse
from bot.understanding.crisis import find_crisis

_SCENE = "qrscene_"
_SCANS = frozenset({"event.subscribe", "event.scan"})


@dataclass(frozen=True, slots=True)
class Caller:
    """Who writes, and on which phone."""

    staff: Staff
    phone: StaffWeChat


def takes(session: Session, message: InboundMessage, *, now: datetime) -> bool:
    """
    Say whether the message is for us: a code for binding, or a caseworker at work.

    Danger in words that are no command goes the way of a resident's, whoever wrote them.
    """
    if message.kind == OF_STAFF or scene_of(message).startswith(binding.PREFIX):
        return True
    if message.kind.startswith("event."):
        return False
    caller = caller_of(session, message)
    if caller is None:
        return False
    command = parse(message.text)
    until = caller.phone.resident_until
    if until is not None and until > now:
        return command is not None and command.verb == Verb.AS_STAFF
    return command is not None or find_crisis(message.text) is None


def caller_of(session: Session, message: InboundMessage) -> Caller | None:
    """Return the caseworker whose bound account wrote this."""
    openid = session.get_one(Resident, message.resident_id).openid
    found = binding.of_openid(session, openid)
    return Caller(found[1], found[0]) if found else None


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
