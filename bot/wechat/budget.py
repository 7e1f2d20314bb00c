"""How many customer-service messages WeChat still takes for a resident, as far as we know.

A message of theirs opens 48 hours with five; a menu tap, a follow or a scan a minute with
three.  Windows are set and never added up.  WeChat alone knows the truth: where it refuses,
the windows are closed, so that nobody is promised what will not arrive.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.contracts import Push
from bot.db.engine import table_of
from bot.db.inserting import Insert, insert, insert_into
from bot.wechat.tables import ReplyBudget

MESSAGE_LEFT, MESSAGE_FOR = 5, timedelta(hours=48)
EVENT_LEFT, EVENT_FOR = 3, timedelta(minutes=1)
Window = Literal["message", "event"]
_EVENTS = {
    *("event.subscribe", "event.scan", "event.click"),
    *("event.scancode_push", "event.scancode_waitmsg"),
}


@dataclass(frozen=True, slots=True)
class Budget:
    """How many messages may go out now, and until when; none: `left` 0."""

    left: int
    until: datetime | None
    """When the window closes; None where none is open."""
    window: Window | None = field(default=None, compare=False)


def opened_by_push(session: Session, resident_id: int, push: Push, *, now: datetime) -> None:
    """Open or close what this message or event opens or closes; most events do neither."""
    if push.kind == "event.unsubscribe":
        shut(session, resident_id, seen_at=now)
    elif push.kind in _EVENTS or push.details.get("bizmsgmenuid"):
        # Whether a tap on a choice counts as writing is not documented clearly; the smaller
        # promise is the safe one.
        opened_by_event(session, resident_id, now=now)
    elif not push.kind.startswith("event."):
        opened_by_message(session, resident_id, now=now)


def opened_by_message(session: Session, resident_id: int, *, now: datetime) -> None:
    """Set five messages for 48 hours, whatever was left."""
    _set(session, resident_id, message_left=MESSAGE_LEFT, message_until=now + MESSAGE_FOR)


def opened_by_event(session: Session, resident_id: int, *, now: datetime) -> None:
    """Set three messages for a minute; the 48 hours of an earlier message stay as they are."""
    _set(session, resident_id, event_left=EVENT_LEFT, event_until=now + EVENT_FOR)


def left(session: Session, resident_id: int, *, now: datetime) -> Budget:
    """Return what may be promised: of two open windows the longer one, never their sum."""
    row = session.get(ReplyBudget, resident_id)
    if row is None:
        return Budget(0, None)
    if _open(row.message_until, now):
        return Budget(row.message_left, row.message_until, "message")
    if _open(row.event_until, now):
        return Budget(row.event_left, row.event_until, "event")
    return Budget(0, None)


def take(session: Session, resident_id: int, *, now: datetime, keep: int = 0) -> Window | None:
    """
    Pay for one message and return the window that paid; None: no money.

    The long window pays while it can, and of its messages *keep* are left where
    they are; the short one pays only where the long one is shut or empty.  How
    WeChat counts where both are open is not documented: a message that is paid for
    once may count in both.
    """
    row = _locked(session, resident_id)
    paid: Window | None = None
    short = row.event_left > 0 and _open(row.event_until, now)
    if row.message_left > 0 and _open(row.message_until, now):
        if row.message_left > keep:
            row.message_left -= 1
            row.event_left -= 1 if short else 0
            paid = "message"
    elif short:
        row.event_left -= 1
        paid = "event"
    session.flush()
    return paid


def give_back(session: Session, resident_id: int, window: str, *, taken_at: datetime) -> None:
    """Undo a `take` whose message WeChat did not accept, unless the window was set anew since."""
    row = _locked(session, resident_id)
    if window == "message" and not _set_after(row.message_until, MESSAGE_FOR, taken_at):
        row.message_left = min(row.message_left + 1, MESSAGE_LEFT)
    elif window == "event" and not _set_after(row.event_until, EVENT_FOR, taken_at):
        row.event_left = min(row.event_left + 1, EVENT_LEFT)
    session.flush()


def exhausted(session: Session, resident_id: int, *, seen_at: datetime) -> None:
    """Believe WeChat's 45047 to a call made at *seen_at*: nothing is left in any window."""
    row = _locked(session, resident_id)
    if not _set_after(row.message_until, MESSAGE_FOR, seen_at):
        row.message_left = 0
    if not _set_after(row.event_until, EVENT_FOR, seen_at):
        row.event_left = 0
    session.flush()


def shut(session: Session, resident_id: int, *, seen_at: datetime) -> None:
    """Believe WeChat's 45015 to a call made at *seen_at*: no window is open."""
    exhausted(session, resident_id, seen_at=seen_at)
    row = _locked(session, resident_id)
    if not _set_after(row.message_until, MESSAGE_FOR, seen_at):
        row.message_until = None
    if not _set_after(row.event_until, EVENT_FOR, seen_at):
        row.event_until = None
    session.flush()


def _open(until: datetime | None, now: datetime) -> bool:
    return until is not None and now < until


def _set_after(until: datetime | None, lasts: timedelta, moment: datetime) -> bool:
    """Return whether the resident wrote while our call was under way; then it is out of date."""
    return until is not None and until - lasts > moment


def _set(session: Session, resident_id: int, **values: object) -> None:
    """Write a window anew, locked until the transaction ends."""
    written = _setting(session.get_bind().dialect.name, tuple(values))
    first = {"resident_id": resident_id, "message_left": 0, "event_left": 0, **values}
    session.execute(written, first)
    # A row this session has read is out of date now.
    known = session.identity_map.get(session.identity_key(ReplyBudget, resident_id))
    if known is not None:
        session.expire(known)


@cache
def _setting(dialect: str, names: Sequence[str]) -> Insert:
    """Return the statement of `_set`; made once, since making it takes longer than running it."""
    written = insert_into(dialect, table_of(ReplyBudget))
    anew = {name: written.excluded[name] for name in names}
    return written.on_conflict_do_update(index_elements=["resident_id"], set_=anew)


def _locked(session: Session, resident_id: int) -> ReplyBudget:
    """Return the row, made if need be, locked until the transaction ends."""
    values = {"resident_id": resident_id, "message_left": 0, "event_left": 0}
    session.execute(insert(session, ReplyBudget).values(values).on_conflict_do_nothing())
    return session.scalars(
        select(ReplyBudget)
        .where(ReplyBudget.resident_id == resident_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
