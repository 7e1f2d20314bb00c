"""Who gets a ticket, and why; whom to call in a crisis."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import and_, literal_column, or_, select
from sqlalchemy.orm import Session

from bot.people.tables import Role, Staff
from bot.tickets.candidates import HANDLERS, Candidate, Load, candidates, loads_of, shares
from bot.tickets.choosing import choose
from bot.tickets.fitting import STEPS
from bot.tickets.rules import load_rules
from bot.tickets.tables import Level, State, Ticket, TicketEvent
from bot.tickets.wanted import Pick, Wanted, level_of, wanted_for

__all__ = ["HANDLERS", "Load", "Pick", "Wanted", "ladder", "loads_of", "pick", "wanted_for"]
MOST_HAND_BACKS = 2
"""After so many a supervisor decides: a matter nobody wants must not go in circles."""
IN_QUEUE = Ticket.state == literal_column(f"'{State.TRIAGE}'")
"""Written out, so that the index of the queue is used."""
MOST_NAMED = 3


def pick(session: Session, wanted: Wanted) -> Pick:
    """
    Choose who is to get it, by the rules of data/routing.yaml.

    A ticket that has waited longer goes first, as long as whoever was found
    could have it; where it is overtaken all the same, the reason says so.
    """
    people = candidates(session, wanted.now)
    found = choose(people, wanted)
    if found.staff_id is None or wanted.opened_at is None:
        return found
    chosen = next(person for person in people if person.id == found.staff_id)
    passed, asked = [], dict[Wanted, bool]()
    for number, older in waiting_before(session, wanted):
        # Many wait for the same: whether this person could have it is asked once.
        if older not in asked:
            asked[older] = choose([chosen], older).staff_id is not None
        if wanted.level != Level.CRISIS and asked[older]:
            reason = f"更早的{number}还在等，先给那一件，这一件排在后面"
            return Pick(None, reason, {**found.basis, "after": number})
        passed.append(number)
    return overtaking(found, passed)


def overtaking(found: Pick, passed: Sequence[str]) -> Pick:
    """Return the pick with what it overtook, which nobody found could have."""
    if not passed:
        return found
    more = f"等{len(passed)}件" if len(passed) > MOST_NAMED else ""
    words = f"{found.reason}；更早的{'、'.join(passed[:MOST_NAMED])}{more}没有合适的人，仍在等"
    return replace(found, reason=words, basis={**found.basis, "passed": list(passed)})


def ladder(  # noqa: PLR0913 (all that the order rests on)
    session: Session,
    *,
    service: str,
    area_code: str,
    now: datetime,
    exclude: Collection[int] = (),
    lane: str = "",
    organisation_id: int | None = None,
) -> list[int]:
    """
    Return whom to call to a crisis, one after the other; the last is who must answer.

    First the crisis roster in its order, then who fits, then everybody on duty,
    then the supervisors: on duty, off duty, and even on leave.  Of what is sealed
    only those hear who are cleared for it.
    """
    wanted = Wanted(
        service,
        area_code,
        Level.CRISIS,
        now,
        exclude=exclude,
        lane=lane,
        organisation_id=organisation_id,
    )
    people = [
        it for it in candidates(session, now) if it.id not in exclude and _may_hear(it, wanted)
    ]
    roster = sorted(
        (it for it in people if it.crisis_rung), key=lambda it: (it.crisis_rung, it.id)
    )
    caseworkers = [it for it in people if it.on_duty and it.role != Role.SUPERVISOR]
    on_duty = [it for it in people if it.on_duty and it.role == Role.SUPERVISOR]
    called = [*roster, *_by_fitness(caseworkers, wanted), *_by_fitness(on_duty, wanted)]
    return list(dict.fromkeys([*(it.id for it in called), *_supervisors(session)]))


def waiting_before(session: Session, wanted: Wanted) -> list[tuple[str, Wanted]]:
    """
    Return what of the same level has waited longer, the oldest first, with its number.

    All of it: one that is left out is overtaken, and no reason says so.  What is
    wanted is alike for all that whoever can have one of them can have.
    """
    if wanted.opened_at is None:
        return []
    first = or_(
        Ticket.opened_at < wanted.opened_at,
        and_(Ticket.opened_at == wanted.opened_at, Ticket.id < (wanted.ticket_id or 0)),
    )
    found = session.scalars(
        select(Ticket)
        .where(IN_QUEUE, Ticket.id != (wanted.ticket_id or 0), first)
        .order_by(Ticket.opened_at, Ticket.id)
    ).all()
    returned = handed_back(session, [ticket.id for ticket in found]) if found else {}
    return [
        (ticket.number, _alike(ticket, wanted.now, returned.get(ticket.id, ())))
        for ticket in found
        if level_of(ticket.urgency, ticket.level) == wanted.level
        and len(returned.get(ticket.id, ())) <= MOST_HAND_BACKS
    ]


def _alike(ticket: Ticket, now: datetime, returned: Collection[int]) -> Wanted:
    wanted = wanted_for(ticket, now=now, exclude=returned)
    return replace(wanted, ticket_id=None, opened_at=None)


def handed_back(session: Session, ticket_ids: Collection[int]) -> dict[int, list[int]]:
    """Return who handed each of these tickets back, once for each time."""
    rows = session.execute(
        select(TicketEvent.ticket_id, TicketEvent.staff_id)
        .where(TicketEvent.ticket_id.in_(ticket_ids), TicketEvent.kind == "handed_back")
        .order_by(TicketEvent.id)
    )
    returned: dict[int, list[int]] = {}
    for ticket_id, staff_id in rows:
        if staff_id is not None:
            returned.setdefault(ticket_id, []).append(staff_id)
    return returned


def _may_hear(person: Candidate, wanted: Wanted) -> bool:
    rules = load_rules()
    lane = rules.lanes.get(wanted.lane)
    if not wanted.lane or (lane is not None and lane.crisis_opens):
        return True
    _, cleared = STEPS["lane"]
    return bool(cleared([person], wanted, rules))


def _by_fitness(people: Sequence[Candidate], wanted: Wanted) -> list[Candidate]:
    """Sort by how many of the rules somebody meets, then by what they got lately."""
    rules = load_rules()
    asked = [fit for matters, fit in STEPS.values() if matters(wanted, rules)]

    got = shares(people)

    def order(person: Candidate) -> tuple[object, ...]:
        unmet = sum(not fit([person], wanted, rules) for fit in asked)
        return unmet, got[person.id], person.load.weight, person.load.last_assigned_at, person.id

    return sorted(people, key=order)


def _supervisors(session: Session) -> Sequence[int]:
    return session.scalars(
        select(Staff.id)
        .where(Staff.active, Staff.role == Role.SUPERVISOR)
        .order_by(Staff.on_duty.desc(), Staff.id)
    ).all()
