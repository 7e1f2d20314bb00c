"""The people of a demo."""

import stat

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.knowledge.topics import load_topics
from bot.people import logins, passwords
from bot.people.demo import ensure_demo_staff
from bot.people.demo_logins import demo_logins, logins_file
from bot.people.tables import Role, Staff
from bot.settings import Settings
from tests.builders import a_caseworker
from tests.conftest import NOW


def test_a_demo_starts_with_six_people_for_every_service(
    session: Session, settings: Settings
) -> None:
    assert ensure_demo_staff(session, settings=settings, now=NOW) == 6

    people = session.scalars(select(Staff)).all()
    assert sorted(person.role for person in people) == [
        Role.ADMIN,
        *[Role.CASEWORKER] * 4,
        Role.SUPERVISOR,
    ]
    caseworkers = [person for person in people if person.role == Role.CASEWORKER]
    covered = {service for person in caseworkers for service in person.services}
    assert covered == set(load_topics().services)
    cleared = {lane for person in caseworkers for lane in person.lanes}
    assert {"minor", "violence"} <= cleared
    assert all(person.substitutes for person in caseworkers)


def test_each_login_opens_its_account(session: Session, settings: Settings) -> None:
    ensure_demo_staff(session, settings=settings, now=NOW)

    for login, password, role in demo_logins(settings):
        check = passwords.check(logins.stored_hash(session, login), password)
        person = logins.verify(session, login, check=check, now=NOW)
        assert person is not None
        assert not person.must_change_password
        assert role in {"社工", "督导", "管理员"}
    assert len({password for _, password, _ in demo_logins(settings)}) == 6


def test_only_the_owner_may_read_the_passwords(session: Session, settings: Settings) -> None:
    path = settings.service.data_dir / "demo-logins.json"
    path.parent.mkdir()
    path.write_text("[]")
    path.chmod(0o644)

    ensure_demo_staff(session, settings=settings, now=NOW)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_second_start_changes_nothing(session: Session, settings: Settings) -> None:
    ensure_demo_staff(session, settings=settings, now=NOW)
    before = demo_logins(settings)

    assert ensure_demo_staff(session, settings=settings, now=NOW) == 0
    assert demo_logins(settings) == before


def test_a_second_database_takes_over_the_passwords(session: Session, settings: Settings) -> None:
    ensure_demo_staff(session, settings=settings, now=NOW)
    before = demo_logins(settings)
    session.rollback()  # as if this database were another one

    assert ensure_demo_staff(session, settings=settings, now=NOW) == 6

    assert demo_logins(settings) == before
    login, password, _ = before[0]
    check = passwords.check(logins.stored_hash(session, login), password)
    assert logins.verify(session, login, check=check, now=NOW)


def test_nobody_is_added_to_people_who_are_there(session: Session, settings: Settings) -> None:
    a_caseworker(session)

    assert ensure_demo_staff(session, settings=settings, now=NOW) == 0
    assert demo_logins(settings) == []


def test_production_has_no_demo_people(session: Session, settings: Settings) -> None:
    service = settings.service.model_copy(update={"mode": "production"})
    production = settings.model_copy(update={"service": service})

    assert ensure_demo_staff(session, settings=production, now=NOW) == 0
    assert demo_logins(production) == []


@pytest.mark.parametrize("content", ["", "[[", "[1]", "{}", '[["zhou"]]'])
def test_a_file_that_is_damaged_keeps_nobody_from_starting(
    settings: Settings, content: str
) -> None:
    """Empty is how a power cut left it, before it was brought to the disk."""
    logins_file(settings).parent.mkdir(exist_ok=True)
    logins_file(settings).write_text(content)

    assert demo_logins(settings) == []
