"""Work of people who are away moves on, says why, and is offered back."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.errors import InvalidInputError, NotFoundError
from bot.people.tables import Leave, LeaveKind, Role, Staff
from bot.settings import Settings
from bot.tickets import absence, moves
from bot.tickets.tables import State, Ticket, TicketEvent
from tests.bot.tickets.deeds import by
from tests.builders import a_caseworker, a_ticket
from tests.conftest import NOW

DAY = timedelta(days=1)


def goes_away(session: Session, staff: Staff, *, first: int = 0, last: int = 3) -> Leave:
    leave = Leave(
        staff_id=staff.id,
        starts_at=NOW + first * DAY,
        ends_at=NOW + last * DAY,
        kind=LeaveKind.SICK,
        set_at=NOW,
    )
    session.add(leave)
    session.flush()
    return leave


def kinds(session: Session, ticket: Ticket) -> list[str]:
    return list(
        session.scalars(
            select(TicketEvent.kind)
            .where(TicketEvent.ticket_id == ticket.id)
            .order_by(TicketEvent.id)
        )
    )


@pytest.mark.parametrize("state", ["dispatched", "in_progress", "waiting_resident"])
def test_open_work_goes_to_the_stand_in_when_the_leave_begins(
    session: Session, settings: Settings, state: str
) -> None:
    stand_in = a_caseworker(session, name="李明昌", services=["教育"])
    a_caseworker(session)
    owner = a_caseworker(session, name="杨梅", substitutes=[stand_in.id])
    ticket = a_ticket(session, assignee=owner, state=state)
    goes_away(session, owner, first=1)

    assert absence.move_on(session, now=NOW, settings=settings) == 0
    assert absence.move_on(session, now=NOW + DAY, settings=settings) == 1
    assert absence.move_on(session, now=NOW + DAY, settings=settings) == 0

    assert (ticket.assignee_id, ticket.state) == (stand_in.id, State.DISPATCHED)
    assert ticket.reason == "杨梅请假（3月3日至3月5日），由替班的李明昌接着办"
    assert kinds(session, ticket) == ["moved_away", "assigned"]


def test_a_chain_goes_on_where_the_stand_in_is_away_too(
    session: Session, settings: Settings
) -> None:
    third = a_caseworker(session, name="刀玉兰")
    second = a_caseworker(session, name="李明昌", substitutes=[third.id])
    owner = a_caseworker(session, name="杨梅", substitutes=[second.id])
    third.substitutes = [owner.id]
    ticket = a_ticket(session, assignee=owner)
    goes_away(session, owner)
    goes_away(session, second)

    absence.move_on(session, now=NOW, settings=settings)

    assert ticket.assignee_id == third.id
    assert "由替班的刀玉兰接着办（李明昌现在接不了）" in ticket.reason


def test_a_circle_of_people_who_are_all_away_ends_with_the_rules(
    session: Session, settings: Settings
) -> None:
    first, second = a_caseworker(session, name="杨梅"), a_caseworker(session, name="李明昌")
    first.substitutes, second.substitutes = [second.id], [first.id]
    somebody = a_caseworker(session)
    tickets = [a_ticket(session, assignee=staff) for staff in (first, second)]
    goes_away(session, first)
    goes_away(session, second)

    absence.move_on(session, now=NOW, settings=settings)

    assert {ticket.assignee_id for ticket in tickets} == {somebody.id}
    assert "替班的李明昌现在接不了；" in tickets[0].reason


def test_a_confidential_matter_passes_a_stand_in_who_is_not_cleared(
    session: Session, settings: Settings
) -> None:
    stand_in = a_caseworker(session)
    cleared = a_caseworker(session, lanes=["minor"])
    owner = a_caseworker(session, lanes=["minor"], substitutes=[stand_in.id])
    ticket = a_ticket(session, assignee=owner, lane="minor")
    goes_away(session, owner)

    absence.move_on(session, now=NOW, settings=settings)

    assert ticket.assignee_id == cleared.id


def test_a_full_stand_in_is_passed_and_where_nobody_is_left_it_waits_in_the_queue(
    session: Session, settings: Settings
) -> None:
    stand_in = a_caseworker(session, capacity=1)
    owner = a_caseworker(session, substitutes=[stand_in.id])
    first, second = (a_ticket(session, assignee=owner, opened_at=NOW + it * DAY) for it in (0, 1))
    goes_away(session, owner)

    absence.move_on(session, now=NOW, settings=settings)

    assert first.assignee_id == stand_in.id
    assert (second.assignee_id, second.state) == (None, State.TRIAGE)
    assert second.hand_backs == 0
    assert "合适的人手上都到上限了" in second.reason
    assert kinds(session, second) == ["moved_away", "put_back"]


def test_what_comes_back_to_somebody_away_moves_on_as_well(
    session: Session, settings: Settings
) -> None:
    stand_in = a_caseworker(session)
    owner = a_caseworker(session, substitutes=[stand_in.id])
    done = a_ticket(session, assignee=owner, state="resolved")
    goes_away(session, owner)

    assert absence.move_on(session, now=NOW, settings=settings) == 0
    done.state = State.IN_PROGRESS  # the resident is not content
    assert absence.move_on(session, now=NOW + DAY, settings=settings) == 1

    assert done.assignee_id == stand_in.id


def test_work_of_a_shut_account_moves_on(session: Session, settings: Settings) -> None:
    owner, other = a_caseworker(session, name="杨梅"), a_caseworker(session)
    ticket = a_ticket(session, assignee=owner)
    owner.active = owner.on_duty = False

    absence.move_on(session, now=NOW, settings=settings)

    assert ticket.assignee_id == other.id
    assert ticket.reason.startswith("杨梅的账号已停用，没有定替班；")


def test_nothing_comes_back_by_itself_and_all_that_is_open_is_offered(
    session: Session, settings: Settings
) -> None:
    stand_in = a_caseworker(session)
    owner = a_caseworker(session, name="杨梅", substitutes=[stand_in.id])
    kept, wanted, closed = (a_ticket(session, assignee=owner) for _ in range(3))
    goes_away(session, owner, last=2)
    absence.move_on(session, now=NOW, settings=settings)
    closed.state, closed.close_code = State.CLOSED, "withdrawn"
    with pytest.raises(InvalidInputError, match="还在请假"):
        absence.take_back(session, owner, wanted.number, now=NOW + DAY)
    back = NOW + 2 * DAY

    absence.move_on(session, now=back, settings=settings)
    offered = absence.given_away(session, owner, back)
    absence.take_back(session, owner, wanted.number, now=back)

    assert [ticket.id for ticket in offered] == [kept.id, wanted.id]
    assert kept.assignee_id == stand_in.id
    assert (wanted.assignee_id, wanted.state) == (owner.id, State.DISPATCHED)
    assert "杨梅回来了" in wanted.reason
    assert absence.given_away(session, owner, back) == [kept]
    for person, number in ((stand_in, kept.number), (owner, closed.number)):
        with pytest.raises(NotFoundError):
            absence.take_back(session, person, number, now=back)


def test_a_crisis_in_the_hands_of_somebody_away_goes_to_who_is_there_though_full(
    session: Session, settings: Settings
) -> None:
    full = a_caseworker(session, role=Role.SUPERVISOR, capacity=1)
    a_ticket(session, assignee=full)
    owner = a_caseworker(session)
    crisis = a_ticket(session, assignee=owner, urgency="crisis")
    goes_away(session, owner)

    absence.move_on(session, now=NOW, settings=settings)

    assert crisis.assignee_id == full.id


def test_nobody_is_given_work_by_hand_while_away(session: Session) -> None:
    boss, owner = a_caseworker(session, role=Role.SUPERVISOR), a_caseworker(session, name="杨梅")
    ticket = a_ticket(session)
    goes_away(session, owner)

    with pytest.raises(InvalidInputError, match="杨梅在请假"):
        moves.assign(session, ticket.number, by=by(session, boss), to=owner.id)


def test_who_was_called_to_a_crisis_though_away_is_not_passed_over_again(
    session: Session, settings: Settings
) -> None:
    boss = a_caseworker(session, role=Role.SUPERVISOR)
    goes_away(session, boss, first=-1)
    crisis = a_ticket(session, assignee=boss, urgency="crisis", state="dispatched")

    assert absence.move_on(session, now=NOW, settings=settings) == 0
    assert crisis.assignee_id == boss.id
