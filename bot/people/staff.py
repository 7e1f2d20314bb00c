"""Accounts of staff: who may log in, what they handle, and the rules that keep the door shut."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import audit
from bot.errors import InvalidInputError, NotAllowedError, NotFoundError
from bot.knowledge.topics import load_topics
from bot.people import passwords
from bot.people.areas import COUNTY_DIGITS, load_areas
from bot.people.placement import leads
from bot.people.tables import Role, Staff

LOGIN = re.compile(r"[a-z][a-z0-9._-]{2,39}")
LONGEST_NAME = 40
LAST_ADMIN = "这是最后一个能用的管理员，先再设一个管理员，再来改这个。"


@dataclass(frozen=True, slots=True)
class Profile:
    """What an admin sets of a person."""

    name: str
    role: Role = Role.CASEWORKER
    services: tuple[str, ...] = ()
    """Fields of work; none means all."""
    area_codes: tuple[str, ...] = ()
    """Areas; none means everywhere."""
    languages: tuple[str, ...] = ()


def get(session: Session, staff_id: int) -> Staff:
    """Return the account.

    Raises:
        NotFoundError: there is none.
    """
    person = session.get(Staff, staff_id)
    if person is None:
        msg = f"staff {staff_id}"
        raise NotFoundError(msg)
    return person


def everybody(session: Session) -> Sequence[Staff]:
    """Return all accounts, those in use first, by name."""
    return session.scalars(select(Staff).order_by(Staff.active.desc(), Staff.name, Staff.id)).all()


def by_login(session: Session, login: str) -> Staff | None:
    """Return the account with this login, however it was typed."""
    return session.scalar(select(Staff).where(Staff.login == login.strip().lower()))


def create(
    session: Session, login: str, *, profile: Profile, by: Staff | None, now: datetime
) -> tuple[Staff, str]:
    """
    Open an account and return it with its first password, which is kept nowhere else.

    Raises:
        InvalidInputError: the login is taken or malformed, or the profile does not fit.
        NotAllowedError: `by` is no admin; nobody stands for the command line.
    """
    _need_admin(by)
    login = login.strip().lower()
    if not LOGIN.fullmatch(login):
        msg = "登录名要3到40个字符，小写字母开头，只用小写字母、数字和 . _ -。"
        raise InvalidInputError(msg)
    if by_login(session, login):
        msg = "这个登录名已经有人用了，请换一个。"
        raise InvalidInputError(msg)
    password = passwords.random_password()
    person = Staff(
        login=login,
        password_hash=passwords.hash_password(password),
        must_change_password=True,
        created_at=now,
        **_columns(profile),
    )
    session.add(person)
    session.flush()
    _record(session, "staff.create", person, by=by, now=now)
    return person, password


def update_profile(
    session: Session, person: Staff, *, profile: Profile, by: Staff | None, now: datetime
) -> None:
    """
    Change what the person is called, may do and handles.

    Raises:
        InvalidInputError: the profile does not fit, or no admin would be left.
        NotAllowedError: `by` is no admin, or changes the own role.
    """
    _need_admin(by)
    columns = _columns(profile)
    if profile.role != person.role:
        if by is person:
            msg = "不能改自己的角色，请让另一位管理员来改。"
            raise NotAllowedError(msg)
        _keep_an_admin(session, person)
        _record(session, "staff.role", person, by=by, now=now)
    for name, value in columns.items():
        setattr(person, name, value)
    _record(session, "staff.update", person, by=by, now=now)


def reset_password(session: Session, person: Staff, *, by: Staff | None, now: datetime) -> str:
    """
    Return a new random password; the old one, the lock and every login of the person end.

    Raises:
        NotAllowedError: `by` is no admin.
    """
    _need_admin(by)
    password = passwords.random_password()
    person.password_hash = passwords.hash_password(password)
    person.must_change_password = True
    person.failed_logins, person.locked_until = 0, None
    person.session_epoch += 1
    _record(session, "staff.reset_password", person, by=by, now=now)
    return password


def deactivate(session: Session, person: Staff, *, by: Staff | None, now: datetime) -> None:
    """
    Shut the account: no new login, and every present one ends with its next request.

    Raises:
        InvalidInputError: it is the last admin.
        NotAllowedError: `by` is no admin, or is the person.
    """
    _need_admin(by)
    if by is person:
        msg = "不能停用自己的账号，请让另一位管理员来做。"
        raise NotAllowedError(msg)
    _keep_an_admin(session, person)
    person.active, person.on_duty = False, False
    person.session_epoch += 1
    _record(session, "staff.deactivate", person, by=by, now=now)


def reactivate(session: Session, person: Staff, *, by: Staff | None, now: datetime) -> None:
    """
    Open a shut account again; its password is the old one, and the person starts off duty.

    Raises:
        NotAllowedError: `by` is no admin.
    """
    _need_admin(by)
    person.active = True
    person.failed_logins, person.locked_until = 0, None
    _record(session, "staff.reactivate", person, by=by, now=now)


def set_duty(session: Session, person: Staff, *, on: bool, by: Staff, now: datetime) -> None:
    """
    Say whether the person takes new tickets now.

    Raises:
        NotAllowedError: it is neither the person nor somebody who leads them.
        InvalidInputError: a shut account cannot be on duty.
    """
    if by is not person and not leads(by, person):
        msg = "只能改自己和本机构的人的上下班。"
        raise NotAllowedError(msg)
    if on and not person.active:
        msg = "账号已停用，先启用再上班。"
        raise InvalidInputError(msg)
    if person.on_duty != on:
        person.on_duty = on
        _record(session, "staff.on_duty" if on else "staff.off_duty", person, by=by, now=now)


def _need_admin(by: Staff | None) -> None:
    if by is not None and by.role != Role.ADMIN:
        msg = "只有管理员能做这个。"
        raise NotAllowedError(msg)


def _keep_an_admin(session: Session, person: Staff) -> None:
    if person.role != Role.ADMIN or not person.active:
        return
    # Locked, so that two admins who shut each other out at the same moment do not both succeed.
    admins = select(Staff.id).where(Staff.role == Role.ADMIN, Staff.active).with_for_update()
    if not set(session.scalars(admins)) - {person.id}:
        raise InvalidInputError(LAST_ADMIN)


def _columns(profile: Profile) -> dict[str, object]:
    name = profile.name.strip()
    problem = ""
    if not 0 < len(name) <= LONGEST_NAME:
        problem = f"请填写姓名，最多{LONGEST_NAME}个字。"
    elif not set(profile.services) <= set(load_topics().services):
        problem = "没有这个服务领域，请从列表里选。"
    elif not {code[:COUNTY_DIGITS] for code in profile.area_codes} <= load_areas().by_code.keys():
        problem = "没有这个地区，请写云南的州市或县区名。"
    if problem:
        raise InvalidInputError(problem)
    return {
        "name": name,
        "role": Role(profile.role),
        "services": list(profile.services),
        "area_codes": list(profile.area_codes),
        "languages": list(profile.languages),
    }


def _record(
    session: Session, deed: str, person: Staff, *, by: Staff | None, now: datetime
) -> None:
    actor = by.id if by else None
    audit.record(session, deed=deed, staff_id=actor, subject=f"staff:{person.id}", now=now)
