"""QR codes of places and organisations."""

import re

import pytest
from sqlalchemy.orm import Session

from bot.errors import InvalidInputError, NotAllowedError, NotFoundError
from bot.people import scenes
from bot.people.tables import Organisation, Role, Scene, Staff
from tests.builders import a_caseworker, a_resident
from tests.conftest import NOW

GUANDU, VILLAGE = "530111", "530111001001"


@pytest.fixture
def boss(session: Session) -> Staff:
    return a_caseworker(session, role=Role.SUPERVISOR)


@pytest.fixture
def station(session: Session) -> Organisation:
    station = Organisation(name="官渡社工站", created_at=NOW)
    session.add(station)
    session.flush()
    return station


def made(session: Session, boss: Staff, area: str = GUANDU, station: int | None = None) -> Scene:
    return scenes.make(
        session, name="关上社区", area_code=area, organisation_id=station, by=boss, now=NOW
    )


def test_the_code_says_nothing_and_waits_for_wechat(session: Session, boss: Staff) -> None:
    scene = made(session, boss)

    assert re.fullmatch(r"[a-z0-9]{12}", scene.code)
    assert scene.url == ""
    assert made(session, boss).code != scene.code


def test_who_scans_belongs_to_the_place_and_the_organisation(
    session: Session, boss: Staff, station: Organisation
) -> None:
    scene = made(session, boss, VILLAGE, station.id)
    stranger = a_resident(session)
    moved = a_resident(session, area_code="530300")

    for resident in (stranger, moved):
        scenes.adopt(session, resident, scene.code)

        assert resident.scene == scene.code
        assert resident.area_code == VILLAGE
        assert resident.organisation_id == station.id


def test_who_lives_in_a_part_of_the_place_stays_there(session: Session, boss: Staff) -> None:
    villager = a_resident(session, area_code=VILLAGE)

    scenes.adopt(session, villager, made(session, boss, GUANDU).code)

    assert villager.area_code == VILLAGE


def test_a_code_of_a_place_only_leaves_the_organisation(
    session: Session, boss: Staff, station: Organisation
) -> None:
    member = a_resident(session)
    member.organisation_id = station.id

    scenes.adopt(session, member, made(session, boss).code)

    assert member.organisation_id == station.id


def test_a_retired_or_foreign_code_moves_nobody(
    session: Session, boss: Staff, station: Organisation
) -> None:
    scene = made(session, boss, VILLAGE, station.id)
    scenes.set_active(session, scene, on=False, by=boss, now=NOW)
    resident = a_resident(session, area_code="530300")

    for code in (scene.code, "shequ-530111-3", "x" * 100):
        scenes.adopt(session, resident, code)

        assert resident.scene == code[:64]
        assert (resident.area_code, resident.organisation_id) == ("530300", None)


@pytest.mark.parametrize(
    ("name", "area", "said"),
    [("", GUANDU, "名称"), ("名" * 41, GUANDU, "名称"), ("社区", "", "至少一样")],
)
def test_a_code_needs_a_name_and_a_place_or_organisation(
    session: Session, boss: Staff, name: str, area: str, said: str
) -> None:
    with pytest.raises(InvalidInputError, match=said):
        scenes.make(session, name=name, area_code=area, organisation_id=None, by=boss, now=NOW)


def test_caseworkers_make_and_retire_none(session: Session, boss: Staff) -> None:
    scene = made(session, boss)
    worker = a_caseworker(session)

    with pytest.raises(NotAllowedError):
        made(session, worker)
    with pytest.raises(NotAllowedError):
        scenes.set_active(session, scene, on=False, by=worker, now=NOW)
    with pytest.raises(NotFoundError):
        scenes.get(session, "nothing")


def test_the_list_counts_who_came_by_each(session: Session, boss: Staff) -> None:
    used, unused = made(session, boss), made(session, boss)
    for _ in range(2):
        scenes.adopt(session, a_resident(session), used.code)
    session.flush()

    assert {it.scene.code: it.residents for it in scenes.listed(session)} == {
        used.code: 2,
        unused.code: 0,
    }
