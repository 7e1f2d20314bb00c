"""What overflows waits for ever, while newcomers overtake it."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.contracts import Urgency
from bot.notices.tables import NoticeKind, StaffNotice
from bot.people.tables import Role
from bot.settings import Settings
from bot.tickets.tables import State, Ticket
from tests.acceptance.bureau import Bureau
from tests.builders import a_caseworker


@pytest.fixture
def bureau(session: Session, settings: Settings) -> Bureau:
    return Bureau(session, settings)


def arrive(bureau: Bureau, number: int) -> list[Ticket]:
    """So many residents, one after the other."""
    tickets = []
    for _ in range(number):
        tickets.append(bureau.writes())
        bureau.later(minutes=1)
    return tickets


def test_each_freed_slot_takes_the_oldest_and_no_newcomer_slips_in(bureau: Bureau) -> None:
    staff = a_caseworker(bureau.session, services=["法律援助"], capacity=3)
    tickets = arrive(bureau, 10)

    assert bureau.in_hand(staff) == tickets[:3]
    assert bureau.queue() == tickets[3:]
    for turn in range(7):
        bureau.finishes(staff, bureau.in_hand(staff)[0])
        newcomer = bureau.writes()
        assert newcomer.state == State.TRIAGE
        assert "先给那一件" in newcomer.reason
        bureau.later(seconds=20)
        assert bureau.in_hand(staff) == tickets[turn + 1 : turn + 4]

    order = [event.ticket_id for event in bureau.assignments()]
    assert order == [ticket.id for ticket in tickets]


def test_a_more_urgent_newcomer_goes_first_and_a_crisis_never_waits(bureau: Bureau) -> None:
    staff = a_caseworker(bureau.session, capacity=3)
    arrive(bureau, 6)
    urgent = bureau.writes(urgency=Urgency.URGENT)
    crisis = bureau.writes(urgency=Urgency.CRISIS)

    assert crisis.assignee_id == staff.id
    assert urgent.state == State.TRIAGE
    for ticket in bureau.in_hand(staff):
        bureau.finishes(staff, ticket)
    bureau.later(seconds=20)

    assert urgent.assignee_id == staff.id


def test_what_waits_is_never_forgotten(bureau: Bureau) -> None:
    boss = a_caseworker(bureau.session, role=Role.SUPERVISOR, on_duty=False)
    ticket = bureau.writes()
    for _ in range(60):
        bureau.later(minutes=10)

    told = bureau.session.scalars(
        select(StaffNotice).where(StaffNotice.kind == NoticeKind.UNASSIGNED_AGE)
    ).all()
    assert {(notice.staff_id, notice.ticket_id) for notice in told} == {(boss.id, ticket.id)}
    assert len(told) == 1  # ten hours by the clock, of which seven and a half were worked
    bureau.later(hours=24)
    again = bureau.session.scalars(
        select(StaffNotice).where(StaffNotice.kind == NoticeKind.UNASSIGNED_AGE)
    ).all()
    assert len(again) == 2


def test_a_ticket_that_nobody_can_take_holds_nobody_up_and_is_named(bureau: Bureau) -> None:
    teacher = a_caseworker(bureau.session, services=["教育"])
    stuck = bureau.writes("wages")
    bureau.later(minutes=5)
    taken = bureau.writes("education")

    assert stuck.state == State.TRIAGE
    assert "等督导分派" in stuck.reason
    assert taken.assignee_id == teacher.id
    assert f"更早的{stuck.number}没有合适的人" in taken.reason


def test_a_flood_is_worked_off_in_the_order_in_which_it_came(bureau: Bureau) -> None:
    people = [a_caseworker(bureau.session, capacity=5) for _ in range(3)]
    tickets = arrive(bureau, 60)
    for _ in range(40):
        for person in people:
            for ticket in bureau.in_hand(person)[: bureau.random.randint(0, 3)]:
                bureau.finishes(person, ticket)
        bureau.later(seconds=20)

    assert bureau.queue() == []
    assert [event.ticket_id for event in bureau.assignments()] == [it.id for it in tickets]
    assert bureau.now - tickets[-1].opened_at < timedelta(days=1)
