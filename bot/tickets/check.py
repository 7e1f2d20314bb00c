"""
Is every ticket what its log says it is?

State, counts and clocks are recomputed from the events, and the due times of
running clocks from rules, pauses and calendar; whatever differs is reported.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from bot.settings import Hours
from bot.tickets import hours
from bot.tickets.clocks import timing
from bot.tickets.clocks.clock import Clock
from bot.tickets.clocks.rules import load_rules
from bot.tickets.fold import fold
from bot.tickets.hours import Office
from bot.tickets.projection import standing_of
from bot.tickets.standing import COLUMNS
from bot.tickets.tables import LIVE, CloseCode, State, Ticket, TicketEvent
from bot.workdays.tables import CalendarChange

AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as the log says."""

    number: str
    what: str
    stored: str
    recomputed: str


def differences(session: Session, settings: Hours | None = None) -> Iterator[Difference]:
    """Yield every difference of every ticket; none in a sound database."""
    offices: dict[int | None, Office] = {}
    counting = session.scalar(
        select(CalendarChange.id).where(CalendarChange.counted_at.is_(None)).limit(1)
    )
    after = 0
    while True:
        tickets = session.scalars(
            select(Ticket)
            .where(Ticket.id > after)
            .order_by(Ticket.id)
            .limit(AT_A_TIME)
            .options(selectinload(Ticket.clocks))
        ).all()
        if not tickets:
            return
        after = tickets[-1].id
        logs = _logs(session, [ticket.id for ticket in tickets])
        for ticket in tickets:
            place = ticket.organisation_id
            if place not in offices:
                offices[place] = hours.office(session, settings, organisation_id=place)
            yield from of_ticket(
                ticket, logs.get(ticket.id, []), offices[place], counting=counting is not None
            )


def of_ticket(
    ticket: Ticket, log: Sequence[TicketEvent], office: Office, *, counting: bool = False
) -> Iterator[Difference]:
    """Yield what of one ticket is not as its log says; *counting*: due times still move."""
    starts = [place for place, event in enumerate(log) if event.kind in {"opened", "baseline"}]
    if not starts:
        yield Difference(ticket.number, "log", "no beginning", "opened")
        return
    said, stored = fold(log[starts[-1] :]), standing_of(ticket)
    for name in COLUMNS:
        one, other = getattr(stored, name), getattr(said, name)
        if one != other:
            yield Difference(ticket.number, name, _text(one), _text(other))
    running = [clock for clock in stored.clocks if clock.stopped_at is None]
    if log[starts[-1]].kind == "opened":
        yield from _clocks(ticket, stored.clocks, said.clocks)
    for clock in running:
        due = timing.due(clock, load_rules(), office)
        if due != clock.due_at and not counting:
            yield Difference(ticket.number, f"{clock.kind}.due", _text(clock.due_at), _text(due))
    yield from _invariants(ticket, running)


def _clocks(
    ticket: Ticket, stored: Sequence[Clock], said: Sequence[Clock]
) -> Iterator[Difference]:
    if len(stored) != len(said):
        yield Difference(ticket.number, "clocks", str(len(stored)), str(len(said)))
    for one, other in zip(stored, said, strict=False):
        for field in fields(Clock):
            mine, recomputed = getattr(one, field.name), getattr(other, field.name)
            if mine != recomputed:
                name = f"{one.kind}.{field.name}"
                yield Difference(ticket.number, name, _text(mine), _text(recomputed))


def _invariants(ticket: Ticket, running: Sequence[Clock]) -> Iterator[Difference]:
    """What must hold whatever happened."""
    owned = ticket.assignee_id is not None
    if ticket.state in LIVE and owned == (ticket.state == State.TRIAGE):
        yield Difference(ticket.number, "owner", str(ticket.assignee_id), ticket.state)
    if (ticket.state == State.CLOSED) != (ticket.close_code in list(CloseCode)):
        yield Difference(ticket.number, "close_code", str(ticket.close_code), ticket.state)
    if ticket.state in {State.CLOSED, State.MERGED} and running:
        kinds = ", ".join(clock.kind for clock in running)
        yield Difference(ticket.number, "clocks", kinds, "none runs")
    if (ticket.state == State.MERGED) != (ticket.merged_into_id is not None):
        yield Difference(ticket.number, "merged_into", str(ticket.merged_into_id), ticket.state)


def _logs(session: Session, ticket_ids: Sequence[int]) -> dict[int, list[TicketEvent]]:
    found: dict[int, list[TicketEvent]] = {}
    events = select(TicketEvent).where(TicketEvent.ticket_id.in_(ticket_ids))
    for event in session.scalars(events.order_by(TicketEvent.id)):
        found.setdefault(event.ticket_id, []).append(event)
    return found


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
