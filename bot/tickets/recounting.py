"""Counting anew what was promised by a calendar that has changed since."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.settings import Settings
from bot.tickets import hours
from bot.tickets.change import locked_if_free, note_event
from bot.tickets.clocks import timing
from bot.tickets.clocks.clock import from_row
from bot.tickets.clocks.rules import load_rules
from bot.tickets.clocks.tables import TicketClock
from bot.tickets.due import AT_A_TIME
from bot.tickets.hours import Office
from bot.tickets.tables import Ticket
from bot.workdays.current import KNOWN_WITHIN
from bot.workdays.tables import CalendarChange


def recount(session: Session, *, now: datetime, settings: Settings) -> int:
    """Count anew what was promised by a calendar that has changed, a part at a time."""
    change = session.scalar(
        select(CalendarChange)
        .where(CalendarChange.counted_at.is_(None))
        .order_by(CalendarChange.id.desc())
        .with_for_update(skip_locked=True)
        .limit(1)
    )
    if change is None:
        return 0
    tickets = session.scalars(
        select(Ticket)
        .where(
            Ticket.id > change.counted_up_to,
            Ticket.id.in_(select(TicketClock.ticket_id).where(TicketClock.stopped_at.is_(None))),
        )
        .order_by(Ticket.id)
        .limit(AT_A_TIME)
    ).all()
    done = 0
    for ticket in tickets:
        if not locked_if_free(session, ticket, now=now):
            break  # it is seen to the next time, and those after it
        change.counted_up_to = ticket.id
        office = hours.office(session, settings, organisation_id=ticket.organisation_id)
        done += _recount_one(session, ticket, now=now, office=office)
    else:
        # Until then a process may still open tickets by the calendar of before.
        if len(tickets) < AT_A_TIME and now - change.at >= KNOWN_WITHIN:
            _counted(session, change, now)
    session.flush()
    return done


def _recount_one(session: Session, ticket: Ticket, *, now: datetime, office: Office) -> bool:
    """Count the ticket's running clocks anew; say whether one moved."""
    return _would_move(ticket, office) and bool(
        note_event(session, ticket, "recounted", now=now, office=office)
    )


def _would_move(ticket: Ticket, office: Office) -> bool:
    rules = load_rules()
    for row in ticket.clocks:
        clock = from_row(row)
        if clock.stopped_at is None and timing.due(clock, rules, office) != clock.due_at:
            return True
    return False


def _counted(session: Session, change: CalendarChange, now: datetime) -> None:
    """All are done, and what changed before this change with them."""
    older = select(CalendarChange).where(
        CalendarChange.counted_at.is_(None), CalendarChange.id <= change.id
    )
    for each in session.scalars(older):
        each.counted_at = now
