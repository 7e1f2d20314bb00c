"""A caseworker's words that never reached the resident: whoever has the matter is told."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.notices.queue import notify
from bot.notices.tables import NoticeKind
from bot.outbox.tables import OutboundMessage, SendState
from bot.settings import Settings
from bot.tickets.tables import Ticket

LOOKED_BACK = timedelta(hours=24)
"""A worker that was away for less tells all of it when it is back."""
AT_A_TIME = 200


def tell_undelivered(session: Session, *, now: datetime, settings: Settings) -> int:
    """Tell of what WeChat refused, or what was given up; each message is told of once."""
    del settings
    rows = session.execute(
        select(OutboundMessage, Ticket.assignee_id)
        .outerjoin(Ticket, Ticket.id == OutboundMessage.ticket_id)
        .where(
            OutboundMessage.state.in_((SendState.REFUSED, SendState.GIVEN_UP)),
            OutboundMessage.staff_id.is_not(None),
            OutboundMessage.finished_at > now - LOOKED_BACK,
        )
        .order_by(OutboundMessage.id.desc())
        .limit(AT_A_TIME)
    ).all()
    told = [
        notify(
            session,
            staff_id=to,
            kind=NoticeKind.REPLY_FAILED,
            now=now,
            ticket_id=row.ticket_id,
            # Tried anew and refused anew is news.
            once=f"undelivered:{row.id}:{row.queued_at:%Y%m%d%H%M%S}",
        )
        for row, owner in rows
        if (to := owner or row.staff_id)
    ]
    return sum(told)
