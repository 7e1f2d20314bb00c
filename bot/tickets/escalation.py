"""
Seeing to the clocks: a warning before, the ladder after, the end of a pause.

Every running clock says itself when it has to be looked at next (`look_at`).
After a day without a timetable each step that fell due in it is taken once.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import outbox, wording
from bot.db.types import JsonObject
from bot.inbox import InboundMessage
from bot.notices.queue import notify
from bot.notices.tables import NoticeKind
from bot.settings import Settings
from bot.tickets import hours
from bot.tickets.change import locked_if_free, note_event, route
from bot.tickets.clocks.clock import Clock, from_row
from bot.tickets.clocks.rules import Rung, load_rules
from bot.tickets.clocks.tables import TicketClock
from bot.tickets.due import AT_A_TIME
from bot.tickets.hours import Office
from bot.tickets.supervisors import supervisors_of
from bot.tickets.tables import ClockKind, Level, State, Ticket, TicketEvent
from bot.wechat import budget

MOST_STEPS = 8
"""A ladder has fewer; whatever goes wrong, one clock does not hold up the rest."""


def attend(session: Session, *, now: datetime, settings: Settings) -> int:
    """Warn, escalate and end pauses where it is time; return how many steps were taken."""
    found = session.execute(
        select(Ticket, TicketClock.kind)
        .join(TicketClock, TicketClock.ticket_id == Ticket.id)
        .where(TicketClock.stopped_at.is_(None), TicketClock.look_at <= now)
        .order_by(TicketClock.look_at, TicketClock.id)
        .limit(AT_A_TIME)
    ).all()
    offices: dict[int | None, Office] = {}
    done = 0
    for ticket, kind in found:
        if not locked_if_free(session, ticket, now=now):
            continue
        place = ticket.organisation_id
        if place not in offices:
            offices[place] = hours.office(session, settings, organisation_id=place)
        for _ in range(MOST_STEPS):
            clock = _due(ticket, kind, now)
            if clock is None:
                break
            _step(session, ticket, clock, now, offices[place])
            done += 1
    return done


def acknowledge(session: Session, *, now: datetime, settings: Settings) -> int:
    """Note when our first words had reached the resident, which no turn can know of itself."""
    del settings
    first = (
        select(InboundMessage.ticket_id, InboundMessage.handed_at)
        .where(InboundMessage.handed_at.is_not(None), InboundMessage.ticket_id.is_not(None))
        .order_by(InboundMessage.id)
        .subquery()
    )
    rows = session.execute(
        select(Ticket, first.c.handed_at)
        .join(TicketClock, TicketClock.ticket_id == Ticket.id)
        .join(first, first.c.ticket_id == Ticket.id)
        .where(
            TicketClock.kind == ClockKind.ACK,
            TicketClock.stopped_at.is_(None),
            first.c.handed_at >= TicketClock.started_at,
        )
        .order_by(Ticket.id, first.c.handed_at)
        .limit(AT_A_TIME)
    ).all()
    seen: set[int] = set()
    for ticket, handed_at in rows:
        if ticket.id not in seen and locked_if_free(session, ticket, now=now):
            seen.add(ticket.id)
            note_event(session, ticket, "acknowledged", now=handed_at)
    return len(seen)


def _due(ticket: Ticket, kind: str, now: datetime) -> Clock | None:
    for row in ticket.clocks:
        if row.kind == kind and row.stopped_at is None and row.look_at and row.look_at <= now:
            return from_row(row)
    return None


def _step(session: Session, ticket: Ticket, clock: Clock, now: datetime, office: Office) -> None:
    if clock.pausing:
        note_event(session, ticket, "waiting_over", now=now, office=office)
        _tell(session, ticket, {ticket.assignee_id}, NoticeKind.REMINDER, now)
    elif clock.kind == ClockKind.RIGHTS:
        _rights(session, ticket, clock, now, office)
    elif clock.warned_at is None and not clock.rung and now < clock.due_at:
        said: JsonObject = {"clock": clock.kind, "to": ticket.assignee_id}
        note_event(session, ticket, "reminded", now=now, office=office, **said)
        unowned = ticket.assignee_id is None
        to = {*supervisors_of(session, ticket)} if unowned else {ticket.assignee_id}
        kind = NoticeKind.UNASSIGNED_AGE if unowned else NoticeKind.REMINDER
        _tell(session, ticket, to, kind, now)
    else:
        _climb(session, ticket, clock, now, office)


def _climb(session: Session, ticket: Ticket, clock: Clock, now: datetime, office: Office) -> None:
    """Take the next step of the ladder; what nobody accepted goes to somebody else."""
    rung = load_rules().ladder[clock.rung]
    was = ticket.assignee_id
    said: JsonObject = {"clock": clock.kind, "rung": clock.rung + 1, "was": was}
    note_event(session, ticket, "escalated", now=now, office=office, **said)
    _tell(session, ticket, _told(session, ticket, rung), NoticeKind.OVERDUE, now)
    if rung.supervise and ticket.supervised_at is None:
        note_event(session, ticket, "supervised", now=now, text="超过期限一倍，自动督办")
    unaccepted = clock.kind == ClockKind.ACCEPT and ticket.state == State.DISPATCHED
    if unaccepted and was is not None and ticket.level != Level.CRISIS:
        _move_on(session, ticket, now)


def _move_on(session: Session, ticket: Ticket, now: datetime) -> None:
    """Give an unaccepted ticket to who did not have it yet; from desk to desk it goes nowhere."""
    since = select(func.coalesce(func.max(TicketEvent.id), 0)).where(
        TicketEvent.ticket_id == ticket.id, TicketEvent.kind == "accepted"
    )
    climbed = select(TicketEvent.data).where(
        TicketEvent.ticket_id == ticket.id,
        TicketEvent.kind == "escalated",
        TicketEvent.id > since.scalar_subquery(),
    )
    let_lie = {
        said["was"]
        for said in session.scalars(climbed)
        if said["clock"] == ClockKind.ACCEPT and said["was"]
    }
    if len(let_lie) < load_rules().desks:
        route(session, ticket, now=now, exclude=frozenset(let_lie))


def _told(session: Session, ticket: Ticket, rung: Rung) -> set[int | None]:
    above = supervisors_of(session, ticket)
    groups: dict[str, Iterable[int | None]] = {
        "assignee": (ticket.assignee_id,),
        "supervisor": above[:1],
        "every_supervisor": above,
    }
    return {staff_id for name in rung.tell for staff_id in groups[name]}


def _rights(session: Session, ticket: Ticket, clock: Clock, now: datetime, office: Office) -> None:
    said: JsonObject = {"clock": clock.kind, "to": ticket.assignee_id}
    if clock.warned_at is None:
        note_event(session, ticket, "reminded", now=now, office=office, **said)
    else:
        above: JsonObject = {**said, "rung": clock.rung + 1}
        note_event(session, ticket, "escalated", now=now, office=office, **above)
    to = {ticket.assignee_id, *supervisors_of(session, ticket)}
    _tell(session, ticket, to, NoticeKind.RIGHTS_CLOCK, now)
    if now < clock.due_at and budget.left(session, ticket.resident_id, now=now).left > 0:
        # The clock runs out as its last day does: the day before is the one to name.
        last = (clock.due_at - timedelta(seconds=1)).astimezone(office.settings.zone)
        day = f"{last.year}年{last.month}月{last.day}日"
        outbox.enqueue(
            session,
            resident_id=ticket.resident_id,
            text=wording.RIGHTS_WARNING.format(number=ticket.number, date=day),
            now=now,
            ticket_id=ticket.id,
            once_key=f"rights:{ticket.id}:{clock.due_at:%Y%m%d}:{clock.rung}:{now:%Y%m%d}",
        )


def _tell(
    session: Session, ticket: Ticket, to: Iterable[int | None], kind: NoticeKind, now: datetime
) -> None:
    newest = session.scalar(
        select(TicketEvent.id)
        .where(TicketEvent.ticket_id == ticket.id)
        .order_by(TicketEvent.id.desc())
        .limit(1)
    )
    for staff_id in sorted(person for person in to if person is not None):
        notify(
            session,
            staff_id=staff_id,
            kind=kind,
            now=now,
            ticket_id=ticket.id,
            urgent=ticket.level in {Level.CRISIS, Level.URGENT},
            once=f"{kind}:{newest}",
        )
