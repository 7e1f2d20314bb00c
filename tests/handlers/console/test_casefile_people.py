"""People, households and related tickets on pages."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.audit import AuditEvent
from bot.casefile.tables import Person
from bot.db.engine import transaction
from bot.people.tables import Role, Staff
from bot.tickets.tables import Ticket
from tests.builders import a_ticket
from tests.handlers.console.conftest import Browser

NAMED = {
    "relation": "母亲",
    "year": "1956",
    "name": "李秀英",
    "needed_for": "写低保申请",
    "about": "1",
}


def people(engine: Engine) -> list[Person]:
    with Session(engine) as session:
        return list(session.scalars(select(Person).order_by(Person.id)))


@pytest.fixture
def family(desk: Browser, ticket: Ticket, engine: Engine) -> list[Person]:
    """A mother with a name that is needed, and her son."""
    path = f"/tickets/{ticket.number}"
    desk.open(f"{path}/file")
    desk.send(f"{path}/people/record", NAMED)
    mother = people(engine)[0]
    desk.send(f"{path}/people/record", {"relation": "儿子", "home": str(mother.id), "about": "1"})
    return people(engine)


def test_the_case_file_shows_aliases_and_no_name(
    desk: Browser, ticket: Ticket, family: list[Person]
) -> None:
    page = desk.open(f"/tickets/{ticket.number}/file").text

    assert all(person.alias in page for person in family)
    assert "李秀英" not in page
    assert "70岁左右" in page


def test_whom_it_is_about_is_said_and_taken_back(
    desk: Browser, ticket: Ticket, family: list[Person]
) -> None:
    path = f"/tickets/{ticket.number}"
    summary = f"是谁的事：{family[0].alias}、{family[1].alias}"
    assert summary in desk.open(f"{path}/file").text

    desk.send(f"{path}/people/about", {"person": str(family[0].id), "on": "0"})

    assert f"是谁的事：{family[1].alias}<" in desk.open(f"{path}/file").text


def test_a_household_keeps_the_name_folded_away_for_who_needs_it(
    desk: Browser, family: list[Person], as_role: Callable[[Role], Browser]
) -> None:
    path = f"/households/{family[0].household_id}"

    page = desk.open(path).text

    assert "显示姓名（写低保申请）" in page
    assert as_role(Role.CASEWORKER).open(path).status_code == 404
    assert as_role(Role.ADMIN).open(path).status_code == 403


def test_a_phone_is_masked_and_says_when_it_is_not_safe(
    desk: Browser, family: list[Person], engine: Engine
) -> None:
    path = f"/households/{family[0].household_id}"
    desk.open(path)

    desk.send(f"{path}/phone", {"person": str(family[0].id), "phone": "13812345678"})

    page = desk.open(path).text
    assert "138****5678" in page
    assert "这个号不能谈这件事" in page
    with Session(engine) as session:
        deeds = list(session.scalars(select(AuditEvent.deed).order_by(AuditEvent.id)))
    assert deeds[-3:] == ["household.join", "household.read", "household.phone"]


def test_a_relation_is_noted_and_taken_back(desk: Browser, family: list[Person]) -> None:
    path = f"/households/{family[0].household_id}"
    said = f"{family[0].alias} 是 {family[1].alias} 的父母"
    desk.open(path)
    pair = {"person": str(family[0].id), "other": str(family[1].id), "kind": "parent"}
    desk.send(f"{path}/tie", pair)
    page = desk.open(path).text
    assert said in page

    desk.send(f"{path}/untie", {"tie": re.findall(r'name="tie" value="(\d+)"', page)[0]})

    assert said not in desk.open(path).text


def test_a_name_without_a_reason_is_refused_and_what_was_typed_comes_back(
    desk: Browser, ticket: Ticket, engine: Engine
) -> None:
    path = f"/tickets/{ticket.number}"
    desk.open(f"{path}/file")

    answer = desk.send(
        f"{path}/people/record",
        {**NAMED, "needed_for": ""},
        headers={"Referer": f"http://localhost{path}/file"},
    )

    assert answer.status_code == 400
    assert "为什么需要" in answer.text
    assert "李秀英" in answer.text
    assert people(engine) == []


def test_tickets_are_linked_and_taken_apart_from_the_list(
    desk: Browser, ticket: Ticket, engine: Engine, worker: Staff
) -> None:
    with transaction(engine) as session:
        other = a_ticket(session, assignee=session.get_one(Staff, worker.id))
    path = f"/tickets/{ticket.number}"
    desk.open(f"{path}/file")

    desk.send(f"{path}/link", {"other": other.number})
    page = desk.open(f"{path}/file").text
    assert "有人连上的" in page
    assert f"断开 {other.number}" in page
    desk.send(f"{path}/unlink", {"other": other.number})

    assert "有人连上的" not in desk.open(f"{path}/file").text


def test_a_stranger_records_nobody(
    ticket: Ticket, as_role: Callable[[Role], Browser], engine: Engine
) -> None:
    stranger = as_role(Role.CASEWORKER)

    answer = stranger.send(f"/tickets/{ticket.number}/people/record", NAMED)

    assert answer.status_code == 404
    assert people(engine) == []
