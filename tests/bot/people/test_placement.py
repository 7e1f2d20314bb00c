"""Who sets where somebody works: never for themselves, never for another organisation."""

import pytest
from sqlalchemy.orm import Session

from bot.errors import NotAllowedError
from bot.people.placement import Placement, place
from bot.people.tables import Organisation, Role
from tests.builders import a_caseworker
from tests.conftest import NOW


@pytest.fixture
def here(session: Session) -> int:
    found = Organisation(name="官渡", created_at=NOW)
    session.add(found)
    session.flush()
    return found.id


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.SUPERVISOR, Role.ADMIN])
def test_nobody_gives_themselves_more_to_see(session: Session, here: int, role: Role) -> None:
    person = a_caseworker(session, role=role, organisation_id=here)

    for wanted in (Placement(), Placement(organisation_id=here, lanes=("minor",))):
        with pytest.raises(NotAllowedError):
            place(session, person, placement=wanted, by=person, now=NOW)

    assert (person.organisation_id, person.lanes) == (here, [])


def test_a_supervisor_sets_what_they_can_carry_themselves(session: Session, here: int) -> None:
    boss = a_caseworker(session, role=Role.SUPERVISOR, organisation_id=here)

    place(session, boss, placement=Placement(here, capacity=12), by=boss, now=NOW)

    assert boss.capacity == 12


def test_a_supervisor_moves_nobody_over_the_border(session: Session, here: int) -> None:
    boss = a_caseworker(session, role=Role.SUPERVISOR, organisation_id=here)
    own, nobodys = a_caseworker(session, organisation_id=here), a_caseworker(session)

    place(session, own, placement=Placement(here, lanes=("minor",)), by=boss, now=NOW)
    for person, wanted in ((own, Placement()), (nobodys, Placement(here)), (nobodys, Placement())):
        with pytest.raises(NotAllowedError):
            place(session, person, placement=wanted, by=boss, now=NOW)

    assert (own.lanes, own.organisation_id, nobodys.organisation_id) == (["minor"], here, None)
