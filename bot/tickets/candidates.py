"""Everybody who might get a ticket now, with what they have in hand and got lately."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import case, false, func, or_, select
from sqlalchemy.orm import Session

from bot.people.presence import away, on_roster, presence
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
    recent: int = 0
    """Weight of what they got in the last days (data/routing.yaml), done or not."""
    last_assigned_at: datetime = NEVER


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
    presence: float = 1.0
    """Share of the last days that they were there."""
    load: Load = field(default_factory=Load)

    @property
    def share(self) -> float:
        """What they got lately, by the time they were there."""
        return self.load.recent / max(self.presence, load_rules().fairness.least_presence)

    def with_one_more(self, weight: int, now: datetime) -> "Candidate":
        """Return the person after getting a ticket of this weight."""
        load = Load(self.load.count + 1, self.load.weight + weight, self.load.recent + weight, now)
        return replace(self, load=load)


def candidates(session: Session, now: datetime) -> list[Candidate]:
    """Return everybody who works and is not on leave, on duty or on the crisis roster."""
    gone = away(session, now)
    crisis = on_roster(session, DutyRole.CRISIS, now)
    desk = on_roster(session, DutyRole.DESK, now)
    people = [
        person
        for person in session.scalars(
            select(Staff).where(Staff.active, Staff.role.in_(HANDLERS)).order_by(Staff.id)
        )
        if person.id not in gone and (person.on_duty or person.id in crisis)
    ]
    since = now - timedelta(days=load_rules().fairness.days)
    there = presence(session, people, since=since, now=now)
    loads = loads_of(session, [person.id for person in people], since=since)
    teams = {team.id: team.name for team in session.scalars(select(Team))}
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
            team=teams.get(person.team_id or 0, ""),
            capacity=person.capacity,
            on_duty=person.on_duty,
            desk=person.id in desk,
            crisis_rung=crisis.get(person.id, 0),
            presence=there[person.id],
            load=loads[person.id],
        )
        for person in people
    ]


def loads_of(
    session: Session, staff_ids: Sequence[int], *, since: datetime | None = None
) -> Mapping[int, Load]:
    """Return what each of these people has in hand, and got since *since*."""
    live = Ticket.state.in_(LIVE)
    late = Ticket.assigned_at >= since if since else false()
    rows = session.execute(
        select(
            Ticket.assignee_id,
            Ticket.urgency,
            Ticket.level,
            func.sum(case((live, 1), else_=0)),
            func.sum(case((late, 1), else_=0)),
            func.max(Ticket.assigned_at),
        )
        .where(Ticket.assignee_id.in_(staff_ids), or_(live, late))
        .group_by(Ticket.assignee_id, Ticket.urgency, Ticket.level)
    )
    loads = dict.fromkeys(staff_ids, Load())
    for staff_id, urgency, level, open_now, lately, assigned_at in rows:
        before, weight = loads[staff_id], load_rules().weight(level_of(urgency, level))
        loads[staff_id] = Load(
            count=before.count + int(open_now),
            weight=before.weight + weight * int(open_now),
            recent=before.recent + weight * int(lately),
            last_assigned_at=max(before.last_assigned_at, assigned_at or NEVER),
        )
    return loads
