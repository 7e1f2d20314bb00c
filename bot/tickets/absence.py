"""
Work of people who are away: it moves on, says why, and is offered back on return.

What is looked for is tickets whose owner is away now.  So open work moves when
a leave begins, and reopened or wrongly assigned work as soon as it is theirs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from bot.conversation.tables import Speaker
from bot.db.types import JsonObject
from bot.errors import InvalidInputError, NotFoundError
from bot.people.leaves import last_begun
from bot.people.placement import chain, substitutes_of
from bot.people.presence import away
from bot.people.tables import Leave, Staff
from bot.settings import Settings
from bot.tickets import routing
from bot.tickets.candidates import Candidate, candidates
from bot.tickets.change import give, let_speak, locked, note_event
from bot.tickets.choosing import choose
from bot.tickets.due import due_tickets
from bot.tickets.rules import load_rules
from bot.tickets.tables import LIVE, Level, State, Ticket, TicketEvent
from bot.tickets.wanted import Wanted, wanted_for

MOVED = "moved_away"


@dataclass(slots=True)
class _Desk:
    """Who is there, kept up to date while one ticket after the other is given away."""

    now: datetime
    settings: Settings
    gone: Mapping[int, str]
    """Why, for everybody whose work has to move."""
    leaves: Mapping[int, Leave]
    stand_ins: Mapping[int, Sequence[int]]
    names: Mapping[int, str]
    people: list[Candidate] = field(default_factory=list)

    def note(self, staff_id: int, wanted: Wanted) -> None:
        """Count one more ticket to somebody."""
        weight = load_rules().weight(wanted.level)
        self.people = [
            it.with_one_more(weight, self.now) if it.id == staff_id else it for it in self.people
        ]


def move_on(session: Session, *, now: datetime, settings: Settings) -> int:
    """Give what those have in hand who are away to their stand-ins, or to whom the rules pick."""
    desk = _desk(session, now, settings)
    if not desk.gone:
        return 0
    held = and_(Ticket.assignee_id.in_(desk.gone), Ticket.state.in_(LIVE))
    done = 0
    for ticket in due_tickets(
        session, held, lambda it: it.assignee_id in desk.gone and it.state in LIVE, now
    ):
        if not _called_though_away(ticket, desk):
            _move(session, ticket, desk)
            done += 1
    return done


def given_away(session: Session, staff: Staff, now: datetime) -> list[Ticket]:
    """Return what moved on in the person's last absence and is not done, the oldest first."""
    leave = last_begun(session, staff.id, now)
    if leave is None:
        return []
    moved = session.scalars(
        select(TicketEvent).where(TicketEvent.kind == MOVED, TicketEvent.at >= leave.starts_at)
    )
    numbers = {event.ticket_id for event in moved if event.data.get("from") == staff.id}
    return list(
        session.scalars(
            select(Ticket)
            .where(
                Ticket.id.in_(numbers),
                Ticket.state.in_(LIVE),
                Ticket.assignee_id.is_distinct_from(staff.id),
            )
            .order_by(Ticket.opened_at, Ticket.id)
        )
    )


def take_back(session: Session, staff: Staff, number: str, *, now: datetime) -> Ticket:
    """
    Give a ticket that moved on in an absence back to whom it was taken from, as they wish.

    Raises:
        InvalidInputError: they are away still.
        NotFoundError: it did not move away from them, or is done.
    """
    if staff.id in away(session, now):
        msg = "您还在请假。先点“回来了”，再接回工单。"
        raise InvalidInputError(msg)
    mine = {ticket.number: ticket for ticket in given_away(session, staff, now)}
    if number not in mine:
        raise NotFoundError(number)
    ticket = locked(session, mine[number], now=now)
    if ticket.state not in LIVE:
        raise NotFoundError(number)
    reason = f"{staff.name}回来了，把请假时转出去的接回来"
    give(session, ticket, staff.id, reason=reason, now=now, basis={"back": staff.id})
    return ticket


def _desk(session: Session, now: datetime, settings: Settings) -> _Desk:
    leaves = away(session, now)
    names = {person.id: person.name for person in session.scalars(select(Staff))}
    shut = session.scalars(
        select(Staff.id)
        .join(Ticket, Ticket.assignee_id == Staff.id)
        .where(~Staff.active, Ticket.state.in_(LIVE))
        .distinct()
    )
    gone = {staff_id: f"{names[staff_id]}的账号已停用" for staff_id in shut}
    gone |= {
        staff_id: f"{names[staff_id]}请假（{_days(leave, settings)}）"
        for staff_id, leave in leaves.items()
    }
    return _Desk(
        now=now,
        settings=settings,
        gone=gone,
        leaves=leaves,
        stand_ins=substitutes_of(session),
        names=names,
        people=candidates(session, now) if gone else [],
    )


def _called_though_away(ticket: Ticket, desk: _Desk) -> bool:
    """In a crisis the last of the ladder is called wherever they are: that call stands."""
    leave = desk.leaves.get(ticket.assignee_id or 0)
    called = ticket.level == Level.CRISIS and ticket.state == State.DISPATCHED
    since = ticket.assigned_at
    return called and leave is not None and since is not None and since >= leave.starts_at


def _days(leave: Leave, settings: Settings) -> str:
    first, last = (at.astimezone(settings.zone) for at in (leave.starts_at, leave.ends_at))
    return f"{first.month}月{first.day}日至{last.month}月{last.day}日"


def _move(session: Session, ticket: Ticket, desk: _Desk) -> None:
    owner = ticket.assignee_id or 0
    returned = routing.handed_back(session, [ticket.id]).get(ticket.id, [])
    wanted = wanted_for(ticket, now=desk.now, exclude={owner, *returned})
    leave = desk.leaves.get(owner)
    data: JsonObject = {"from": owner, "leave": leave.id if leave else None}
    to, reason, basis = _successor(wanted, owner, desk)
    note_event(session, ticket, MOVED, now=desk.now, text=desk.gone[owner], **data, to=to)
    if to is None:
        note_event(session, ticket, "put_back", now=desk.now, text=reason, basis=basis)
        let_speak(session, ticket, Speaker.BOT, now=desk.now)
        return
    give(session, ticket, to, reason=reason, now=desk.now, basis={**basis, **data})
    desk.note(to, wanted)


def _successor(wanted: Wanted, owner: int, desk: _Desk) -> tuple[int | None, str, JsonObject]:
    """Return who is to go on with it, the reason, and what it rests on."""
    why = desk.gone[owner]
    there = {person.id: person for person in desk.people}
    missing: list[str] = []
    # A stand-in was named for the person, not for the field or the place.
    anything = replace(wanted, service="", area_code="")
    for staff_id in chain(owner, desk.stand_ins):
        person = there.get(staff_id)
        found = choose([person], anything) if person else None
        if found is not None and found.staff_id is not None:
            skipped = f"（{'、'.join(missing)}现在接不了）" if missing else ""
            reason = f"{why}，由替班的{desk.names[staff_id]}接着办{skipped}"
            return staff_id, reason, {"chain": chain(owner, desk.stand_ins)}
        missing.append(desk.names[staff_id])
    found = choose(desk.people, wanted)
    none = f"，替班的{'、'.join(missing)}现在接不了" if missing else "，没有定替班"
    return found.staff_id, f"{why}{none}；{found.reason}", found.basis
