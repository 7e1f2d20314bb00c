"""Who gets a ticket, and why."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.contracts import Urgency
from bot.db.types import JsonObject
from bot.people.areas import area_name, within
from bot.people.tables import Role, Staff
from bot.tickets.tables import LIVE, Ticket

WEIGHT = {Urgency.CRISIS: 3, Urgency.URGENT: 2, Urgency.NORMAL: 1}
HANDLERS = (Role.CASEWORKER, Role.SUPERVISOR)
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody is looked for."""

    service: str
    """Field of work of data/topics.yaml; empty: none in particular."""
    area_code: str
    urgency: str
    now: datetime
    exclude: Collection[int] = ()
    """Who is not to get it, such as who handed it back."""
    languages: Sequence[str] = ()
    """Languages one of which has to be read; empty: Chinese does."""
    lane: str = ""
    """Confidential lane it runs in: minor, violence, sealed."""
    organisation_id: int | None = None
    """Whose resident wrote."""
    ticket_id: int | None = None
    opened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pick:
    """Somebody, or nobody, and the reason as staff read it."""

    staff_id: int | None
    reason: str
    basis: JsonObject = field(default_factory=dict)
    """The same for machines: the rules applied, and everybody who was considered."""


@dataclass(frozen=True, slots=True)
class Load:
    """What somebody has in hand."""

    count: int = 0
    weight: int = 0
    last_assigned_at: datetime = NEVER


def pick(session: Session, wanted: Wanted) -> Pick:
    """
    Choose who is to answer: the right field and area, then the least in hand.

    Where the resident writes in another language, whoever knows one of them
    comes first: field and place are nothing to a letter that nobody can read.
    A crisis goes to anybody on duty, of the right field where there is one.
    Ties go to who has waited longest for a new ticket, then to the lowest id.
    """
    service, area_code, urgency = wanted.service, wanted.area_code, wanted.urgency
    present = [person for person in _on_duty(session) if person.id not in wanted.exclude]
    matter = f"{service or '各项'}·{area_name(area_code) or '地点不明'}"
    if not present:
        return Pick(None, f"{matter}，现在没有人在班，等督导分派")
    able = [person for person in present if _serves(person, service, area_code)]
    readers = _knowing(wanted.languages, able) or _knowing(wanted.languages, present)
    crisis = urgency == Urgency.CRISIS
    if not able and not crisis and not readers:
        return Pick(None, f"{matter}，在班{len(present)}人都不管这一项，等督导分派")
    loads = loads_of(session, [person.id for person in present])
    beginning = _beginning(matter, urgency, readers or able)
    if readers:
        beginning += f"会{'、'.join(wanted.languages)}的，"
    return _chosen(readers or able or present, loads, service, beginning)


def ladder(
    session: Session,
    *,
    service: str,
    area_code: str,
    now: datetime,
    exclude: Collection[int] = (),
) -> list[int]:
    """
    Return whom to page for a crisis, one after the other; the last is who must answer.

    First who is fit and on duty, then everybody on duty, then the supervisors,
    on duty or not.
    """
    del now
    present = [person for person in _on_duty(session) if person.id not in exclude]
    loads = loads_of(session, [person.id for person in present])
    present.sort(key=lambda it: (loads[it.id].weight, loads[it.id].last_assigned_at, it.id))
    fit = [person for person in present if _serves(person, service, area_code)]
    supervisors = session.scalars(
        select(Staff).where(Staff.active, Staff.role == Role.SUPERVISOR).order_by(Staff.id)
    ).all()
    staff = [it for it in (*fit, *present) if it.role != Role.SUPERVISOR]
    return list(dict.fromkeys(it.id for it in (*staff, *supervisors)))


def loads_of(session: Session, staff_ids: Sequence[int]) -> Mapping[int, Load]:
    """Return what each of these people has in hand."""
    rows = session.execute(
        select(Staff.id, Ticket.urgency, func.count(), func.max(Ticket.assigned_at))
        .join(Ticket, Ticket.assignee_id == Staff.id)
        .where(Staff.id.in_(staff_ids), Ticket.state.in_(LIVE))
        .group_by(Staff.id, Ticket.urgency)
    )
    loads = dict.fromkeys(staff_ids, Load())
    for staff_id, urgency, count, assigned_at in rows:
        load = loads[staff_id]
        loads[staff_id] = Load(
            count=load.count + count,
            weight=load.weight + WEIGHT[Urgency(urgency)] * count,
            last_assigned_at=max(load.last_assigned_at, assigned_at or NEVER),
        )
    return loads


def _on_duty(session: Session) -> Sequence[Staff]:
    return session.scalars(
        select(Staff)
        .where(Staff.active, Staff.on_duty, Staff.role.in_(HANDLERS))
        .order_by(Staff.id)
    ).all()


def _serves(person: Staff, service: str, area_code: str) -> bool:
    field = not service or not person.services or service in person.services
    place = (
        not area_code
        or not person.area_codes
        or any(within(area_code, area) for area in person.area_codes)
    )
    return field and place


def _knowing(languages: Sequence[str], people: Sequence[Staff]) -> list[Staff]:
    return [person for person in people if not set(languages).isdisjoint(person.languages)]


def _beginning(matter: str, urgency: str, able: Sequence[Staff]) -> str:
    if urgency != Urgency.CRISIS:
        return f"{matter}，"
    return f"危机，{matter}，" if able else f"危机，{matter}没有对口的人，"


def _chosen(
    people: Sequence[Staff], loads: Mapping[int, Load], service: str, beginning: str
) -> Pick:
    specialists = [person for person in people if service and service in person.services]
    pool = specialists or people
    best = min(pool, key=lambda it: (loads[it.id].weight, loads[it.id].last_assigned_at, it.id))
    count = loads[best.id].count
    if len(pool) == 1:
        return Pick(best.id, f"{beginning}在班只有1人合适（手上{count}件）")
    return Pick(best.id, f"{beginning}在班{len(pool)}人中手上最少（{count}件）")
