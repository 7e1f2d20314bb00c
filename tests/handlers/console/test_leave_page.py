"""The page of leave: for oneself, for others, and what is offered on return."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import Engine, select

from bot.db.engine import reading, transaction
from bot.db.types import JsonObject
from bot.people.tables import Leave, Role, Staff
from bot.tickets.change import give, note_event
from bot.tickets.tables import Ticket
from tests.builders import a_ticket
from tests.conftest import NOW
from tests.handlers.console.conftest import Browser

People = Callable[..., Staff]
Enter = Callable[[Role], Browser]
LEAVE = {"kind": "sick", "from_on": "2026-03-03", "from": "08:30",
         "until_on": "2026-03-05", "until": "18:00"}  # fmt: skip


def the_leave(engine: Engine) -> Leave:
    with reading(engine) as session:
        return session.scalars(select(Leave)).one()


def test_somebody_asks_for_leave_and_comes_back(
    desk: Browser, worker: Staff, engine: Engine
) -> None:
    desk.open("/leave/")
    assert desk.send("/leave/", LEAVE).status_code == 302

    leave = the_leave(engine)
    assert leave.staff_id == worker.id
    page = desk.open("/leave/").text
    assert "3月3日（周二）08:30 至 3月5日 18:00" in page
    assert "病假" in page
    desk.send(f"/leave/{leave.id}/end")
    leave = the_leave(engine)
    assert leave.cancelled_at == NOW


def test_the_kind_of_a_leave_is_nobody_elses_business(
    desk: Browser, as_role: Enter, person: People
) -> None:
    desk.open("/leave/")
    desk.send("/leave/", LEAVE)

    colleague, boss = as_role(Role.CASEWORKER), as_role(Role.SUPERVISOR)

    assert "3月3日（周二）" in colleague.open("/leave/").text
    assert " · 病假" not in colleague.open("/leave/").text
    assert " · 病假" in boss.open("/leave/").text


def test_a_caseworker_asks_for_nobody_else(
    desk: Browser, worker: Staff, person: People, engine: Engine
) -> None:
    other = person()
    desk.open("/leave/")

    desk.send("/leave/", {**LEAVE, "staff_id": other.id})

    leave = the_leave(engine)
    assert leave.staff_id == worker.id


def test_a_wrong_leave_keeps_what_was_typed(desk: Browser) -> None:
    desk.open("/leave/")

    page = desk.send("/leave/", {**LEAVE, "until_on": "2026-03-02"})

    assert page.status_code == 400
    assert "回来的时间要在开始以后" in page.text
    assert 'value="2026-03-02"' in page.text
    assert 'value="sick" required checked' in page.text


def test_what_moved_on_in_an_absence_is_offered_and_taken_back(
    desk: Browser, worker: Staff, person: People, engine: Engine
) -> None:
    stand_in = person(name="李明昌")
    with transaction(engine) as session:
        own = session.get_one(Staff, worker.id)
        taken, left = a_ticket(session, assignee=own), a_ticket(session, assignee=own)
        session.add(
            Leave(
                staff_id=own.id,
                starts_at=NOW - timedelta(days=2),
                ends_at=NOW,
                kind="annual",
                set_at=NOW,
            )
        )
        for ticket in (taken, left):
            data: JsonObject = {"from": own.id}
            note_event(session, ticket, "moved_away", now=NOW, **data)
            give(session, ticket, stand_in.id, reason="王芳请假", now=NOW)

    page = desk.open("/leave/").text
    assert "现在由李明昌办" in page
    desk.send(f"/leave/back/{taken.number}")

    with reading(engine) as session:
        assert session.get_one(Ticket, taken.id).assignee_id == worker.id
        assert session.get_one(Ticket, left.id).assignee_id == stand_in.id
    assert taken.number not in desk.open("/leave/").text.partition("您不在时转出去的工单")[2]
    assert desk.send("/leave/back/2603-nothing").status_code == 404
