"""A resident's wish is not forgotten: whoever decides is told again, and admins in the end."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.notices.tables import StaffNotice
from bot.people.tables import Organisation, Resident, Role
from bot.privacy import requests, unheeded
from bot.privacy.tables import DataRequest, RequestKind, RequestState
from bot.settings import Settings
from tests.builders import a_caseworker, a_resident
from tests.conftest import NOW


def of_house(session: Session, name: str) -> Resident:
    house = Organisation(name=name, created_at=NOW)
    session.add(house)
    session.flush()
    resident = a_resident(session)
    resident.organisation_id = house.id
    session.flush()
    return resident


def told(session: Session, ending: str) -> list[int]:
    rows = select(StaffNotice.staff_id).where(StaffNotice.once.like(f"data:%{ending}"))
    return sorted(session.scalars(rows))


def test_admins_are_told_where_an_organisation_has_no_supervisor(session: Session) -> None:
    admin = a_caseworker(session, role=Role.ADMIN)
    elsewhere = a_caseworker(session, role=Role.SUPERVISOR)
    elsewhere.organisation_id = of_house(session, "别的社").organisation_id
    resident = of_house(session, "无督导社")

    requests.ask(session, resident, RequestKind.ERASE, now=NOW)

    assert told(session, "") == [admin.id]


def test_what_is_due_is_told_again_once_and_what_is_late_to_admins_too(
    session: Session, settings: Settings
) -> None:
    boss = a_caseworker(session, role=Role.SUPERVISOR)
    admin = a_caseworker(session, role=Role.ADMIN)
    resident = a_resident(session)
    asked = requests.ask(session, resident, RequestKind.ERASE, now=NOW)
    soon = asked.due_at - timedelta(days=2)
    late = asked.due_at + timedelta(minutes=1)

    early = unheeded.remind(session, now=NOW + timedelta(days=1), settings=settings)
    assert early == 0
    assert [unheeded.remind(session, now=soon, settings=settings) for _ in range(2)] == [1, 0]
    assert told(session, ":soon") == [boss.id]
    assert [unheeded.remind(session, now=late, settings=settings) for _ in range(2)] == [2, 0]
    assert told(session, ":late") == sorted([boss.id, admin.id])


def test_what_is_decided_is_not_told_again(session: Session, settings: Settings) -> None:
    a_caseworker(session, role=Role.SUPERVISOR)
    asked = requests.ask(session, a_resident(session), RequestKind.ERASE, now=NOW)
    asked.state = RequestState.WITHDRAWN
    session.flush()

    late = asked.due_at + timedelta(days=1)
    assert unheeded.remind(session, now=late, settings=settings) == 0
    assert session.scalars(select(DataRequest.state)).one() == "withdrawn"
