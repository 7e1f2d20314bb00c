"""Staff for trying the service, made at the first start of a demo."""

import json
from datetime import datetime
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import durable
from bot.people.demo_logins import demo_logins, logins_file
from bot.people.passwords import hash_password
from bot.people.staff import Profile, create
from bot.people.tables import Role, Staff
from bot.settings import ROOT, Settings

FILE = ROOT / "data" / "demo.yaml"
WORDS = {Role.CASEWORKER: "社工", Role.SUPERVISOR: "督导", Role.ADMIN: "管理员"}


class _Person(BaseModel):
    model_config = ConfigDict(extra="forbid")

    login: str
    name: str
    role: Role = Role.CASEWORKER
    services: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    lanes: tuple[str, ...] = ()
    substitutes: tuple[str, ...] = ()
    """Logins of who stands in, the first choice first."""


def ensure_demo_staff(session: Session, *, settings: Settings, now: datetime) -> int:
    """
    Open the demo accounts, once: only in a demo, and only while there is nobody.

    Their passwords are random and kept in a file that only its owner may
    read; where the file is there already its passwords stay good, also for a
    second database.  Returns how many accounts were opened.
    """
    if settings.service.mode != "demo" or session.scalar(select(Staff.id).limit(1)):
        return 0
    people = [
        _Person.model_validate(row) for row in yaml.safe_load(FILE.read_text("utf-8"))["staff"]
    ]
    known = {login: password for login, password, _ in demo_logins(settings)}
    made = [_open(session, person, known.get(person.login, ""), now=now) for person in people]
    _arrange(session, people)
    _write(logins_file(settings), made)
    return len(made)


def _open(session: Session, person: _Person, known: str, *, now: datetime) -> tuple[str, str, str]:
    profile = Profile(
        name=person.name,
        role=person.role,
        services=person.services,
        area_codes=person.areas,
        languages=person.languages,
    )
    account, made = create(session, person.login, profile=profile, by=None, now=now)
    if known:
        account.password_hash = hash_password(known)
    # Whoever tries the demo is to get in with one step.
    account.must_change_password = False
    return person.login, known or made, WORDS[person.role]


def _arrange(session: Session, people: list[_Person]) -> None:
    """Say who may have confidential work, and who stands in for whom."""
    accounts = {account.login: account for account in session.scalars(select(Staff))}
    for person in people:
        account = accounts[person.login]
        account.lanes = list(person.lanes)
        account.substitutes = [accounts[login].id for login in person.substitutes]


def _write(path: Path, logins: list[tuple[str, str, str]]) -> None:
    durable.put(path, json.dumps(logins, ensure_ascii=False, indent=1).encode())
