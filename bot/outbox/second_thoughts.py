"""What people do with a message that has not gone out: try anew, spend the last one, take back."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.errors import ConflictError, NotFoundError
from bot.outbox.tables import OutboundMessage, SendState


def requeue(session: Session, outbound_id: int, *, now: datetime) -> None:
    """
    Try a message anew that did not go out, and with it what is in its text.

    Raises:
        NotFoundError: there is none.
        ConflictError: it was accepted, or is queued already.
    """
    row = _locked(session, outbound_id)
    if row.state in {SendState.QUEUED, SendState.ACCEPTED}:
        msg = "这条消息已经在发送，或已经送达微信。"
        raise ConflictError(msg)
    _queue(session, row, now)


def use_last(session: Session, outbound_id: int, *, now: datetime) -> None:
    """
    Send a held message with the one that is kept for the outcome.

    Raises:
        NotFoundError: there is none.
        ConflictError: it is not held any more.
    """
    row = _locked(session, outbound_id)
    if row.state != SendState.HELD:
        msg = "这条消息已经在发送，或已经送达微信。"
        raise ConflictError(msg)
    row.may_use_last = True
    _queue(session, row, now)


def withdraw(session: Session, outbound_id: int, *, now: datetime) -> None:
    """
    Take back what has not left yet; what was to go out in its text goes on by itself.

    Raises:
        NotFoundError: there is none.
        ConflictError: WeChat has it, or is being handed it right now.
    """
    row = session.get(OutboundMessage, outbound_id, with_for_update=True)
    if row is None:
        msg = "没有这条消息。"
        raise NotFoundError(msg)
    head = session.get(OutboundMessage, row.bundle_id) if row.bundle_id else row
    under_way = head is not None and (head.claimed_at is not None or head.paid_from)
    if row.state not in {SendState.HELD, SendState.QUEUED} or under_way:
        msg = "这条消息正在发送，或已经送达微信，收不回来了。"
        raise ConflictError(msg)
    session.execute(
        update(OutboundMessage).where(OutboundMessage.bundle_id == row.id).values(bundle_id=None)
    )
    row.state, row.finished_at, row.bundle_id = SendState.WITHDRAWN, now, None
    session.flush()


def _locked(session: Session, outbound_id: int) -> OutboundMessage:
    """Return the message in whose text this one goes out, locked: the two share their fate."""
    row = session.get(OutboundMessage, outbound_id)
    if row is not None and row.bundle_id is not None:
        outbound_id = row.bundle_id
    head = session.get(OutboundMessage, outbound_id, with_for_update=True)
    if head is None:
        msg = "没有这条消息。"
        raise NotFoundError(msg)
    return head


def _queue(session: Session, row: OutboundMessage, now: datetime) -> None:
    again = {
        "state": SendState.QUEUED,
        "finished_at": None,
        "not_before": now,
        "queued_at": now,
    }
    inside = (
        OutboundMessage.bundle_id == row.id,
        OutboundMessage.state.not_in((SendState.ACCEPTED, SendState.WITHDRAWN)),
    )
    session.execute(update(OutboundMessage).where(*inside).values(again))
    for name, value in again.items():
        setattr(row, name, value)
    session.flush()
