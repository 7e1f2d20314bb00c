"""People behind a phone: who may know of whom, households, tickets that belong together."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot.casefile import households, persons, related
from bot.casefile.persons import Told
from bot.casefile.tables import Person
from bot.errors import InvalidInputError, NotFoundError
from bot.people.tables import Resident, Role, Staff
from bot.tickets.tables import Lane, State, Ticket, TicketLink
from tests.builders import a_caseworker, a_resident, a_ticket
from tests.conftest import NOW


@pytest.fixture
def phone(session: Session) -> Resident:
    return a_resident(session)


@pytest.fixture
def own(session: Session) -> Staff:
    return a_caseworker(session)


@pytest.fixture
def other(session: Session) -> Staff:
    return a_caseworker(session, name="李娜")


@pytest.fixture
def boss(session: Session) -> Staff:
    return a_caseworker(session, name="赵敏", role=Role.SUPERVISOR)


@pytest.fixture
def ticket(session: Session, phone: Resident, own: Staff) -> Ticket:
    return a_ticket(session, resident=phone, assignee=own)


def record(session: Session, ticket: Ticket, relation: str, by: Staff) -> Person:
    return persons.record(session, ticket, Told(relation), by=by, now=NOW)


def known(session: Session, ticket: Ticket, staff: Staff) -> list[str]:
    return [it.relation for it in persons.of_ticket(session, ticket, staff)]


def later(session: Session, phone: Resident, assignee: Staff, **columns: Any) -> Ticket:
    """Another matter from the same phone."""
    return a_ticket(session, resident=phone, assignee=assignee, strand=1, **columns)


def test_the_next_caseworker_of_the_same_phone_knows_who_uses_it(
    session: Session, phone: Resident, ticket: Ticket, own: Staff, other: Staff
) -> None:
    record(session, ticket, "母亲", own)

    assert known(session, later(session, phone, other), other) == ["母亲"]


def test_who_was_recorded_in_confidence_is_not_known_through_a_shared_phone(
    session: Session, phone: Resident, ticket: Ticket, own: Staff, other: Staff
) -> None:
    hers = later(session, phone, other, lane=Lane.VIOLENCE)
    wife = record(session, hers, "妻子", other)

    assert wife.confidential
    assert known(session, hers, other) == ["妻子"]
    assert known(session, ticket, own) == []
    with pytest.raises(NotFoundError):
        persons.find(session, wife.id, own)


def test_a_household_shows_only_whom_and_what_one_may_know_of(
    session: Session, phone: Resident, ticket: Ticket, own: Staff, other: Staff, boss: Staff
) -> None:
    husband = record(session, ticket, "本人", own)
    hers = later(session, phone, other, lane=Lane.VIOLENCE)
    wife = record(session, hers, "妻子", other)
    boss.opened = frozenset({hers.id})
    home = households.live_together(session, wife, husband, by=boss, now=NOW)
    households.tie(session, wife.id, husband.id, "spouse", by=boss, now=NOW)

    all_of_it = households.home(session, home.id, boss)
    his_side = households.home(session, home.id, own)

    assert {it.id for it in all_of_it.members} == {husband.id, wife.id}
    assert {it.id for it, _ in all_of_it.tickets} == {ticket.id, hers.id}
    assert len(all_of_it.ties) == 1
    assert [it.id for it in his_side.members] == [husband.id]
    assert [it.id for it, _ in his_side.tickets] == [ticket.id]
    assert his_side.ties == []
    assert related.of_ticket(session, ticket, own) == []
    assert households.phones(session, [husband.id], own) == {}


def test_a_stranger_knows_of_nobody(
    session: Session, ticket: Ticket, own: Staff, other: Staff
) -> None:
    person = record(session, ticket, "本人", own)
    home = households.live_together(
        session, record(session, ticket, "母亲", own), person, by=own, now=NOW
    )

    for deed in (
        lambda: persons.find(session, person.id, other),
        lambda: households.home(session, home.id, other),
        lambda: households.add_phone(session, person.id, "13800000000", safe=True, by=other),
        lambda: households.leave(session, home.id, person.id, by=other),
    ):
        with pytest.raises(NotFoundError):
            deed()


def test_one_of_another_household_is_not_pulled_over(
    session: Session, ticket: Ticket, own: Staff
) -> None:
    people = [record(session, ticket, "其他", own) for _ in range(4)]
    first = households.live_together(session, people[0], people[1], by=own, now=NOW)
    households.live_together(session, people[2], people[3], by=own, now=NOW)

    with pytest.raises(InvalidInputError, match="已经在另一户"):
        households.live_together(session, people[0], people[2], by=own, now=NOW)
    households.leave(session, first.id, people[0].id, by=own)
    households.live_together(session, people[0], people[2], by=own, now=NOW)

    assert people[0].household_id == people[3].household_id != first.id


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (Told("总统"), "手机主人"),
        (Told("母亲", 1850), "年份"),
        (Told("母亲", NOW.year + 1), "年份"),
        (Told("母亲", None, "李秀英"), "为什么需要"),
        (Told("母亲", None, "李" * 41, "写申请"), "最多"),
    ],
)
def test_what_cannot_be_is_refused(
    session: Session, ticket: Ticket, own: Staff, told: Told, says: str
) -> None:
    with pytest.raises(InvalidInputError, match=says):
        persons.record(session, ticket, told, by=own, now=NOW)


def test_an_alias_names_the_phone_and_the_relation(
    session: Session, ticket: Ticket, phone: Resident, own: Staff
) -> None:
    aliases = [record(session, ticket, "儿子", own).alias for _ in range(3)]

    code = phone.alias.removeprefix("居民 ")
    assert aliases == [f"{code}·儿子", f"{code}·儿子2", f"{code}·儿子3"]


def test_related_tickets_come_with_their_reasons_and_within_sight(
    session: Session, ticket: Ticket, phone: Resident, own: Staff, other: Staff
) -> None:
    mother = record(session, ticket, "母亲", own)
    son = record(session, ticket, "儿子", own)
    persons.tell_about(session, ticket, son, on=False, by=own, now=NOW)
    households.live_together(session, son, mother, by=own, now=NOW)
    linked, his, hidden = (a_ticket(session, assignee=it) for it in (own, own, other))
    persons.recognise(session, his, son.alias, "本人", by=own, now=NOW)
    by_phone = later(session, phone, own, state=State.CLOSED, opened_at=NOW - timedelta(days=9))
    session.add(TicketLink(ticket_id=hidden.id, other_id=ticket.id, kind="related", at=NOW))
    session.add(TicketLink(ticket_id=linked.id, other_id=ticket.id, kind="related", at=NOW))
    session.flush()

    found = {
        it.ticket.id: (list(it.why), it.linked) for it in related.of_ticket(session, ticket, own)
    }

    assert found == {
        linked.id: (["有人连上的"], True),
        his.id: ([f"同一户：{son.alias}"], False),
        by_phone.id: (["同一个微信号"], False),
    }


def test_a_number_that_is_none_is_refused(session: Session, ticket: Ticket, own: Staff) -> None:
    person = record(session, ticket, "本人", own)

    with pytest.raises(InvalidInputError, match="电话不对"):
        households.add_phone(session, person.id, "12345", safe=True, by=own)


def test_a_number_one_must_not_speak_at_says_so(
    session: Session, ticket: Ticket, own: Staff
) -> None:
    person = record(session, ticket, "本人", own)
    households.add_phone(session, person.id, "138 0000 0000", safe=False, by=own)

    phones = households.phones(session, [person.id], own)[person.id]

    assert [(it.number, it.safe, it.shared_with) for it in phones] == [("13800000000", False, [])]
