"""Calling one after another to a crisis, or to a drill, until somebody accepts."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from bot.settings import Settings
from bot.tickets import routing
from bot.tickets.alarm.calling import call
from bot.tickets.alarm.tables import Page
from bot.tickets.change import give, locked_if_free
from bot.tickets.clocks.rules import load_rules
from bot.tickets.tables import LIVE, Level, State, Ticket

AT_A_TIME = 100


def sound(session: Session, ticket: Ticket, *, now: datetime) -> None:
    """Call to the crisis at once: who was given it has been; else who has it, or the first."""
    if session.scalar(select(Page.id).where(_open(ticket)).limit(1)) is not None:
        return
    if ticket.assignee_id is not None:
        call(session, ticket, ticket.assignee_id, now=now)
    else:
        _call_next(session, ticket, now)


def call_next(session: Session, *, now: datetime, settings: Settings) -> int:
    """Call the next for every crisis that nobody has accepted in time."""
    del settings
    last = (
        select(Page.ticket_id, func.max(Page.paged_at).label("at"))
        .where(Page.accepted_at.is_(None), Page.ticket_id.is_not(None))
        .group_by(Page.ticket_id)
        .subquery()
    )
    waiting = (
        select(Ticket)
        .join(last, and_(last.c.ticket_id == Ticket.id, last.c.at <= now - load_rules().page))
        .where(Ticket.level == Level.CRISIS, Ticket.state.in_(LIVE))
        .order_by(last.c.at, Ticket.id)
        .limit(AT_A_TIME)
    )
    done = 0
    for ticket in session.scalars(waiting).all():
        if locked_if_free(session, ticket, now=now) and _still_waits(session, ticket, now):
            _call_next(session, ticket, now)
            done += 1
    return done


def next_of(ladder: Sequence[int], called: Collection[int], last: int | None) -> int | None:
    """Return who is called next: the first not called yet, and after the end the first again."""
    fresh = [staff_id for staff_id in ladder if staff_id not in called]
    if fresh:
        return fresh[0]
    again = [staff_id for staff_id in ladder if staff_id != last] or list(ladder)
    return again[0] if again else None


def _call_next(session: Session, ticket: Ticket, now: datetime) -> None:
    calls = session.scalars(
        select(Page.staff_id).where(Page.ticket_id == ticket.id).order_by(Page.id)
    ).all()
    ladder = routing.ladder(
        session,
        service=ticket.service,
        area_code=ticket.area_code,
        now=now,
        lane=ticket.lane,
        organisation_id=ticket.organisation_id,
    )
    # Round after round: who was called in this round is not called in it again.
    this_round = calls[len(calls) // len(ladder) * len(ladder) :] if ladder else ()
    staff_id = next_of(ladder, this_round, calls[-1] if calls else None)
    if staff_id is None:
        return
    if ticket.state in {State.TRIAGE, State.DISPATCHED} and ticket.assignee_id != staff_id:
        give(session, ticket, staff_id, reason="危机，前面的人没有接，叫下一位", now=now)
    else:
        call(session, ticket, staff_id, now=now)


def _still_waits(session: Session, ticket: Ticket, now: datetime) -> bool:
    at = session.scalar(select(func.max(Page.paged_at)).where(_open(ticket)))
    return at is not None and at <= now - load_rules().page


def _open(ticket: Ticket) -> ColumnElement[bool]:
    return and_(Page.ticket_id == ticket.id, Page.accepted_at.is_(None))
