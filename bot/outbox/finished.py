"""What WeChat tells later of a notice it took: that it did not reach the phone."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.outbox.tables import Kind, OutboundMessage, SendState

FAILED = "notice_failed"
REFUSED_ID = "refused_id"


def note_failed(session: Session, resident_id: int, notice_id: str, *, now: datetime) -> None:
    """
    Note that the notice with WeChat's id did not arrive.

    WeChat may say so before our own note that it took the notice is written; then
    the id is left for that note to find.
    """
    row = session.scalars(
        select(OutboundMessage)
        .where(
            OutboundMessage.resident_id == resident_id,
            OutboundMessage.kind == Kind.NOTICE,
            OutboundMessage.state.in_((SendState.QUEUED, SendState.ACCEPTED)),
        )
        .order_by(OutboundMessage.id.desc())
        .limit(1)
        .with_for_update()
    ).first()
    if row is None or not notice_id:
        return
    if row.state == SendState.QUEUED:
        row.details = row.details | {REFUSED_ID: notice_id}
    elif row.details.get("notice_id") == notice_id:
        row.state, row.outcome, row.finished_at = SendState.REFUSED, FAILED, now
    session.flush()


def known_as_failed(row: OutboundMessage) -> bool:
    """Say whether WeChat has told already that this notice did not arrive."""
    told = row.details.get(REFUSED_ID)
    return bool(told) and told == row.details.get("notice_id")
