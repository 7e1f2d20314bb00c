"""One message of a caseworker at work: guarded, done, answered, and not kept as words."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.contracts import Action
from bot.conversation.turn import Outcome, say
from bot.inbox import OF_STAFF
from bot.notices import binding
from bot.notices.tables import StaffWeChat
from bot.settings import Settings
from bot.staff_line import words
from bot.staff_line.commands import Verb, parse
from bot.staff_line.deeds import Call, do
from bot.staff_line.recognising import Arrived, Caller, scene_of

MOST_ATTEMPTS = 3
_MINUTE = timedelta(minutes=1)
_FREE = frozenset({Verb.AS_RESIDENT, Verb.HELP})
"""What a binding that ran out still allows: it opens nothing."""


def answer(session: Session, here: Arrived, *, now: datetime, settings: Settings) -> Outcome:
    """Do what the message asks for and return what to say; its words are not kept with it."""
    message = here.message
    scene = scene_of(message)
    if scene:
        text = _scanned(session, here, scene, now=now)
        message.details = {}  # the code's secret is nobody's business any more
    else:
        text = _said(session, here, now=now, settings=settings)
        # A reply stands with its ticket; here it would be taken for a resident's words.
        message.text = ""
    message.kind = OF_STAFF
    return Outcome(Action.STAFF, say(text))


def _scanned(session: Session, here: Arrived, scene: str, *, now: datetime) -> str:
    made = binding.find(session, scene, now=now)
    if made is None:
        return words.BIND_EXPIRED
    number = binding.scanned(session, made, here.resident.openid)
    return words.BIND_NUMBER.format(number=number) if number else words.BIND_TAKEN


def _said(session: Session, here: Arrived, *, now: datetime, settings: Settings) -> str:
    message, caller = here.message, here.caller
    if caller is None or message.attempts > MOST_ATTEMPTS:
        return words.BROKEN
    _lock(session, caller)
    if not _in_time(caller, now=now, most=settings.alerts.commands_per_minute):
        return words.TOO_FAST
    if message.kind != "text":
        return words.TEXT_ONLY
    command = parse(message.text)
    if command is None:
        return words.NOT_UNDERSTOOD
    if command.verb not in _FREE and _ran_out(caller, now=now, settings=settings):
        return words.EXPIRED
    msg_id = message.msg_id or f"row-{message.id}"
    return do(Call(session, caller, msg_id, now, settings), command)


def _lock(session: Session, caller: Caller) -> None:
    """Let two messages of one phone be done one after the other."""
    mine = select(StaffWeChat).where(StaffWeChat.staff_id == caller.staff.id)
    session.scalars(mine.with_for_update().execution_options(populate_existing=True)).one_or_none()


def _in_time(caller: Caller, *, now: datetime, most: int) -> bool:
    phone = caller.phone
    if phone.minute_at is None or not phone.minute_at <= now < phone.minute_at + _MINUTE:
        phone.minute_at, phone.minute_count = now, 0
    phone.minute_count += 1
    return phone.minute_count <= most


def _ran_out(caller: Caller, *, now: datetime, settings: Settings) -> bool:
    """A binding ends with its days, and whenever the person's logins are ended."""
    days = timedelta(days=settings.alerts.binding_days)
    phone = caller.phone
    return now >= phone.bound_at + days or phone.epoch != caller.staff.session_epoch
