"""Every inbound message and what became of it: the audit of "nothing lost, nothing twice"."""

import hashlib
import hmac
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.inbox import InboundMessage, ReplyVia
from bot.outbox import OutboundMessage
from bot.people.tables import Resident
from bot.tickets.tables import Ticket

BATCH = 500


def pseudonym(openid: str, key: bytes) -> str:
    """Return a stable name that only the holder of *key* can link to the openid."""
    return "r-" + hmac.new(key, openid.encode(), hashlib.sha256).hexdigest()[:20]


def export(session: Session, *, key: bytes) -> Iterator[dict[str, Any]]:
    """Yield one record a message, oldest first; no text of the resident is in it."""
    rows = session.execute(
        select(InboundMessage, Resident.openid, Ticket.number)
        .join(Resident, Resident.id == InboundMessage.resident_id)
        .outerjoin(Ticket, Ticket.id == InboundMessage.ticket_id)
        .order_by(InboundMessage.id)
        .execution_options(yield_per=BATCH)
    )
    for part in rows.partitions():
        sent = _outbound(session, [message.id for message, _, _ in part])
        for message, openid, number in part:
            yield {
                # The wide key has the openid in it.
                "key": message.key.replace(openid, pseudonym(openid, key)),
                "msg_id": message.msg_id,
                "kind": message.kind,
                "sent_at": message.sent_at.isoformat(),
                "received_at": message.received_at.isoformat(),
                "answered_at": message.answered_at.isoformat() if message.answered_at else None,
                "resident": pseudonym(openid, key),
                "action": message.action,
                "reply": message.reply,
                "delivery": _delivery(message, sent.get(message.id, [])),
                "ticket": number,
            }


def _outbound(session: Session, inbound_ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for inbound_id, state in session.execute(
        select(OutboundMessage.inbound_id, OutboundMessage.state)
        .where(OutboundMessage.inbound_id.in_(inbound_ids))
        .order_by(OutboundMessage.id)
    ):
        if inbound_id is not None:
            found.setdefault(inbound_id, []).append(state)
    return found


def _delivery(message: InboundMessage, states: list[str]) -> dict[str, Any]:
    """Say by which way the reply goes, and how far it has come."""
    if message.answered_at is None:
        return {"via": None, "state": "unanswered"}
    if message.reply_via == ReplyVia.NONE:
        return {"via": ReplyVia.NONE, "state": "silent"}
    if message.reply_via == ReplyVia.PASSIVE:
        state = "handed" if message.handed_at else "not_handed_yet"
        return {"via": ReplyVia.PASSIVE, "state": state, "rest": states}
    return {"via": ReplyVia.OUTBOX, "state": states[0] if states else "lost", "rest": states[1:]}
