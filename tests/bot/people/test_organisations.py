"""Organisations, teams, hours, and where somebody works."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from bot.errors import InvalidInputError, NotAllowedError
from bot.people import organisations
from bot.people.organisations import Details, read_hours
from bot.people.placement import Placement, chain, place
from bot.people.tables import Organisation, Role, Staff
from tests.builders import a_caseworker
from tests.conftest import NOW


@pytest.fixture
def admin(session: Session) -> Staff:
    return a_caseworker(session, role=Role.ADMIN)


def saved(
    session: Session, admin: Staff, name: str = "官渡社工站", *, phone: str = ""
) -> Organisation:
    details = Details(name=name, phone=phone)
    return organisations.save(session, None, details=details, by=admin, now=NOW)


def test_a_name_is_taken_once_and_may_be_kept(session: Session, admin: Staff) -> None:
    station = saved(session, admin)

    with pytest.raises(InvalidInputError, match="机构名称已经有了"):
        saved(session, admin)
    kept = Details(name="官渡社工站", phone="0871-6700000")
    assert organisations.save(session, station, details=kept, by=admin, now=NOW) is station
    with pytest.raises(InvalidInputError, match="电话"):
        saved(session, admin, "别的站", phone="call me")
    with pytest.raises(NotAllowedError):
        saved(session, a_caseworker(session, role=Role.SUPERVISOR), "别的站")


def test_hours_of_an_organisation_replace_those_before(session: Session, admin: Staff) -> None:
    station = saved(session, admin)

    def put(text: str, organisation_id: int | None) -> None:
        organisations.set_hours(session, organisation_id, text=text, by=admin, now=NOW)

    put("8:30-12:00\n14:00-18:00", station.id)
    put("9:00-17:00", None)
    assert organisations.hours(session, station.id) == [("08:30", "12:00"), ("14:00", "18:00")]
    assert organisations.hours(session, None) == [("09:00", "17:00")]
    put("", station.id)
    assert organisations.hours(session, station.id) == []
    assert organisations.hours(session, None) == [("09:00", "17:00")]


@pytest.mark.parametrize(
    ("text", "shifts"),
    [
        ("", []),
        ("08:30-12:00", [("08:30", "12:00")]),
        ("14：00到18：00，8:30 至 12:00", [("08:30", "12:00"), ("14:00", "18:00")]),
        ("8:30—12:00、12:00~14:00", [("08:30", "12:00"), ("12:00", "14:00")]),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, shifts: list[tuple[str, str]]) -> None:
    assert read_hours(text) == shifts


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("早上到中午", "看不懂"),
        ("25:00-26:00", "看不懂"),
        ("12:00-08:30", "看不懂"),
        ("08:30-12:00\n11:00-14:00", "重叠"),
        ("1:00-2:00,3:00-4:00,5:00-6:00,7:00-8:00,9:00-10:00", "最多分4段"),
    ],
)
def test_hours_that_cannot_be_are_refused(text: str, said: str) -> None:
    with pytest.raises(InvalidInputError, match=said):
        read_hours(text)


def test_somebody_works_in_a_team_of_their_organisation(session: Session, admin: Staff) -> None:
    ours, theirs = saved(session, admin), saved(session, admin, "西山站")
    team = organisations.add_team(session, ours, name="外展队", by=admin, now=NOW)
    worker, colleague = a_caseworker(session), a_caseworker(session)

    def placed(placement: Placement) -> None:
        place(session, worker, placement=placement, by=admin, now=NOW)

    placed(Placement(ours.id, team.id, ("minor",), substitutes=(colleague.id,)))
    assert (worker.organisation_id, worker.team_id) == (ours.id, team.id)
    assert (worker.substitutes, worker.lanes) == ([colleague.id], ["minor"])
    for placement, said in (
        (Placement(theirs.id, team.id), "队要是这个机构的"),
        (Placement(999), "没有这个机构"),
        (Placement(capacity=0), "上限"),
        (Placement(substitutes=(worker.id,)), "不能是自己"),
        (Placement(substitutes=(colleague.id, colleague.id)), "写了两次"),
        (Placement(substitutes=(admin.id,)), "不接工单"),
        (Placement(phone="x"), "电话"),
    ):
        with pytest.raises(InvalidInputError, match=said):
            placed(placement)
    with pytest.raises(NotAllowedError):
        place(session, worker, placement=Placement(), by=worker, now=NOW)


@pytest.mark.parametrize(
    ("stand_ins", "order"),
    [
        ({1: [2, 3], 2: [4]}, [2, 4, 3]),
        ({1: [2], 2: [3], 3: [1]}, [2, 3]),
        ({1: [1]}, []),
        ({}, []),
    ],
)
def test_a_chain_goes_on_to_the_stand_ins_of_stand_ins(
    stand_ins: dict[int, list[int]], order: list[int]
) -> None:
    assert chain(1, stand_ins) == order


people = st.integers(1, 8)


@given(people, st.dictionaries(people, st.lists(people, max_size=5)))
def test_any_circle_ends_and_nobody_stands_twice(
    first: int, stand_ins: dict[int, list[int]]
) -> None:
    found = chain(first, stand_ins)

    assert len(found) == len(set(found))
    assert first not in found
    assert set(stand_ins.get(first, ())) - {first} <= set(found)
