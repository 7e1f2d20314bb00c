"""What nobody has: given away oldest first as somebody has room, and an alarm for what waits."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.notices.queue import notify
from bot.notices.tables import NoticeKind
from bot.settings import Settings
from bot.tickets import hours, routing
from bot.tickets.candidates import Candidate, candidates
from bot.tickets.change import give, locked_if_free, note_event
from bot.tickets.choosing import choose
from bot.tickets.due import MOST_URGENT_FIRST
from bot.tickets.hours import Office
from bot.tickets.rules import load_rules
from bot.tickets.supervisors import supervisors_of
from bot.tickets.tables import Level, State, Ticket, TicketEvent
from bot.tickets.wanted import Pick, level_of, wanted_for

MOST_AT_A_TIME = 500
ALARM = "unassigned_alarm"
BY_THE_CLOCK = {Level.CRISIS, Level.URGENT}
"""Their time runs day and night; the rest is counted in working hours."""


def drain(session: Session, *, now: datetime, settings: Settings) -> int:
    """
    Give away what waits: the most urgent first, of one level what waited longest.

    What is newer goes before what is older only where nobody can have the
    older, and then the reason says so.
    """
    del settings
    queue = _queue(session)
    returned = routing.handed_back(session, [ticket.id for ticket in queue])
    people = candidates(session, now) if queue else []
    passed: dict[Level, list[str]] = {}
    done = 0
    for ticket in queue:
        wanted = wanted_for(ticket, now=now, exclude=returned.get(ticket.id, ()))
        before = passed.setdefault(Level(wanted.level), [])
        found = _found(ticket, people, choose(people, wanted))
        if found.staff_id is None or not _give(session, ticket, found, before, now):
            _say_why(session, ticket, found, now)
            before.append(ticket.number)
            continue
        weight = load_rules().weight(wanted.level)
        people = _with_one_more(people, found.staff_id, weight, now)
        done += 1
    return done


def sound_alarm(session: Session, *, now: datetime, settings: Settings) -> int:
    """Tell supervisors of what has waited too long; once for each of its level's thresholds."""
    done = 0
    offices: dict[int | None, Office] = {}
    for ticket in _queue(session):
        place = ticket.organisation_id
        if place not in offices:
            offices[place] = hours.office(session, settings, organisation_id=place)
        level = level_of(ticket.urgency, ticket.level)
        waited = _waited(ticket, level, now, offices[place])
        stage = sum(waited >= span for span in load_rules().unassigned_alarm[level])
        if stage > _stage(session, ticket):
            done += _ring(session, ticket, stage, waited, now)
    return done


def _queue(session: Session) -> Sequence[Ticket]:
    return session.scalars(
        select(Ticket)
        .where(routing.IN_QUEUE)
        .order_by(MOST_URGENT_FIRST, Ticket.opened_at, Ticket.id)
        .limit(MOST_AT_A_TIME)
    ).all()


def _found(ticket: Ticket, people: Sequence[Candidate], found: Pick) -> Pick:
    """Leave to a supervisor what was handed back too often, but for a crisis."""
    del people
    if ticket.hand_backs > routing.MOST_HAND_BACKS and ticket.level != Level.CRISIS:
        return Pick(None, f"已退单{ticket.hand_backs}次，等督导分派", found.basis)
    return found


def _give(
    session: Session, ticket: Ticket, found: Pick, passed: Sequence[str], now: datetime
) -> bool:
    if found.staff_id is None or not locked_if_free(session, ticket, now=now):
        return False  # somebody is at work on it: it comes next time
    if ticket.state != State.TRIAGE:
        return False
    told = routing.overtaking(found, passed)
    give(session, ticket, found.staff_id, reason=told.reason, now=now, basis=told.basis)
    return True


def _say_why(session: Session, ticket: Ticket, found: Pick, now: datetime) -> None:
    """Note, once for each reason, why nobody has it."""
    if found.staff_id is not None or ticket.reason == found.reason:
        return
    if locked_if_free(session, ticket, now=now) and ticket.state == State.TRIAGE:
        note_event(session, ticket, "queued", now=now, text=found.reason)


def _with_one_more(
    people: Sequence[Candidate], staff_id: int, weight: int, now: datetime
) -> list[Candidate]:
    return [it.with_one_more(weight, now) if it.id == staff_id else it for it in people]


def _waited(ticket: Ticket, level: Level, now: datetime, office: Office) -> timedelta:
    if level in BY_THE_CLOCK:
        return now - ticket.state_at
    return hours.between(ticket.state_at, now, office)


def _stage(session: Session, ticket: Ticket) -> int:
    """Return how often it has rung since the ticket came into the queue."""
    rung = session.scalars(
        select(TicketEvent).where(
            TicketEvent.ticket_id == ticket.id,
            TicketEvent.kind == ALARM,
            TicketEvent.at >= ticket.state_at,
        )
    )
    return max((int(event.data.get("stage", 0)) for event in rung), default=0)


def _ring(session: Session, ticket: Ticket, stage: int, waited: timedelta, now: datetime) -> bool:
    if not locked_if_free(session, ticket, now=now) or ticket.state != State.TRIAGE:
        return False
    minutes = int(waited.total_seconds()) // 60
    said = f"{minutes // 60}小时" if minutes >= 60 else f"{minutes}分钟"  # noqa: PLR2004 (of an hour)
    event = note_event(
        session,
        ticket,
        ALARM,
        now=now,
        text=f"没人接已有{said}，提醒督导",
        stage=stage,
        minutes=minutes,
    )
    session.flush()
    for staff_id in supervisors_of(session, ticket):
        notify(
            session,
            staff_id=staff_id,
            kind=NoticeKind.UNASSIGNED_AGE,
            now=now,
            ticket_id=ticket.id,
            urgent=level_of(ticket.urgency, ticket.level) in BY_THE_CLOCK,
            once=f"unassigned:{event.id}",
        )
    return True
