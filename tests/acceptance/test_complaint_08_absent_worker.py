"""Somebody absent keeps tickets, and what is reopened goes to who is not there."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from bot.people import leaves
from bot.people.leaves import Span
from bot.people.tables import Leave, LeaveKind, Role, Staff
from bot.settings import Settings
from bot.tickets import absence, moves, outcome, resident_moves
from bot.tickets.tables import LIVE, Ticket
from tests.acceptance.bureau import Bureau
from tests.builders import a_caseworker

DAY = timedelta(days=1)


@pytest.fixture
def bureau(session: Session, settings: Settings) -> Bureau:
    return Bureau(session, settings)


@pytest.fixture
def boss(session: Session) -> Staff:
    return a_caseworker(session, role=Role.SUPERVISOR, services=["团结维稳"])


def on_leave(bureau: Bureau, staff: Staff, *, first: float, last: float) -> Leave:
    """A leave from so many days from now to so many."""
    span = Span(bureau.now + first * DAY, bureau.now + last * DAY)
    return leaves.set_leave(
        bureau.session, staff, span=span, kind=LeaveKind.ANNUAL, by=staff, now=bureau.now
    )


def finished(bureau: Bureau, staff: Staff) -> Ticket:
    ticket = bureau.writes()
    assert ticket.assignee_id == staff.id
    bureau.finishes(staff, ticket)
    return ticket


def test_open_future_and_reopened_work_leaves_with_the_leave(bureau: Bureau, boss: Staff) -> None:
    owner = a_caseworker(bureau.session, name="杨梅", services=["法律援助"])
    resolved, closed = bureau.writes(), finished(bureau, owner)
    moves.accept(bureau.session, resolved.number, by=bureau.act(owner, resolved))
    outcome.resolve(
        bureau.session, resolved.number, by=bureau.act(owner, resolved), outcome="办好了"
    )
    open_now = bureau.writes()
    stand_in = a_caseworker(bureau.session, name="李明昌", services=["法律援助"])
    owner.substitutes = [stand_in.id]
    on_leave(bureau, owner, first=1, last=5)

    bureau.later(hours=23)
    assert open_now.assignee_id == owner.id
    bureau.later(hours=2)
    assert open_now.assignee_id == stand_in.id
    assert open_now.reason == "杨梅请假（3月3日至3月7日），由替班的李明昌接着办"

    future = [bureau.writes() for _ in range(5)]
    assert {ticket.assignee_id for ticket in future} == {stand_in.id}

    resident_moves.rate(
        bureau.session, resolved, solved=False, now=bureau.now, settings=bureau.settings
    )
    outcome.reopen(bureau.session, closed.number, by=bureau.act(boss, closed))
    bureau.later(seconds=20)
    for ticket in (resolved, closed):
        assert ticket.state in LIVE
        assert ticket.assignee_id != owner.id


def test_chains_of_stand_ins_and_circles(bureau: Bureau) -> None:
    third = a_caseworker(bureau.session, name="刀玉兰", services=["教育"])
    second = a_caseworker(bureau.session, name="李明昌", services=["教育"], substitutes=[third.id])
    owner = a_caseworker(
        bureau.session, name="杨梅", services=["法律援助"], substitutes=[second.id]
    )
    third.substitutes = [owner.id]
    ticket = bureau.writes()
    on_leave(bureau, second, first=0.5, last=3)
    on_leave(bureau, owner, first=1, last=3)

    bureau.later(days=1)
    assert ticket.assignee_id == third.id

    on_leave(bureau, third, first=0.1, last=3)
    bureau.later(hours=3)
    assert bureau.queue() == [ticket]
    bureau.later(days=2, seconds=20)
    assert ticket.assignee_id is not None


def test_no_live_ticket_ever_rests_with_somebody_away(bureau: Bureau) -> None:
    people = [a_caseworker(bureau.session) for _ in range(4)]
    for number, person in enumerate(people):
        person.substitutes = [people[(number + 1) % 4].id]
        on_leave(bureau, person, first=2 + number, last=4.5 + number)
    for _ in range(10 * 24):
        if bureau.random.random() < 0.3:
            bureau.writes()
        for person in people:
            if person.id not in gone_at(bureau) and bureau.random.random() < 0.2:
                for ticket in bureau.in_hand(person)[:2]:
                    bureau.finishes(person, ticket)
        bureau.later(hours=1)

        for person in people:
            if person.id in gone_at(bureau):
                assert bureau.in_hand(person) == []


def gone_at(bureau: Bureau) -> set[int]:
    return {
        leave.staff_id
        for leave, _ in leaves.coming(bureau.session, bureau.now)
        if leave.starts_at <= bureau.now
    }


def test_who_comes_back_is_offered_their_work_and_gets_nothing_silently(
    bureau: Bureau,
) -> None:
    owner = a_caseworker(bureau.session, name="杨梅", services=["法律援助"])
    tickets = [bureau.writes() for _ in range(3)]
    stand_in = a_caseworker(bureau.session, services=["法律援助"])
    owner.substitutes = [stand_in.id]
    leave = on_leave(bureau, owner, first=0.1, last=9)
    bureau.later(days=1)
    bureau.finishes(stand_in, tickets[2])

    leaves.end(bureau.session, leave.id, by=owner, now=bureau.now)
    bureau.later(hours=1)

    assert bureau.in_hand(owner) == []
    assert absence.given_away(bureau.session, owner, bureau.now) == tickets[:2]
    absence.take_back(bureau.session, owner, tickets[0].number, now=bureau.now)
    assert tickets[0].assignee_id == owner.id
    assert tickets[1].assignee_id == stand_in.id
