"""Out of the queue: claimed in one transaction, sent in none, noted in another."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from bot.errors import SendLaterError, SendRefusedError
from bot.outbox.tables import OutboundMessage, SendState
from bot.people.tables import Resident
from bot.wechat import budget
from bot.wechat.outcomes import OUTCOMES, Ends, next_try

ACCEPTED = "accepted"
_MOST_HELD_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Sendable:
    """A message that is ours to send, for the time of the lease."""

    outbound_id: int
    attempt: int
    by_machine: bool
    openid: str = field(repr=False)
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Result:
    """How a try ended: `accepted`, or a name of bot/wechat/outcomes.py."""

    outcome: str
    code: int | None = None


class Sender(Protocol):
    """What sends: the client of WeChat's API."""

    def send_text(self, openid: str, text: str, *, by_machine: bool) -> None:
        """Send; raise SendRefusedError or SendLaterError."""


def claim(session: Session, *, now: datetime, lease: timedelta) -> Sendable | None:
    """
    Take the oldest due message and hide it from other workers for *lease*; None: nothing is due.

    It is paid for from the resident's budget; where that is empty it is held
    instead, with its reason.  No message of a resident goes before an earlier
    one that is still queued.
    """
    for _ in range(_MOST_HELD_AT_ONCE):
        found = _oldest_due(session, now)
        if found is None:
            return None
        row, openid = found
        if not _paid(session, row, now):
            continue
        row.attempts += 1
        row.claimed_at, row.not_before = now, now + lease
        session.flush()
        return Sendable(row.id, row.attempts, row.by_machine, openid, row.text)
    return None


def deliver(api: Sender, sendable: Sendable) -> Result:
    """Send, with no transaction open, and return how it ended."""
    try:
        api.send_text(sendable.openid, sendable.text, by_machine=sendable.by_machine)
    except (SendRefusedError, SendLaterError) as error:
        return Result(error.outcome, error.code)
    return Result(ACCEPTED, 0)


def note_result(session: Session, sendable: Sendable, result: Result, *, now: datetime) -> None:
    """Write down how a try ended; what WeChat did not accept is paid back."""
    row = session.get(OutboundMessage, sendable.outbound_id, with_for_update=True)
    if row is None:
        return
    if result.outcome == ACCEPTED:
        _finish(row, SendState.ACCEPTED, now)
    elif row.state != SendState.QUEUED or row.attempts != sendable.attempt:
        return  # the lease ran out and somebody else has it, or it was given up
    else:
        _not_accepted(session, row, result, now=now)
    row.outcome, row.code = result.outcome, result.code
    row.paid_from, row.claimed_at = "", None
    session.flush()


def _not_accepted(
    session: Session, row: OutboundMessage, result: Result, *, now: datetime
) -> None:
    outcome = OUTCOMES[result.outcome]
    began = row.claimed_at or now
    if outcome.name == "not_following":
        _note_unfollowed(session, row.resident_id, began=began)
    row.doubtful = row.doubtful or outcome.doubtful
    if outcome.ends == Ends.HELD:
        _believe(session, row, result.outcome, began=began)
        written_since = budget.left(session, row.resident_id, now=now).left > 0
        row.state = SendState.QUEUED if written_since else SendState.HELD
        row.not_before = now
        return
    budget.give_back(session, row.resident_id, row.paid_from, taken_at=began)
    if outcome.ends == Ends.REFUSED:
        _finish(row, SendState.REFUSED, now)
    else:
        row.not_before = next_try(outcome.name, attempts=row.attempts, seed=row.id, now=now)


def _note_unfollowed(session: Session, resident_id: int, *, began: datetime) -> None:
    # The resident before the budget, as when a message comes in: two transactions that lock
    # the same rows in different order stop each other.
    session.get_one(Resident, resident_id).following = False
    session.flush()
    budget.shut(session, resident_id, seen_at=began)


def _believe(session: Session, row: OutboundMessage, outcome: str, *, began: datetime) -> None:
    close = budget.shut if outcome == "no_window" else budget.exhausted
    close(session, row.resident_id, seen_at=began)


def _finish(row: OutboundMessage, state: SendState, now: datetime) -> None:
    row.state, row.finished_at = state, now


def _oldest_due(session: Session, now: datetime) -> tuple[OutboundMessage, str] | None:
    earlier = aliased(OutboundMessage)
    waits = exists().where(
        earlier.resident_id == OutboundMessage.resident_id,
        earlier.state == SendState.QUEUED,
        earlier.id < OutboundMessage.id,
    )
    due = (OutboundMessage.state == SendState.QUEUED, OutboundMessage.not_before <= now, ~waits)
    found = session.execute(
        select(OutboundMessage, Resident.openid)
        .join(Resident, Resident.id == OutboundMessage.resident_id)
        .where(*due)
        .order_by(OutboundMessage.id)
        .limit(1)
        .with_for_update(of=OutboundMessage, skip_locked=True)
        .execution_options(populate_existing=True)
    ).first()
    return (found[0], found[1]) if found else None


def _paid(session: Session, row: OutboundMessage, now: datetime) -> bool:
    """Pay for a try; hold the message where nothing is left to pay with."""
    if row.paid_from:
        row.doubtful = True  # somebody took it, paid, and never said how it ended
        return True
    window = budget.take(session, row.resident_id, now=now)
    if window:
        row.paid_from = window
        return True
    used_up = budget.left(session, row.resident_id, now=now).until is not None
    row.outcome, row.code = "limit_reached" if used_up else "no_window", None
    row.state = SendState.HELD
    session.flush()
    return False
