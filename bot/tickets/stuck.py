"""
Words to a resident that wait, where nobody may wait: somebody is told to call them.

In a crisis that is whatever WeChat does not take now.  When it takes nothing
more today, whoever has the matter is told once for each ticket.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from bot.contracts import Action
from bot.inbox import InboundMessage
from bot.notices.queue import notify
from bot.notices.tables import NoticeKind
from bot.outbox import Kind, OutboundMessage, SendState, discreet
from bot.people.presence import on_roster
from bot.people.tables import DutyRole
from bot.settings import Settings
from bot.tickets.supervisors import supervisors_of
from bot.tickets.tables import LIVE, Level, Ticket

LOOKED_BACK = timedelta(hours=24)
AT_A_TIME = 200
NOT_TAKEN = (SendState.HELD, SendState.REFUSED, SendState.GIVEN_UP)
NO_MORE_TODAY = "daily_limit"


def tell_to_call(session: Session, *, now: datetime, settings: Settings) -> int:
    """Tell, once a day and ticket, of words that wait; return how many were told."""
    del settings
    crisis = or_(Ticket.level == Level.CRISIS, InboundMessage.action == Action.CRISIS)
    tomorrow = and_(
        OutboundMessage.state == SendState.QUEUED, OutboundMessage.outcome == NO_MORE_TODAY
    )
    newest = aliased(Ticket)
    live = (
        select(func.max(newest.id))
        .where(newest.resident_id == OutboundMessage.resident_id, newest.state.in_(LIVE))
        .correlate(OutboundMessage)
        .scalar_subquery()
    )
    tickets = session.scalars(
        select(Ticket)
        .join(OutboundMessage, Ticket.id == func.coalesce(OutboundMessage.ticket_id, live))
        .outerjoin(InboundMessage, InboundMessage.id == OutboundMessage.inbound_id)
        .where(
            or_(tomorrow, and_(crisis, OutboundMessage.state.in_(NOT_TAKEN))),
            OutboundMessage.kind != Kind.NOTICE,
            # To call a phone that others look at may do harm; the page says what waits there.
            OutboundMessage.outcome != discreet.WAITS,
            OutboundMessage.created_at > now - LOOKED_BACK,
            Ticket.state.in_(LIVE),
        )
        .distinct()
        .order_by(Ticket.id.desc())
        .limit(AT_A_TIME)
    ).all()
    return sum(_tell(session, ticket, now) for ticket in tickets)


def _tell(session: Session, ticket: Ticket, now: datetime) -> int:
    told = [
        notify(
            session,
            staff_id=staff_id,
            kind=NoticeKind.CALL_NOW,
            now=now,
            ticket_id=ticket.id,
            urgent=ticket.level == Level.CRISIS,
            once=f"call-now:{ticket.id}:{now:%Y%m%d}",
        )
        for staff_id in dict.fromkeys(_whom(session, ticket, now))
    ]
    return sum(told)


def _whom(session: Session, ticket: Ticket, now: datetime) -> Iterable[int]:
    """Whoever has it; in a crisis the people on duty too, and always somebody."""
    people: Sequence[int] = [ticket.assignee_id] if ticket.assignee_id else []
    if ticket.level == Level.CRISIS:
        people = [*people, *on_roster(session, DutyRole.CRISIS, now)]
    return people or supervisors_of(session, ticket)
