"""Passive replies: which ones left, and which no call of WeChat came to fetch."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from bot.inbox.tables import InboundMessage, ReplyVia

HAND_OVER_WITHIN = timedelta(seconds=20)
"""WeChat's three tries are over by then; a reply that no try took is sent by the outbox."""


def mark_handed(session: Session, inbound_ids: list[int], *, now: datetime) -> None:
    """Note that these passive replies left in an answer to WeChat."""
    session.execute(
        update(InboundMessage)
        .where(InboundMessage.id.in_(inbound_ids), InboundMessage.handed_at.is_(None))
        .values(handed_at=now)
    )


def never_handed(session: Session, *, now: datetime, limit: int = 20) -> list[InboundMessage]:
    """
    Return answered messages whose passive reply no call of WeChat came to fetch.

    They are moved to the outbox's care; the caller enqueues their replies.
    """
    found = session.scalars(
        select(InboundMessage)
        .where(
            InboundMessage.reply_via == ReplyVia.PASSIVE,
            InboundMessage.handed_at.is_(None),
            or_(
                InboundMessage.answered_at <= now - HAND_OVER_WITHIN,
                # The clock may have been set back since.
                InboundMessage.answered_at > now + HAND_OVER_WITHIN,
            ),
        )
        .order_by(InboundMessage.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for message in found:
        message.reply_via = ReplyVia.OUTBOX
    return list(found)
