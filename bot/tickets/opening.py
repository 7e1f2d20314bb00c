"""Opening a ticket, adding to the one the resident has, or taking up the last one again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.contracts import Intent, Urgency
from bot.db.types import JsonObject
from bot.knowledge.topics import NO_TOPIC, load_topics
from bot.people.residents import lock_conversation
from bot.people.tables import Resident, Staff
from bot.settings import Settings
from bot.tickets import hours, lanes, lookup
from bot.tickets.alarm.ladder import sound
from bot.tickets.change import locked, note_event, owes_answer, route
from bot.tickets.hours import Office
from bot.tickets.lookup import Present
from bot.tickets.registering import Matter, level_of, register
from bot.tickets.resident_moves import again, follow_up, pass_on
from bot.tickets.tables import Level, State, Ticket

RANK = {Urgency.NORMAL: 0, Urgency.URGENT: 1, Urgency.CRISIS: 2}
SUMMARY_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Opened:
    """The resident's live ticket, and what the call did to it."""

    ticket: Ticket
    created: bool
    raised: bool
    """It was there, and is more urgent now."""
    again: bool = False
    """It was done, and goes on."""


@dataclass(frozen=True, slots=True)
class _Said:
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
    found: Present | None = None,
) -> Opened:
    """
    Open a ticket and give it to somebody; a resident with a live one adds to it.

    Whatever a resident sends in parallel, there is one live ticket: the
    database refuses a second, and the text goes to the first.  *found*: what the
    caller has read under the conversation's lock; else it is read here.
    """
    said = _Said(resident, intent, urgency, topic, text, facts, area_code, now)
    lock_conversation(session, resident.id, now=now)
    live = (found or lookup.present(session, resident.id)).live
    office = hours.office(session, settings, organisation_id=resident.organisation_id)
    if live is None:
        return _newly(session, said, office)
    return _added(session, live, said, office)


def _newly(session: Session, said: _Said, office: Office) -> Opened:
    """Take up the last matter again or open one, unless somebody has just opened one."""
    now, resident = said.now, said.resident
    before = lookup.to_take_up_again(session, resident.id, said.topic)
    if before is not None and again(session, before, now=now, office=office):
        return Opened(before, created=False, raised=False, again=True)
    try:
        with session.begin_nested():
            ticket = register(session, _matter(said, before), now=now, office=office)
    except IntegrityError:
        live = lookup.live(session, resident.id)
        if live is None:
            raise
        return _added(session, live, said, office)
    if before is not None:
        follow_up(session, ticket, before, now=now)
    _see_to(session, ticket, now)
    return Opened(ticket, created=True, raised=False)


def _matter(said: _Said, before: Ticket | None) -> Matter:
    return Matter(
        resident_id=said.resident.id,
        intent=said.intent,
        level=level_of(said.urgency, said.intent),
        topic=said.topic,
        summary=said.text.strip()[:SUMMARY_LENGTH],
        facts=merged({}, said.facts),
        area_code=said.area_code or said.resident.area_code,
        organisation_id=said.resident.organisation_id,
        lane=_lane(said),
        parent_id=before.id if before else None,
    )


def _lane(said: _Said) -> str:
    return lanes.lane_of(said.text, facts=said.facts, topic=said.topic, urgency=said.urgency)


def _see_to(session: Session, ticket: Ticket, now: datetime) -> None:
    """Give it to somebody; in a crisis, call them."""
    route(session, ticket, now=now)
    if ticket.level == Level.CRISIS:
        sound(session, ticket, now=now)


def _added(session: Session, live: Ticket, said: _Said, office: Office) -> Opened:
    return Opened(live, created=False, raised=_add(session, live, said, office))


def _add(session: Session, ticket: Ticket, said: _Said, office: Office) -> bool:
    locked(session, ticket, now=said.now)
    owed = not owes_answer(ticket)
    ticket.last_resident_at = said.now
    ticket.facts = merged(ticket.facts, said.facts)
    if ticket.topic == NO_TOPIC and said.topic != NO_TOPIC:
        ticket.topic, ticket.service = said.topic, load_topics().service(said.topic)
    ticket.area_code = ticket.area_code or said.area_code
    ticket.summary = ticket.summary or said.text.strip()[:SUMMARY_LENGTH]
    facts = merged({}, said.facts)
    note_event(session, ticket, "added", now=said.now, office=office, facts=facts, owed=owed)
    ticket = pass_on(session, ticket, now=said.now)
    _make_confidential(session, ticket, said)
    if RANK[said.urgency] <= RANK[Urgency(ticket.urgency)]:
        return False
    _raise(session, ticket, said, office)
    return True


def _make_confidential(session: Session, ticket: Ticket, said: _Said) -> None:
    """Put the ticket into a lane once what is said asks for it; who may not have it loses it."""
    lane = "" if ticket.lane else _lane(said)
    if not lane:
        return
    ticket.lane = lane
    note_event(session, ticket, "lane", now=said.now, lane=lane)
    person = session.get(Staff, ticket.assignee_id) if ticket.assignee_id else None
    if person is not None and not lanes.cleared(person, lane):
        route(session, ticket, now=said.now, exclude=frozenset({person.id}))


def _raise(session: Session, ticket: Ticket, said: _Said, office: Office) -> None:
    """Make the ticket more urgent; in a crisis somebody on duty gets it at once."""
    crisis = said.urgency == Urgency.CRISIS
    after = level_of(said.urgency, said.intent)
    levels: JsonObject = {"before": ticket.level, "after": str(after)}
    note_event(session, ticket, "level", now=said.now, office=office, **levels)
    if ticket.state == State.TRIAGE or (crisis and not _in_good_hands(session, ticket)):
        route(session, ticket, now=said.now)
    if crisis:
        sound(session, ticket, now=said.now)


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
