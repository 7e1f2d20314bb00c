"""Everybody who might get a ticket now, with what they have in hand and got lately."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from bot.db.types import UTCDateTime
from bot.people.presence import DAY, lately, presence, rosters
from bot.people.tables import DutyRole, Role, Staff, Team
from bot.tickets.rules import load_rules
from bot.tickets.tables import LIVE, Ticket
from bot.tickets.wanted import level_of

HANDLERS = (Role.CASEWORKER, Role.SUPERVISOR)
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Load:
    """What somebody has in hand, and what they got lately."""

    count: int = 0
    weight: int = 0
    daily: Sequence[int] = ()
    """Weight of what they got on each of the last days (data/routing.yaml), done or not."""
    last_assigned_at: datetime = NEVER

    @property
    def recent(self) -> int:
        """Weight of all they got lately."""
        return sum(self.daily)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who is not away."""

    id: int
    name: str = ""
    login: str = ""
    role: str = Role.CASEWORKER
    services: Sequence[str] = ()
    area_codes: Sequence[str] = ()
    languages: Sequence[str] = ()
    lanes: Sequence[str] = ()
    organisation_id: int | None = None
    team: str = ""
    capacity: int = 30
    on_duty: bool = True
    """The person's own switch; off, they are only called by the crisis roster."""
    desk: bool = False
    """It is their turn to take new work."""
    crisis_rung: int = 0
    """Their turn to be called in a crisis: first (1), second, …; 0: not theirs."""
    there: Sequence[float] = ()
    """How much of each of the last days they were there, today's first."""
    load: Load = field(default_factory=Load)

    def with_one_more(self, weight: int, now: datetime) -> "Candidate":
        """Return the person after getting a ticket of this weight."""
        before = self.load
        today, *earlier = before.daily or (0,)
        daily = (today + weight, *earlier)
        return replace(self, load=Load(before.count + 1, before.weight + weight, daily, now))


def shares(people: Sequence[Candidate]) -> Mapping[int, float]:
    """
    Return what each of these people got lately, to be compared with one another.

    For the time somebody was away they count as having got what the others got
    on average: who comes back neither owes nor is owed what came meanwhile.
    """
    found = {person.id: float(person.load.recent) for person in people}
    for number in range(load_rules().fairness.days):
        got = [_at(person.load.daily, number, 0) for person in people]
        there = [_at(person.there, number, 1.0) for person in people]
        average = sum(got) / max(sum(there), 1.0)
        for person, part in zip(people, there, strict=True):
            found[person.id] += (1 - part) * average
    return found


def _at(values: Sequence[float], number: int, otherwise: float) -> float:
    return values[number] if number < len(values) else otherwise


def candidates(session: Session, now: datetime) -> list[Candidate]:
    """Return everybody who works and is not on leave, on duty or on the crisis roster."""
    days = load_rules().fairness.days
    leaves, turns = lately(session, now=now, days=days), rosters(session, now)
    crisis, desk = turns[DutyRole.CRISIS], turns[DutyRole.DESK]
    gone = {who for who, spans in leaves.items() if any(a <= now < b for a, b in spans)}
    rows = session.execute(_handlers())
    teams = {
        person: team or ""
        for person, team in rows
        if person.id not in gone and (person.on_duty or person.id in crisis)
    }
    there = presence(leaves, teams, now=now, days=days)
    loads = loads_of(session, [person.id for person in teams], now=now, days=days)
    return [
        Candidate(
            id=person.id,
            name=person.name,
            login=person.login,
            role=person.role,
            services=person.services,
            area_codes=person.area_codes,
            languages=person.languages,
            lanes=person.lanes,
            organisation_id=person.organisation_id,
            team=team,
            capacity=person.capacity,
            on_duty=person.on_duty,
            desk=person.id in desk,
            crisis_rung=crisis.get(person.id, 0),
            there=there[person.id],
            load=loads[person.id],
        )
        for person, team in teams.items()
    ]


def loads_of(
    session: Session, staff_ids: Sequence[int], *, now: datetime | None = None, days: int = 0
) -> Mapping[int, Load]:
    """Return what each of these people has in hand, and got on each of the last *days*."""
    got = _daily(session, staff_ids, now, days) if now else {}
    loads = {it: Load(daily=tuple(got.get(it, (0,) * days))) for it in staff_ids}
    rows = session.execute(_in_hand(), {"staff_ids": staff_ids})
    for staff_id, urgency, level, count, assigned_at in rows:
        before = loads[staff_id]
        loads[staff_id] = replace(
            before,
            count=before.count + count,
            weight=before.weight + load_rules().weight(level_of(urgency, level)) * count,
            last_assigned_at=max(before.last_assigned_at, assigned_at or NEVER),
        )
    return loads


def _daily(
    session: Session, staff_ids: Sequence[int], now: datetime, days: int
) -> Mapping[int, Sequence[int]]:
    """Return the weight of what each got on each of the last days, today's first."""
    rows = session.execute(_given_since(), {"since": now - days * DAY})
    got = {staff_id: [0] * days for staff_id in staff_ids}
    for staff_id, urgency, level, assigned_at in rows:
        # Clocks differ a little: what is dated after now is of today.
        number = max((now - assigned_at) // DAY, 0) if assigned_at else days
        if staff_id in got and number < days:
            got[staff_id][number] += load_rules().weight(level_of(urgency, level))
    return got


# These are made once: making them takes longer than running them.
@cache
def _handlers() -> Select[Staff, str | None]:
    return (
        select(Staff, Team.name)
        .outerjoin(Team, Team.id == Staff.team_id)
        .where(Staff.active, Staff.role.in_(HANDLERS))
        .order_by(Staff.id)
    )


@cache
def _in_hand() -> Select[int, str, str, int, datetime | None]:
    theirs = Staff.id.in_(bindparam("staff_ids", expanding=True))
    last = func.max(Ticket.assigned_at)
    return (
        select(Staff.id, Ticket.urgency, Ticket.level, func.count(), last)
        .join(Ticket, Ticket.assignee_id == Staff.id)
        .where(theirs, Ticket.state.in_(LIVE))
        .group_by(Staff.id, Ticket.urgency, Ticket.level)
    )


@cache
def _given_since() -> Select[int | None, str, str, datetime | None]:
    # By the day alone: a database that begins with the people reads all they ever had.
    return select(Ticket.assignee_id, Ticket.urgency, Ticket.level, Ticket.assigned_at).where(
        Ticket.assigned_at > bindparam("since", type_=UTCDateTime)
    )
