"""A caseworker's reply: words, policy answers, a file; and what is kept for the outcome."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from sqlalchemy.orm import Session

from bot import outbox, wording
from bot.contracts import Urgency
from bot.errors import LastReplyError
from bot.outbox import OutboundMessage, SendState
from bot.outbox.sending import KEPT, SHORT
from bot.replies import files, grounds
from bot.replies.files import Ready
from bot.replies.reserve import queued, would_take
from bot.tickets import moves, scope
from bot.tickets.change import locked
from bot.tickets.moves import Act
from bot.tickets.tables import Ticket
from bot.wechat import budget

BUNDLE_WITHIN = timedelta(seconds=20)
"""How long a reply waits for the next where few messages are left."""


class Last(StrEnum):
    """What to do with a reply that would use up the last message."""

    ASK = ""
    USE = "use"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Reply:
    """What was typed and chosen."""

    text: str
    once: str
    """Made by the page for each reply: sent twice, it is written once."""
    grounds: tuple[int, ...] = ()
    """Versions of the entries that were put in."""
    file: Ready | None = None
    last: Last = Last.ASK


def reply(session: Session, number: str, written: Reply, *, by: Act, folder: Path) -> Ticket:
    """
    Write the reply for sending; its files lie below *folder*.

    Where few messages are left it waits a moment for the next one, to go out
    with it, unless the last one is to be used now; never in a crisis, when the
    last message may be used as well.

    Raises:
        LastReplyError: it would use up the last message, and nobody said that it may.
        ConflictError, InvalidInputError, NotFoundError: as moves.reply has them.
    """
    words = written.text
    if written.file and not words.strip():
        words = wording.PERSON_SENDS[written.file.kind]
    ticket = locked(session, scope.find(session, number, staff=by.staff), now=by.now)
    once = f"reply:{ticket.id}:{written.once}"
    if outbox.written_as(session, once):
        return ticket  # a double click
    moves.reply(session, number, by=by, text=words, once=written.once)
    rows = [*outbox.written_as(session, once)]
    if written.file:
        rows.append(_enclosed(session, ticket, written.file, by, once=once, folder=folder))
    grounds.keep(session, rows[0].id, written.grounds, text=words, now=by.now)
    if ticket.urgency != Urgency.CRISIS:
        _spend_with_care(session, ticket, rows, written.last, by)
    session.flush()
    return ticket


def _enclosed(
    session: Session, ticket: Ticket, file: Ready, by: Act, *, once: str, folder: Path
) -> OutboundMessage:
    return outbox.enqueue_other(
        session,
        resident_id=ticket.resident_id,
        kind=file.kind,
        text="",
        details=files.store(file, folder=folder),
        now=by.now,
        ticket_id=ticket.id,
        staff_id=by.staff.id,
        once_key=f"{once}:file",
    )


def _spend_with_care(
    session: Session, ticket: Ticket, rows: Sequence[OutboundMessage], last: Last, by: Act
) -> None:
    left = budget.left(session, ticket.resident_id, now=by.now)
    for row in rows:
        row.may_use_last = last == Last.USE
    if left.window != "message" or left.left == 0:
        return
    waiting = queued(session, ticket.resident_id)
    after = left.left - would_take(left.left, waiting, limit_bytes=by.limit_bytes)
    if after < KEPT:
        _settle(rows, last, left.left)
    if left.left <= SHORT and last != Last.USE:  # the button says: now
        for row in rows:
            row.not_before = by.now + BUNDLE_WITHIN


def _settle(rows: Sequence[OutboundMessage], last: Last, left: int) -> None:
    if last == Last.ASK:
        msg = f"只剩 {left} 条能发，这样会用掉最后一条，办理结果就发不出去了。"
        raise LastReplyError(msg)
    if last == Last.HOLD:
        for row in rows:
            row.state, row.outcome = SendState.HELD, "kept_for_outcome"
