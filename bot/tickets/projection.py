"""The one way a ticket's derived columns and clocks are written: by projecting an event."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.contracts import Urgency
from bot.db.types import JsonObject
from bot.tickets import hours
from bot.tickets.clocks import policy
from bot.tickets.clocks.clock import columns, from_row
from bot.tickets.clocks.tables import TicketClock
from bot.tickets.fold import begun, step, with_clocks
from bot.tickets.hours import Office
from bot.tickets.standing import COLUMNS, Standing
from bot.tickets.tables import Level, State, Ticket, TicketEvent

URGENCY_OF = {Level.CRISIS: Urgency.CRISIS, Level.URGENT: Urgency.URGENT}


def standing_of(ticket: Ticket, *, with_its_clocks: bool = True) -> Standing:
    """Return where the ticket stands, as its rows say."""
    said = {name: getattr(ticket, name) for name in COLUMNS}
    said["state"], said["level"] = State(ticket.state), Level(ticket.level)
    clocks = tuple(map(from_row, ticket.clocks)) if with_its_clocks else ()
    return Standing(**said, clocks=clocks)


def open_log(session: Session, ticket: Ticket, event: TicketEvent, office: Office) -> None:
    """Write a new ticket as its first event says."""
    before = begun(event)
    _decide(before, before, event, policy.clockwork(lambda: office))
    _write(ticket, None, with_clocks(before, event))
    session.add(ticket)
    session.flush()
    event.ticket_id = ticket.id


def project(session: Session, ticket: Ticket, event: TicketEvent, office: Office | None) -> None:
    """Write into the ticket and its clocks what the event changes, and into the event why."""
    touches = policy.touches_clocks(ticket.state, event)
    with session.no_autoflush:  # clocks are changed by way of their ticket alone
        before = standing_of(ticket, with_its_clocks=touches)
    after = step(before, event)
    if touches:
        work = policy.clockwork(
            lambda: office or hours.office(session, organisation_id=ticket.organisation_id)
        )
        _decide(before, after, event, work)
        after = with_clocks(after, event)
    _write(ticket, before, after)


def baseline(ticket: Ticket, now: datetime) -> TicketEvent:
    """Return the event that a ticket's log begins with where it has none that says everything."""
    said = standing_of(ticket)
    data: JsonObject = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in ((name, getattr(said, name)) for name in COLUMNS)
    }
    data["clocks"] = [
        {
            "do": "start",
            "kind": clock.kind,
            "rule": clock.rule,
            "at": clock.started_at.isoformat(),
            "due": clock.due_at.isoformat(),
            "look": clock.look_at.isoformat() if clock.look_at else None,
        }
        for clock in said.clocks
        if clock.stopped_at is None
    ]
    return TicketEvent(ticket_id=ticket.id, kind="baseline", data=data, at=now)


def _decide(before: Standing, after: Standing, event: TicketEvent, work: policy.Clockwork) -> None:
    found = policy.effects(before, after, event, work)
    if found:
        event.data = {**event.data, "clocks": found}


def _write(ticket: Ticket, before: Standing | None, after: Standing) -> None:
    for name in COLUMNS:
        value = getattr(after, name)
        if before is None or getattr(before, name) != value:
            setattr(ticket, name, value)
    if before is None or before.level != after.level:
        ticket.urgency = URGENCY_OF.get(after.level, Urgency.NORMAL)
    if before is not None and before.clocks == after.clocks:
        return
    known = len(before.clocks) if before else 0
    for place, clock in enumerate(after.clocks):
        if place >= known:
            ticket.clocks.append(TicketClock(**columns(clock)))
        elif before is not None and before.clocks[place] != clock:
            for name, value in columns(clock).items():
                if getattr(ticket.clocks[place], name) != value:
                    setattr(ticket.clocks[place], name, value)
