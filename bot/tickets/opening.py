"""Opening a ticket, or adding to the one the resident has."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.contracts import Intent, Urgency
from bot.db.types import JsonObject
from bot.finding import index
from bot.knowledge.topics import NO_TOPIC, load_topics
from bot.people.residents import lock_conversation
from bot.people.tables import Resident, Staff
from bot.settings import Settings
from bot.tickets import hours, lanes, lookup
from bot.tickets.change import heard, locked, note_event, route
from bot.tickets.tables import State, Ticket, TicketCounter

RANK = {Urgency.NORMAL: 0, Urgency.URGENT: 1, Urgency.CRISIS: 2}
SUMMARY_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Opened:
    """The resident's live ticket, and what the call did to it."""

    ticket: Ticket
    created: bool
    raised: bool
    """It was there, and is more urgent now."""


@dataclass(frozen=True, slots=True)
class _Matter:
    """What the resident told us this time."""

    resident: Resident
    intent: Intent
    urgency: Urgency
    topic: str
    text: str
    facts: Mapping[str, object]
    area_code: str
    now: datetime


def open_ticket(  # noqa: PLR0913 (all of it is what a matter is)
    session: Session,
    *,
    resident: Resident,
    intent: Intent,
    urgency: Urgency,
    topic: str,
    text: str,
    facts: Mapping[str, object],
    area_code: str,
    now: datetime,
    settings: Settings,
) -> Opened:
    """
    Open a ticket and give it to somebody; a resident with a live one adds to it.

    Whatever a resident sends in parallel, there is one live ticket: the
    database refuses a second, and the text goes to the first.
    """
    matter = _Matter(resident, intent, urgency, topic, text, facts, area_code, now)
    lock_conversation(session, resident.id, now=now)
    live = lookup.live(session, resident.id)
    if live is None:
        try:
            with session.begin_nested():
                ticket = _create(session, matter, settings)
        except IntegrityError:
            live = lookup.live(session, resident.id)
            if live is None:
                raise
        else:
            route(session, ticket, now=now)
            return Opened(ticket, created=True, raised=False)
    return Opened(live, created=False, raised=_add(session, live, matter, settings))


def _create(session: Session, matter: _Matter, settings: Settings) -> Ticket:
    now, office = matter.now, hours.office(session, settings)
    ticket = Ticket(
        number=_next_number(session, now, settings),
        resident_id=matter.resident.id,
        state=State.TRIAGE,
        state_at=now,
        intent=matter.intent,
        topic=matter.topic,
        service=load_topics().service(matter.topic),
        urgency=matter.urgency,
        lane=_lane(matter),
        organisation_id=matter.resident.organisation_id,
        area_code=matter.area_code or matter.resident.area_code,
        summary=matter.text.strip()[:SUMMARY_LENGTH],
        facts=merged({}, matter.facts),
        opened_at=now,
        reply_due_at=hours.due(now, urgency=matter.urgency, office=office),
        last_resident_at=now,
    )
    session.add(ticket)
    session.flush()
    index.add(session, ticket.id, ticket.number, ticket.summary)
    note_event(
        session,
        ticket,
        "opened",
        now=now,
        facts=ticket.facts,
        urgency=ticket.urgency,
        lane=ticket.lane,
    )
    return ticket


def _lane(matter: _Matter) -> str:
    return lanes.lane_of(
        matter.text, facts=matter.facts, topic=matter.topic, urgency=matter.urgency
    )


def _add(session: Session, ticket: Ticket, matter: _Matter, settings: Settings) -> bool:
    locked(session, ticket, now=matter.now)
    heard(session, ticket, now=matter.now, settings=settings)
    ticket.facts = merged(ticket.facts, matter.facts)
    if ticket.topic == NO_TOPIC and matter.topic != NO_TOPIC:
        ticket.topic, ticket.service = matter.topic, load_topics().service(matter.topic)
    ticket.area_code = ticket.area_code or matter.area_code
    ticket.summary = ticket.summary or matter.text.strip()[:SUMMARY_LENGTH]
    note_event(session, ticket, "added", now=matter.now, facts=merged({}, matter.facts))
    _make_confidential(session, ticket, matter)
    if RANK[matter.urgency] <= RANK[Urgency(ticket.urgency)]:
        return False
    _raise(session, ticket, matter, settings)
    return True


def _make_confidential(session: Session, ticket: Ticket, matter: _Matter) -> None:
    """Put the ticket into a lane once what is said asks for it; who may not have it loses it."""
    lane = "" if ticket.lane else _lane(matter)
    if not lane:
        return
    ticket.lane = lane
    note_event(session, ticket, "lane", now=matter.now, lane=lane)
    person = session.get(Staff, ticket.assignee_id) if ticket.assignee_id else None
    if person is not None and not lanes.cleared(person, lane):
        route(session, ticket, now=matter.now, exclude=frozenset({person.id}))


def _raise(session: Session, ticket: Ticket, matter: _Matter, settings: Settings) -> None:
    """Make the ticket more urgent; in a crisis somebody on duty gets it at once."""
    before, ticket.urgency = ticket.urgency, matter.urgency
    office = hours.office(session, settings)
    due = hours.due(matter.now, urgency=matter.urgency, office=office)
    ticket.reply_due_at = due if ticket.last_reply_at else min(ticket.reply_due_at, due)
    ticket.reminded_at = ticket.escalated_at = None
    note_event(
        session, ticket, "urgency", now=matter.now, before=before, after=str(matter.urgency)
    )
    if ticket.state == State.TRIAGE or (
        matter.urgency == Urgency.CRISIS and not _in_good_hands(session, ticket)
    ):
        route(session, ticket, now=matter.now)


def _in_good_hands(session: Session, ticket: Ticket) -> bool:
    """Somebody on duty already talks to the resident: changing the person would cost time."""
    person = session.get(Staff, ticket.assignee_id) if ticket.assignee_id else None
    there = person is not None and person.active and person.on_duty
    return there and ticket.state in {State.IN_PROGRESS, State.WAITING_RESIDENT}


def merged(known: Mapping[str, object], new: Mapping[str, object]) -> JsonObject:
    """Return the facts together: lists grow by what is new, the rest is what was said last."""
    facts: JsonObject = dict(known)
    for name, value in new.items():
        before = facts.get(name)
        if isinstance(value, list | tuple):
            seen = before if isinstance(before, list) else []
            facts[name] = [*seen, *(item for item in value if item not in seen)]
        elif value not in (None, ""):
            facts[name] = value
    return {name: value for name, value in facts.items() if value != []}


def _next_number(session: Session, now: datetime, settings: Settings) -> str:
    """Return the month and a running number: 2611-0041."""
    month = f"{now.astimezone(settings.zone):%y%m}"
    raise_it = (
        update(TicketCounter)
        .where(TicketCounter.month == month)
        .values(last=TicketCounter.last + 1)
        .returning(TicketCounter.last)
        .execution_options(synchronize_session=False)
    )
    last = session.scalar(raise_it)
    if last is None:
        try:
            with session.begin_nested():
                session.add(TicketCounter(month=month, last=1))
            last = 1
        except IntegrityError:  # somebody else wrote the month's first
            last = session.scalars(raise_it).one()
    return f"{month}-{last:04d}"
