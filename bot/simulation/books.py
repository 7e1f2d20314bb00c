"""The tables of a simulated month, read once: every ticket with its log and where it stood."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from bot.people.tables import Staff
from bot.simulation.month import Month
from bot.tickets.fold import fold, step
from bot.tickets.standing import Standing
from bot.tickets.tables import Level, State, Ticket, TicketEvent


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which a ticket stood in one state, in one pair of hands."""

    ticket: Ticket
    state: State
    owner: int | None
    levels: frozenset[Level]
    """Those it had meanwhile."""
    hand_backs: int
    starts_at: datetime
    ends_at: datetime | None
    """None: it stands so still."""
    first: int
    """The event it began with; other tickets' events are before or after it by their ids."""
    after: int | None
    """The event it ended with."""


@dataclass(frozen=True)
class Books:
    """Everything the checks look at."""

    month: Month
    session: Session

    @cached_property
    def tickets(self) -> dict[int, Ticket]:
        """Every ticket, by id."""
        query = select(Ticket).order_by(Ticket.id).options(selectinload(Ticket.clocks))
        return {ticket.id: ticket for ticket in self.session.scalars(query)}

    @cached_property
    def logs(self) -> dict[int, list[TicketEvent]]:
        """The events of every ticket, oldest first."""
        found: dict[int, list[TicketEvent]] = {number: [] for number in self.tickets}
        for event in self.session.scalars(select(TicketEvent).order_by(TicketEvent.id)):
            found[event.ticket_id].append(event)
        return found

    @cached_property
    def staff(self) -> dict[int, Staff]:
        """Everybody who works there, by id."""
        return {person.id: person for person in self.session.scalars(select(Staff))}

    @cached_property
    def stretches(self) -> dict[int, list[Stretch]]:
        """The whole life of every ticket, part by part."""
        return {
            number: list(_parts(ticket, self.logs[number]))
            for number, ticket in self.tickets.items()
        }

    def owner_at(self, ticket_id: int, at: datetime) -> set[int]:
        """Return whose the ticket was at this moment: two where it changed hands right then."""
        return {
            part.owner
            for part in self.stretches[ticket_id]
            if part.owner is not None
            and part.starts_at <= at
            and (part.ends_at is None or at <= part.ends_at)
        }

    def number(self, ticket_id: int | None) -> str:
        """Return how people call a ticket."""
        return self.tickets[ticket_id].number if ticket_id in self.tickets else str(ticket_id)


def steps(log: Sequence[TicketEvent]) -> Iterator[tuple[TicketEvent, Standing | None, Standing]]:
    """Yield each event with where the ticket stood before and after it."""
    before: Standing | None = None
    for event in log:
        if before is None and event.kind != "opened":
            return  # a log without a beginning is told of by the check of the logs
        after = fold([event]) if before is None else step(before, event)
        yield event, before, after
        before = after


def _parts(ticket: Ticket, log: Sequence[TicketEvent]) -> Iterator[Stretch]:
    began: TicketEvent | None = None
    now: Standing | None = None
    levels: set[Level] = set()
    for event, _, after in steps(log):
        changed = now is None or (now.state, now.assignee_id) != (after.state, after.assignee_id)
        if changed and began is not None and now is not None:
            yield _part(ticket, now, levels, began, event)
        if changed:
            began, levels = event, set()
        levels.add(after.level)
        now = after
    if began is not None and now is not None:
        yield _part(ticket, now, levels, began, None)


def _part(
    ticket: Ticket,
    stood: Standing,
    levels: set[Level],
    began: TicketEvent,
    ended: TicketEvent | None,
) -> Stretch:
    return Stretch(
        ticket=ticket,
        state=stood.state,
        owner=stood.assignee_id if stood.state != State.TRIAGE else None,
        levels=frozenset(levels),
        hand_backs=stood.hand_backs,
        starts_at=began.at,
        ends_at=ended.at if ended else None,
        first=began.id,
        after=ended.id if ended else None,
    )
