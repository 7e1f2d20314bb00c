"""Organisations, their teams, and the hours they are at work."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from itertools import pairwise

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot import audit
from bot.errors import InvalidInputError, NotAllowedError, NotFoundError
from bot.people.tables import OfficeShift, Organisation, Role, Staff, Team

LONGEST_NAME, LONGEST_TEAM = 60, 40
PHONE = re.compile(r"[0-9+ -]{3,20}")
MOST_SHIFTS = 4
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:：]([0-5]\d)")
_SHIFT = re.compile(r"(\S+?)\s*(?:-|–|—|~|到|至)\s*(\S+)")


@dataclass(frozen=True, slots=True)
class Details:
    """What is set of an organisation."""

    name: str
    area_code: str = ""
    phone: str = ""
    active: bool = True


def everybody(session: Session) -> Sequence[Organisation]:
    """Return all organisations, those in use first, by name."""
    order = Organisation.active.desc(), Organisation.name, Organisation.id
    return session.scalars(select(Organisation).order_by(*order)).all()


def get(session: Session, organisation_id: int) -> Organisation:
    """
    Return the organisation.

    Raises:
        NotFoundError: there is none.
    """
    found = session.get(Organisation, organisation_id)
    if found is None:
        msg = f"organisation {organisation_id}"
        raise NotFoundError(msg)
    return found


def save(
    session: Session,
    organisation: Organisation | None,
    *,
    details: Details,
    by: Staff,
    now: datetime,
) -> Organisation:
    """
    Add an organisation, or change one.

    Raises:
        InvalidInputError: the name is missing or taken, or the phone is none.
        NotAllowedError: `by` is no admin.
    """
    _need_admin(by)
    name, phone = details.name.strip(), details.phone.strip()
    same = session.scalar(select(Organisation).where(Organisation.name == name))
    problem = ""
    if not 0 < len(name) <= LONGEST_NAME:
        problem = f"请写机构名称，最多{LONGEST_NAME}个字。"
    elif same is not None and same is not organisation:
        problem = "机构名称已经有了，请换一个。"
    elif phone and not PHONE.fullmatch(phone):
        problem = "电话只写数字，可以有 + 和 -。"
    if problem:
        raise InvalidInputError(problem)
    if organisation is None:
        organisation = Organisation(created_at=now)
        session.add(organisation)
    organisation.name, organisation.phone = name, phone
    organisation.area_code, organisation.active = details.area_code, details.active
    session.flush()
    _record(session, "organisation.save", organisation.id, by, now)
    return organisation


def teams(session: Session) -> Mapping[int, list[Team]]:
    """Return the teams of each organisation, by name."""
    found: dict[int, list[Team]] = {}
    for team in session.scalars(select(Team).order_by(Team.name, Team.id)):
        found.setdefault(team.organisation_id, []).append(team)
    return found


def add_team(
    session: Session, organisation: Organisation, *, name: str, by: Staff, now: datetime
) -> Team:
    """
    Add a team.

    Raises:
        InvalidInputError: it has no name, or there is one of this name.
        NotAllowedError: `by` is no admin.
    """
    _need_admin(by)
    name = name.strip()
    known = {team.name for team in teams(session).get(organisation.id, ())}
    if not 0 < len(name) <= LONGEST_TEAM:
        msg = f"请写队名，最多{LONGEST_TEAM}个字。"
        raise InvalidInputError(msg)
    if name in known:
        msg = "队名已经有了，请换一个。"
        raise InvalidInputError(msg)
    team = Team(organisation_id=organisation.id, name=name)
    session.add(team)
    session.flush()
    _record(session, "team.add", organisation.id, by, now)
    return team


def hours(session: Session, organisation_id: int | None) -> list[tuple[str, str]]:
    """Return the organisation's own shifts of a working day; none: it has the general ones."""
    rows = session.execute(
        select(OfficeShift.starts, OfficeShift.ends)
        .where(OfficeShift.organisation_id == organisation_id)
        .order_by(OfficeShift.starts)
    )
    return [(starts, ends) for starts, ends in rows]


def set_hours(
    session: Session, organisation_id: int | None, *, text: str, by: Staff, now: datetime
) -> None:
    """
    Set the shifts of a working day, one a line (08:30-12:00); no text: the general ones hold.

    Raises:
        InvalidInputError: a line is no shift, or two overlap.
        NotAllowedError: `by` is no admin.
    """
    _need_admin(by)
    shifts = read_hours(text)
    session.execute(delete(OfficeShift).where(OfficeShift.organisation_id == organisation_id))
    for starts, ends in shifts:
        session.add(OfficeShift(organisation_id=organisation_id, starts=starts, ends=ends))
    session.flush()
    _record(session, "hours.set", organisation_id or 0, by, now)


def read_hours(text: str) -> list[tuple[str, str]]:
    """
    Return the shifts that people wrote, the earliest first.

    Raises:
        InvalidInputError: a line is no shift, or two overlap.
    """
    shifts = []
    for line in filter(None, (line.strip() for line in re.split(r"[\n,，;；、]", text))):
        found = _SHIFT.fullmatch(line)
        ends = [_clock(part) for part in found.groups()] if found else []
        if len(ends) != 2 or "" in ends or ends[0] >= ends[1]:  # noqa: PLR2004 (from and to)
            msg = f"上班时间“{line}”看不懂，请一行写一段，例如 08:30-12:00。"
            raise InvalidInputError(msg)
        shifts.append((ends[0], ends[1]))
    shifts.sort()
    if len(shifts) > MOST_SHIFTS:
        msg = f"上班时间一天最多分{MOST_SHIFTS}段。"
        raise InvalidInputError(msg)
    for (_, before), (after, _) in pairwise(shifts):
        if after < before:
            msg = f"上班时间有重叠：{after}在上一段结束（{before}）以前。"
            raise InvalidInputError(msg)
    return shifts


def _clock(text: str) -> str:
    found = _CLOCK.fullmatch(text)
    return f"{time(int(found[1]), int(found[2])):%H:%M}" if found else ""


def _need_admin(by: Staff) -> None:
    if by.role != Role.ADMIN:
        msg = "机构、队和上班时间由管理员来改。"
        raise NotAllowedError(msg)


def _record(session: Session, deed: str, subject: int, by: Staff, now: datetime) -> None:
    audit.record(session, deed=deed, staff_id=by.id, subject=f"organisation:{subject}", now=now)
