"""
An answer that has not gone out is none.

Writing to the resident counts as the answer at once, for a message takes a
second.  Where it is held, refused, taken back or does not get through, the
answer is owed again and its clocks run on as if nothing had been written; once
a message has gone out they stop.  Both are events, so that the log says it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from bot.db.types import JsonObject
from bot.outbox import OutboundMessage, SendState
from bot.settings import Settings
from bot.tickets.change import heard_again, note_event, owes_answer
from bot.tickets.due import OWED, due_tickets
from bot.tickets.fold import fold
from bot.tickets.tables import LIVE, ClockKind, Ticket, TicketEvent

PATIENCE = timedelta(minutes=10)
"""How long an answer may be tried before it counts as not gone out."""
STOPPED = (SendState.HELD, SendState.REFUSED, SendState.GIVEN_UP, SendState.WITHDRAWN)
ANSWER = OutboundMessage.once_key.startswith("reply:")


def keep_answers_true(session: Session, *, now: datetime, settings: Settings) -> int:
    """Owe again what did not go out, and owe no longer what did; return how many tickets."""
    del settings
    return _note_unsent(session, now) + _note_gone_out(session, now)


def _note_unsent(session: Session, now: datetime) -> int:
    late = and_(
        OutboundMessage.state == SendState.QUEUED, OutboundMessage.queued_at <= now - PATIENCE
    )
    stuck = _answer(
        or_(OutboundMessage.state.in_(STOPPED), late),
        OutboundMessage.created_at >= Ticket.last_reply_at,
    )
    out = _answer(OutboundMessage.state == SendState.ACCEPTED)
    wrong = and_(Ticket.state.in_(LIVE), Ticket.last_reply_at.is_not(None), ~OWED, stuck, ~out)
    done = 0
    for ticket in due_tickets(session, wrong, lambda it: it.state in LIVE, now):
        if not owes_answer(ticket):
            note_event(session, ticket, "unsent", now=now, **_as_before(session, ticket))
            done += 1
    return done


def _note_gone_out(session: Session, now: datetime) -> int:
    newer = or_(Ticket.last_reply_at.is_(None), OutboundMessage.created_at > Ticket.last_reply_at)
    out = exists().where(
        OutboundMessage.ticket_id == Ticket.id,
        ANSWER,
        OutboundMessage.state == SendState.ACCEPTED,
        newer,
    )
    told = and_(Ticket.state.in_(LIVE), OWED, out)
    done = 0
    for ticket in due_tickets(session, told, lambda it: it.state in LIVE, now):
        written = session.scalar(
            select(OutboundMessage.created_at)
            .where(
                OutboundMessage.ticket_id == ticket.id,
                ANSWER,
                OutboundMessage.state == SendState.ACCEPTED,
            )
            .order_by(OutboundMessage.id.desc())
            .limit(1)
        )
        if written is not None:
            note_event(session, ticket, "went_out", now=now, written=written.isoformat())
            heard_again(session, ticket, now=now)
            done += 1
    return done


def _answer(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Say that there is such an answer to the resident's last words."""
    return exists().where(
        OutboundMessage.ticket_id == Ticket.id,
        ANSWER,
        OutboundMessage.created_at >= Ticket.last_resident_at,
        *conditions,
    )


def _as_before(session: Session, ticket: Ticket) -> JsonObject:
    """Return what was so before the answer was written that stopped the clocks."""
    replies = [it for it in ticket.clocks if it.kind == ClockKind.REPLY]
    since = (replies[-1].stopped_at if replies else None) or ticket.last_reply_at
    log = _log(session, ticket)
    place = next((n for n, it in enumerate(log) if it.kind == "reply" and it.at == since), 0)
    before = fold(log[:place]) if place else None
    return {
        "since": since.isoformat() if since else None,
        "last": _iso(before.last_reply_at) if before else None,
        "first": _iso(before.first_reply_at if before else ticket.first_reply_at),
    }


def _log(session: Session, ticket: Ticket) -> Sequence[TicketEvent]:
    """Return the log from its last beginning on."""
    events = select(TicketEvent).where(TicketEvent.ticket_id == ticket.id)
    log = session.scalars(events.order_by(TicketEvent.id)).all()
    starts = [n for n, it in enumerate(log) if it.kind in {"opened", "baseline"}]
    return log[starts[-1] :] if starts else []


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
