"""Out of the queue: claimed in one transaction, sent in none, noted in another."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import ColumnElement, Select, bindparam, exists, select
from sqlalchemy.orm import Session, aliased

from bot.contracts import Action
from bot.conversation.tables import Conversation, Speaker
from bot.db.types import UTCDateTime
from bot.inbox import InboundMessage
from bot.outbox.bundling import closing_said_once, gather, members
from bot.outbox.delivery import ACCEPTED, Result, Sendable, of_kind
from bot.outbox.discreet import hold, must_wait
from bot.outbox.finished import FAILED, known_as_failed
from bot.outbox.tables import Kind, OutboundMessage, SendState
from bot.people.residents import unfollow
from bot.people.tables import Resident
from bot.wechat import budget
from bot.wechat.outcomes import OUTCOMES, Ends, next_try

KEPT = 1
"""Messages of the 48 hours that are kept for the outcome of the matter."""
SHORT = 2
"""Where no more are left, several answers go out as one."""
WAITED = frozenset({"no_window", "limit_reached", "kept_for_outcome"})
_MOST_HELD_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class _Due:
    """A message whose time has come."""

    row: OutboundMessage
    resident: Resident
    talks_over: bool
    """The service would break in on a person who speaks."""


def claim(
    session: Session, *, now: datetime, lease: timedelta, limit_bytes: int = 1800
) -> Sendable | None:
    """
    Take the next due message and hide it from other workers for *lease*; None: nothing is due.

    What cannot wait comes first, then the oldest.  It is paid for from the resident's
    budget; where that is empty it is held instead, with its reason.  No message of a
    resident goes before an earlier one that is still queued.  What the service wanted
    to say is not sent once a person speaks.  Where the budget is short, what waits
    behind goes out with it, up to *limit_bytes*.
    """
    for _ in range(_MOST_HELD_AT_ONCE):
        due = _next_due(session, now)
        if due is None:
            return None
        row = due.row
        if row.paid_from:
            row.doubtful = True  # somebody took it, paid, and never said how it ended
        if due.talks_over:
            row.state, row.outcome, row.finished_at = SendState.WITHDRAWN, "person_speaks", now
            session.flush()
            continue
        if must_wait(row, due.resident, now):
            hold(session, row, due.resident, now=now)
            continue
        if _together(session, row, now):
            gather(session, row, limit_bytes=limit_bytes)
        if row.kind != Kind.NOTICE and not _paid(session, row, now):
            continue
        row.attempts += 1
        row.claimed_at, row.not_before = now, now + lease
        session.flush()
        texts = [row.text, *(other.text for other in members(session, row))]
        return of_kind(row, openid=due.resident.openid, text=closing_said_once(texts))
    return None


def waits(session: Session, *, now: datetime) -> bool:
    """Say whether a message is due; for a look that locks nothing."""
    return session.scalar(_any_due(), {"now": now}) is not None


def note_result(session: Session, sendable: Sendable, result: Result, *, now: datetime) -> None:
    """Write down how a try ended; what WeChat did not accept is paid back."""
    row = session.get(OutboundMessage, sendable.outbound_id, with_for_update=True)
    if row is None:
        return
    if result.outcome == ACCEPTED:
        _finish(row, SendState.ACCEPTED, now)
        row.details = row.details | dict(result.told)
        if known_as_failed(row):
            row.state, result = SendState.REFUSED, Result(FAILED)
    elif row.state != SendState.QUEUED or row.attempts != sendable.attempt:
        return  # the lease ran out and somebody else has it, or it was given up
    else:
        _not_accepted(session, row, result, now=now)
    row.outcome, row.code = result.outcome, result.code
    row.paid_from, row.claimed_at = "", None
    for other in members(session, row, state=None):
        other.state, other.finished_at = row.state, row.finished_at
        other.outcome, other.code, other.doubtful = row.outcome, row.code, row.doubtful
    session.flush()


def _not_accepted(
    session: Session, row: OutboundMessage, result: Result, *, now: datetime
) -> None:
    outcome = OUTCOMES[result.outcome]
    began = row.claimed_at or now
    if outcome.name == "not_following":
        _note_unfollowed(session, row.resident_id, began=began)
    row.doubtful = row.doubtful or outcome.doubtful
    if outcome.ends == Ends.HELD and row.kind != Kind.NOTICE:
        _believe(session, row, result.outcome, began=began)
        written_since = budget.left(session, row.resident_id, now=now).left > 0
        row.state = SendState.QUEUED if written_since else SendState.HELD
        row.not_before = now
        return
    if row.paid_from:
        budget.give_back(session, row.resident_id, row.paid_from, taken_at=began)
    if outcome.ends != Ends.LATER:
        _finish(row, SendState.REFUSED, now)
    else:
        row.not_before = next_try(outcome.name, attempts=row.attempts, seed=row.id, now=now)


def _note_unfollowed(session: Session, resident_id: int, *, began: datetime) -> None:
    # The resident before the budget, as when a message comes in: two transactions that lock
    # the same rows in different order stop each other.
    unfollow(session, session.get_one(Resident, resident_id), now=began)
    budget.shut(session, resident_id, seen_at=began)


def _believe(session: Session, row: OutboundMessage, outcome: str, *, began: datetime) -> None:
    close = budget.shut if outcome == "no_window" else budget.exhausted
    close(session, row.resident_id, seen_at=began)


def _finish(row: OutboundMessage, state: SendState, now: datetime) -> None:
    row.state, row.finished_at = state, now


def _is_due() -> tuple[ColumnElement[bool], ...]:
    earlier = aliased(OutboundMessage)
    waits = exists().where(
        earlier.resident_id == OutboundMessage.resident_id,
        earlier.state == SendState.QUEUED,
        earlier.bundle_id.is_(None),
        earlier.id < OutboundMessage.id,
    )
    return (
        OutboundMessage.state == SendState.QUEUED,
        OutboundMessage.bundle_id.is_(None),
        OutboundMessage.not_before <= bindparam("now", type_=UTCDateTime),
        ~waits,
    )


# Made once: putting such a statement together costs more than the database needs for it.
@cache
def _any_due() -> Select[int]:
    return select(OutboundMessage.id).where(*_is_due()).limit(1)


@cache
def _due_first() -> Select[OutboundMessage, Resident, str, str]:
    return (
        select(OutboundMessage, Resident, Conversation.speaker, InboundMessage.action)
        .join(Resident, Resident.id == OutboundMessage.resident_id)
        .outerjoin(Conversation, Conversation.resident_id == OutboundMessage.resident_id)
        .outerjoin(InboundMessage, InboundMessage.id == OutboundMessage.inbound_id)
        .where(*_is_due())
        .order_by(OutboundMessage.can_wait, OutboundMessage.id)
        .limit(1)
        .with_for_update(of=OutboundMessage, skip_locked=True)
        .execution_options(populate_existing=True)
    )


def _next_due(session: Session, now: datetime) -> _Due | None:
    found = session.execute(_due_first(), {"now": now}).first()
    if found is None:
        return None
    row, resident, speaker, action = found
    # What is said in a crisis is said whoever speaks; so is what belongs to no message, like
    # the reminder that somebody waits for the resident.
    chatter = row.by_machine and row.inbound_id is not None and action != Action.CRISIS
    return _Due(row, resident, talks_over=chatter and speaker == Speaker.PERSON)


def _together(session: Session, row: OutboundMessage, now: datetime) -> bool:
    """Say whether what waits behind the message should go out with it."""
    if row.outcome in WAITED:
        return True  # nobody read it meanwhile, so it may as well be one message
    left = budget.left(session, row.resident_id, now=now)
    return left.left <= SHORT


def _paid(session: Session, row: OutboundMessage, now: datetime) -> bool:
    """Pay for a try; hold the message where nothing is left that it may be paid with."""
    if row.paid_from:
        return True
    together = [row, *members(session, row)]
    keep = 0 if any(one.may_use_last for one in together) else KEPT
    window = budget.take(session, row.resident_id, now=now, keep=keep)
    if window:
        row.paid_from = window
        return True
    for one in together:
        one.state, one.outcome, one.code = SendState.HELD, _why_held(session, row, now), None
    session.flush()
    return False


def _why_held(session: Session, row: OutboundMessage, now: datetime) -> str:
    left = budget.left(session, row.resident_id, now=now)
    if left.left > 0:
        return "kept_for_outcome"
    return "limit_reached" if left.until is not None else "no_window"
