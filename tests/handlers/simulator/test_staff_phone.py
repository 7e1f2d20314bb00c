"""A caseworker's phone in the simulator: it is bound, gets notices, accepts and answers."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, select

from bot.db.engine import reading, transaction
from bot.notices.queue import notify
from bot.notices.tables import Fate, NoticeDelivery, NoticeKind
from bot.people.tables import Staff
from bot.settings import Settings
from bot.tickets.tables import State, Ticket
from bot.wechat import budget
from bot.worker_staff import tell_staff
from tests.builders import a_ticket
from tests.handlers.simulator.conftest import Ticking
from tests.handlers.simulator.staff_phone import Stage, bind, staged


@pytest.fixture
def stage(ticking: Ticking, stocked_engine: Engine, settings: Settings) -> Iterator[Stage]:
    with staged(stocked_engine, settings, ticking) as stage:
        yield stage


def test_the_phone_is_bound_told_and_works(stage: Stage) -> None:
    assert "核对数字" in bind(stage)
    with transaction(stage.engine) as session:
        person = session.get_one(Staff, stage.staff.id)
        ticket = a_ticket(session, assignee=person, state="dispatched")
        budget.opened_by_message(session, ticket.resident_id, now=stage.worker.line.now())
        notify(
            session, staff_id=person.id, kind=NoticeKind.ASSIGNED, ticket_id=ticket.id,
            now=stage.worker.line.now(), urgent=True, once="assigned",
        )  # fmt: skip

    assert tell_staff(stage.worker)

    card = stage.driver.chat()[-1]
    assert card["kind"] == "notice"
    values = [row["value"] for row in card["details"]["rows"]]
    assert values[:2] == ["您有新的工单，请到工作台查看", ticket.number]
    assert "已签收" in stage.phone("text", text=f"接 {ticket.number}")
    assert "正在发给居民" in stage.phone("text", text=f"回 {ticket.number} 您好")
    with reading(stage.engine) as session:
        assert session.get_one(Ticket, ticket.id).state == State.IN_PROGRESS


def test_a_phone_that_blocks_notices_is_noticed(stage: Stage) -> None:
    bind(stage)
    stage.driver.fault("template_block", count=1)
    with transaction(stage.engine) as session:
        notify(
            session, staff_id=stage.staff.id, kind=NoticeKind.TEST, urgent=True,
            now=stage.worker.line.now(), once="test",
        )  # fmt: skip

    tell_staff(stage.worker)

    def fate() -> tuple[str, str]:
        with reading(stage.engine) as session:
            row = session.scalars(
                select(NoticeDelivery).where(NoticeDelivery.channel == "wechat")
            ).one()
            return row.state, row.reason

    stage.driver.wait_for(lambda: fate() == (Fate.REFUSED, "user_block"))
