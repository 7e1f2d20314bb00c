"""Where somebody works and what they can carry: organisation, team, lanes, capacity, stand-ins."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import audit
from bot.errors import InvalidInputError, NotAllowedError
from bot.people.organisations import PHONE
from bot.people.tables import Organisation, Role, Staff, Team

MOST_CAPACITY = 200
MOST_SUBSTITUTES = 5


@dataclass(frozen=True, slots=True)
class Placement:
    """What an admin or a supervisor sets of a person's work."""

    organisation_id: int | None = None
    team_id: int | None = None
    lanes: tuple[str, ...] = ()
    capacity: int = 30
    substitutes: tuple[int, ...] = ()
    phone: str = ""


def place(
    session: Session, person: Staff, *, placement: Placement, by: Staff, now: datetime
) -> None:
    """
    Set where the person works and what they can carry.

    Raises:
        InvalidInputError: the team is of another organisation, a stand-in is nobody, …
        NotAllowedError: `by` neither supervises nor administers, or it is themselves,
            or somebody of another organisation.
    """
    _refuse_unless_theirs(person, placement, by)
    problem = next(_problems(session, person, placement), "")
    if problem:
        raise InvalidInputError(problem)
    person.organisation_id, person.team_id = placement.organisation_id, placement.team_id
    person.lanes, person.capacity = list(placement.lanes), placement.capacity
    person.substitutes, person.phone = list(placement.substitutes), placement.phone.strip()
    audit.record(
        session, deed="staff.place", staff_id=by.id, subject=f"staff:{person.id}", now=now
    )


def leads(by: Staff, person: Staff) -> bool:
    """Say whether *by* sets duty and leave of the person: admins, supervisors of their house."""
    if by.role == Role.SUPERVISOR:
        return by.organisation_id is None or person.organisation_id in {None, by.organisation_id}
    return by.role == Role.ADMIN


def chain(first: int, substitutes: Mapping[int, Sequence[int]]) -> list[int]:
    """
    Return who stands in for *first*, in order: each stand-in, and then theirs.

    Whoever is met a second time is left out, so a circle ends.
    """
    seen = {first}
    found: list[int] = []

    def walk(person: int) -> None:
        for other in substitutes.get(person, ()):
            if other not in seen:
                seen.add(other)
                found.append(other)
                walk(other)

    walk(first)
    return found


def substitutes_of(session: Session) -> Mapping[int, Sequence[int]]:
    """Return everybody's stand-ins, the first choice first."""
    rows = session.execute(select(Staff.id, Staff.substitutes).order_by(Staff.id))
    return {staff_id: list(substitutes or ()) for staff_id, substitutes in rows}


def _refuse_unless_theirs(person: Staff, placement: Placement, by: Staff) -> None:
    """Where somebody works says what they see: nobody gives that to themselves."""
    msg = ""
    houses = {person.organisation_id, placement.organisation_id, by.organisation_id}
    if by.role not in {Role.SUPERVISOR, Role.ADMIN}:
        msg = "由督导或管理员来改。"
    elif by.id == person.id and _sees_other(person, placement):
        msg = "自己的机构、队和保密资格，要由别人来改。"
    elif by.role == Role.SUPERVISOR and by.organisation_id is not None and len(houses) > 1:
        msg = "只能改本机构的人；换机构要由管理员来改。"
    if msg:
        raise NotAllowedError(msg)


def _sees_other(person: Staff, placement: Placement) -> bool:
    had = person.organisation_id, person.team_id, set(person.lanes or ())
    return had != (placement.organisation_id, placement.team_id, set(placement.lanes))


def _problems(session: Session, person: Staff, placement: Placement) -> Iterator[str]:
    organisation_id, team_id = placement.organisation_id, placement.team_id
    if organisation_id is not None and session.get(Organisation, organisation_id) is None:
        yield "没有这个机构，请从列表里选。"
    team = session.get(Team, team_id) if team_id is not None else None
    if team_id is not None and (team is None or team.organisation_id != organisation_id):
        yield "队要是这个机构的，请重新选队。"
    if not 1 <= placement.capacity <= MOST_CAPACITY:
        yield f"上限要是1到{MOST_CAPACITY}的数。"
    if placement.phone.strip() and not PHONE.fullmatch(placement.phone.strip()):
        yield "电话只写数字，可以有 + 和 -。"
    if len(placement.substitutes) > MOST_SUBSTITUTES:
        yield f"替班最多{MOST_SUBSTITUTES}个人。"
    if person.id in placement.substitutes:
        yield "替班不能是自己。"
    if len(set(placement.substitutes)) < len(placement.substitutes):
        yield "替班里同一个人写了两次。"
    able = session.scalars(
        select(Staff.id).where(
            Staff.id.in_(placement.substitutes), Staff.active, Staff.role != Role.ADMIN
        )
    )
    if set(placement.substitutes) - set(able):
        yield "替班里有人已停用或不接工单，请换一个。"
