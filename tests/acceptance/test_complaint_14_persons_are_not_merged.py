"""Complaint 14: wrong people are merged into one, as they share a phone or look alike."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.casefile import households, persons, related
from bot.casefile.persons import Told
from bot.casefile.tables import ContactPoint, Person
from bot.people.residents import find_or_create
from bot.people.tables import Resident, Role, Staff
from bot.tickets.tables import State, Ticket
from tests.builders import a_caseworker, a_resident, a_ticket
from tests.conftest import NOW

SAME = Told("母亲", 1956, "李秀英", "写低保申请")


@pytest.fixture
def own(session: Session) -> Staff:
    return a_caseworker(session, role=Role.SUPERVISOR)


@pytest.fixture
def phone(session: Session) -> Resident:
    return a_resident(session)


def about(session: Session, ticket: Ticket, told: Told, own: Staff) -> Person:
    return persons.record(session, ticket, told, by=own, now=NOW)


def count(session: Session, what: type[Person] | type[ContactPoint]) -> int:
    return session.scalar(select(func.count()).select_from(what)) or 0


def test_one_openid_serves_several_persons_each_with_their_own_tickets(
    session: Session, own: Staff, phone: Resident
) -> None:
    hers = a_ticket(session, resident=phone, assignee=own, state=State.CLOSED)
    his = a_ticket(session, resident=phone, assignee=own)

    mother = about(session, hers, Told("母亲", 1956), own)
    workmate = about(session, his, Told("工友"), own)

    assert (count(session, Person), count(session, ContactPoint)) == (2, 1)
    assert mother.alias != workmate.alias
    for ticket, person in ((hers, mother), (his, workmate)):
        known = persons.of_ticket(session, ticket, own)
        assert [it.person.id for it in known] == [mother.id, workmate.id]
        assert [it.person.id for it in known if it.about] == [person.id]


def test_people_alike_in_everything_stay_two(
    session: Session, own: Staff, phone: Resident
) -> None:
    here, there = a_ticket(session, resident=phone, assignee=own), a_ticket(session, assignee=own)

    people = [about(session, it, SAME, own) for it in (here, here, there)]
    for person in people:
        households.add_phone(session, person.id, "13800000000", safe=True, by=own)

    assert len({person.id for person in people}) == len({person.alias for person in people}) == 3
    numbers = households.phones(session, [people[0].id], own)
    assert set(numbers[people[0].id][0].shared_with) == {people[1].alias, people[2].alias}


def test_one_person_on_two_phones_is_one_only_when_somebody_says_so(
    session: Session, own: Staff, phone: Resident
) -> None:
    first, second = (
        a_ticket(session, resident=phone, assignee=own),
        a_ticket(session, assignee=own),
    )
    person = about(session, first, SAME, own)
    assert persons.of_ticket(session, second, own) == []

    persons.recognise(session, second, person.alias, "本人", by=own, now=NOW)

    known = persons.of_ticket(session, second, own)
    assert [(it.person.id, it.relation, it.about) for it in known] == [(person.id, "本人", True)]
    assert count(session, Person) == 1
    assert [it.ticket.id for it in related.of_ticket(session, second, own)] == [first.id]


def test_messages_merge_nobody(session: Session, own: Staff, phone: Resident) -> None:
    ticket = a_ticket(session, resident=phone, assignee=own)
    about(session, ticket, SAME, own)
    about(session, ticket, Told("儿子", 1980), own)

    resident, new = find_or_create(session, phone.openid, now=NOW)

    assert (resident.id, new, count(session, Person)) == (phone.id, False, 2)


def test_said_to_be_the_same_is_a_record_and_can_be_taken_back(
    session: Session, own: Staff, phone: Resident
) -> None:
    ticket = a_ticket(session, resident=phone, assignee=own)
    one, two = (about(session, ticket, SAME, own) for _ in range(2))

    households.tie(session, one.id, two.id, "same", by=own, now=NOW)
    said = households.ties(session, [one.id], own)
    assert [(it.person, it.other) for it in said] == [(one.alias, two.alias)]
    assert count(session, Person) == 2
    households.untie(session, said[0].id, by=own, now=NOW)

    assert households.ties(session, [one.id], own) == []
