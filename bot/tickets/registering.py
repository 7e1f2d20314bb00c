"""A new ticket: its number, its first event, its clocks."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Executable, bindparam, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.contracts import Intent, Urgency
from bot.db.engine import table_of
from bot.db.types import JsonObject
from bot.finding import index
from bot.knowledge.topics import load_topics
from bot.people.tables import Staff
from bot.tickets.hours import Office
from bot.tickets.projection import open_log
from bot.tickets.tables import Level, Ticket, TicketCounter, TicketEvent


@dataclass(frozen=True, slots=True)
class Matter:
    """What a new ticket is about, and whose it is."""

    resident_id: int
    intent: str
    level: Level
    topic: str
    summary: str
    facts: JsonObject
    area_code: str
    organisation_id: int | None = None
    lane: str = ""
    strand: int = 0
    parent_id: int | None = None


def level_of(urgency: str, intent: str) -> Level:
    """Return what is promised to begin with."""
    if urgency == Urgency.CRISIS:
        return Level.CRISIS
    if urgency == Urgency.URGENT:
        return Level.URGENT
    return Level.DISPUTE if intent == Intent.DISPUTE else Level.ORDINARY


def register(
    session: Session, matter: Matter, *, now: datetime, office: Office, staff: Staff | None = None
) -> Ticket:
    """
    Write a new ticket into the queue.

    Raises:
        IntegrityError: the resident has a live one of this strand.
    """
    ticket = Ticket(
        number=_next_number(session, now, office),
        resident_id=matter.resident_id,
        intent=matter.intent,
        topic=matter.topic,
        service=load_topics().service(matter.topic),
        area_code=matter.area_code,
        summary=matter.summary,
        facts=matter.facts,
        last_resident_at=now,
        lane=matter.lane,
        strand=matter.strand,
        parent_id=matter.parent_id,
        organisation_id=matter.organisation_id,
    )
    event = TicketEvent(
        kind="opened",
        staff_id=staff.id if staff else None,
        text="",
        data={"facts": matter.facts, "level": str(matter.level), "lane": matter.lane},
        at=now,
    )
    open_log(session, ticket, event, office)
    session.add(event)
    session.flush()
    index.add(session, ticket.id, ticket.number, ticket.summary)
    return ticket


def _next_number(session: Session, now: datetime, office: Office) -> str:
    """Return the month and a running number: 2611-0041."""
    month = f"{office.day(now):%y%m}"
    last = session.scalar(_raising(), {"of": month})
    if last is None:
        try:
            with session.begin_nested():
                session.add(TicketCounter(month=month, last=1))
            last = 1
        except IntegrityError:  # somebody else wrote the month's first
            last = session.scalars(_raising(), {"of": month}).one()
    return f"{month}-{last:04d}"


# Made once, and of the table: making it for the mapped class takes longer than running it.
@cache
def _raising() -> Executable:
    counter = table_of(TicketCounter)
    return (
        update(counter)
        .where(counter.c.month == bindparam("of"))
        .values(last=counter.c.last + 1)
        .returning(counter.c.last)
    )
