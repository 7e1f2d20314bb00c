"""Checklists: data per topic, ticked with who and when, lines of one's own beside them."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.casefile import checklists
from bot.casefile.checklists import Item
from bot.errors import InvalidInputError, NotFoundError
from bot.people.tables import Staff
from bot.tickets.tables import Ticket, TicketEvent
from tests.builders import a_caseworker, a_ticket
from tests.conftest import NOW


@pytest.fixture
def ticket(session: Session) -> Ticket:
    return a_ticket(session, topic="wages", facts={"amount": ["一天280"], "people_count": 6})


@pytest.fixture
def own(session: Session, ticket: Ticket) -> Staff:
    return session.get_one(Staff, ticket.assignee_id or 0)


def item(session: Session, ticket: Ticket, key: str) -> Item:
    items = checklists.of_ticket(session, ticket).items
    return next(it for it in items if it.key == key)


def kinds(session: Session) -> list[str]:
    return list(session.scalars(select(TicketEvent.kind).order_by(TicketEvent.id)))


def test_each_topic_has_its_list_and_the_rest_the_common_one(session: Session) -> None:
    found = {
        topic: checklists.of_ticket(session, a_ticket(session, topic=topic)).title
        for topic in ("wages", "domestic_violence", "hotlines", "none")
    }

    assert found["wages"] == "欠薪要问清的事"
    assert found["domestic_violence"] != found["wages"]
    assert found["hotlines"] == found["none"] == "先问清的事"


def test_what_the_resident_said_stands_beside_a_line_and_ticks_nothing(
    session: Session, ticket: Ticket
) -> None:
    assert item(session, ticket, "amount").said == "一天280"
    assert item(session, ticket, "people").said == "6"
    assert checklists.of_ticket(session, ticket).done == 0


def test_a_tick_keeps_who_and_when_and_can_be_taken_back(
    session: Session, ticket: Ticket, own: Staff
) -> None:
    checklists.tick(session, ticket, "site", done=True, by=own, now=NOW)
    ticked = item(session, ticket, "site")
    assert (ticked.done_at, ticked.done_by) == (NOW, "王芳")

    checklists.tick(session, ticket, "site", done=False, by=own, now=NOW)

    assert item(session, ticket, "site").done_at is None
    assert kinds(session) == ["checked", "unchecked"]


def test_ticking_twice_keeps_the_first(session: Session, ticket: Ticket, own: Staff) -> None:
    other = a_caseworker(session, name="李娜")
    checklists.tick(session, ticket, "site", done=True, by=own, now=NOW)

    checklists.tick(session, ticket, "site", done=True, by=other, now=NOW + timedelta(hours=1))

    assert item(session, ticket, "site").done_by == "王芳"
    assert kinds(session) == ["checked"]


def test_a_ticked_line_stays_when_the_topic_changes(
    session: Session, ticket: Ticket, own: Staff
) -> None:
    checklists.tick(session, ticket, "asked", done=True, by=own, now=NOW)

    ticket.topic = "debt"

    assert item(session, ticket, "asked").done_at == NOW


def test_a_line_of_ones_own_is_ticked_like_the_others(
    session: Session, ticket: Ticket, own: Staff
) -> None:
    checklists.add(session, ticket, "问清是哪天封的工地", by=own, now=NOW)
    added = checklists.of_ticket(session, ticket).items[-1]

    checklists.tick(session, ticket, added.key, done=True, by=own, now=NOW)

    assert (added.text, item(session, ticket, added.key).done_by) == ("问清是哪天封的工地", "王芳")


def test_what_is_no_line_is_refused(session: Session, ticket: Ticket, own: Staff) -> None:
    with pytest.raises(NotFoundError):
        checklists.tick(session, ticket, "guess", done=True, by=own, now=NOW)
    with pytest.raises(InvalidInputError, match="请写"):
        checklists.add(session, ticket, "  ", by=own, now=NOW)
    with pytest.raises(InvalidInputError, match="最多100字"):
        checklists.add(session, ticket, "长" * 101, by=own, now=NOW)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("- {title: 甲, topics: [nonsense], lines: [{key: ab, text: 问清}]}", "nonsense"),
        ("- {title: 甲, topics: [wages, wages], lines: [{key: ab, text: 问清}]}", "two lists"),
        ("- {title: 甲, lines: [{key: ab, text: 问清}, {key: ab, text: 再问}]}", "twice"),
        ("- {title: 甲, lines: [{key: ab, text: 问清, hint: 多余}]}", "hint"),
    ],
)
def test_a_wrong_file_is_refused_when_it_is_read(tmp_path: Path, wrong: str, says: str) -> None:
    file = tmp_path / "checklists.yaml"
    file.write_text(wrong, "utf-8")

    with pytest.raises(ValueError, match=says):
        checklists.templates(file)
