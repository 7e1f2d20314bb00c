"""A caseworker's phone in the simulator: it is bound, gets notices, accepts and answers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine, select

from bot.db.engine import reading, transaction
from bot.notices import binding
from bot.notices.posts import make_posts
from bot.notices.queue import notify
from bot.notices.tables import Fate, NoticeDelivery, NoticeKind
from bot.people.tables import Staff
from bot.settings import Settings, Simulator
from bot.tickets.tables import State, Ticket
from bot.wechat.client import make_wechat_api
from bot.worker import Worker
from bot.worker_staff import make_codes, tell_staff
from handlers.simulator.app import make_app as make_simulator
from handlers.web.app import make_app as make_web
from tests.bot.chat import a_line
from tests.builders import a_ticket
from tests.fakes import FakeNlu
from tests.handlers.simulator.conftest import Driver, Ticking, a_settings
from tests.handlers.simulator.stub import serving


@dataclass
class Stage:
    """The service and the platform, each behind a port of its own."""

    driver: Driver
    worker: Worker
    engine: Engine
    staff: Staff

    def phone(self, what: str, **fields: object) -> str:
        return str(self.driver.act(what, **fields)["reply_text"] or "")


@pytest.fixture
def stage(
    tmp_path: object, ticking: Ticking, stocked_engine: Engine, settings: Settings
) -> Iterator[Stage]:
    folder = settings.service.data_dir
    folder.mkdir(parents=True)
    base = a_settings(folder)
    ours = settings.model_copy(update={"wechat": base.wechat})
    line = a_line(stocked_engine, ours, FakeNlu(), ticking)  # type: ignore[arg-type]
    with serving(make_web(ours, line)) as web:
        url = f"http://127.0.0.1:{web}/wechat"
        app = make_simulator(base, now=ticking, callback_url=url, limit_seconds=5)
        with serving(app) as port:
            theirs = ours.model_copy(update={"simulator": Simulator(port=port)})
            api = make_wechat_api(theirs, engine=stocked_engine, clock=ticking)
            worker = Worker(line=line, api=api, posts=make_posts(theirs, api))
            with reading(stocked_engine) as session:
                staff = session.scalars(select(Staff)).one()
            driver = Driver(app, app.test_client())
            driver.openid = driver.client.get("/sim/residents").get_json()[3]["openid"]
            yield Stage(driver, worker, stocked_engine, staff)


def bind(stage: Stage) -> str:
    """Bind the phone as a person would; return what it said."""
    with transaction(stage.engine) as session:
        binding.offer(session, stage.staff.id, now=stage.worker.line.now())
    assert make_codes(stage.worker)
    ticket = stage.driver.look("feed")["tickets"][-1]["ticket"]
    said = stage.phone("scan", ticket=ticket)
    number = re.search(r"\d{6}", said)
    assert number
    with transaction(stage.engine) as session:
        person = session.get_one(Staff, stage.staff.id)
        now = stage.worker.line.now()
        assert binding.confirm(session, person, number.group(), now=now) == ""
    return said


def test_the_phone_is_bound_told_and_works(stage: Stage) -> None:
    assert "核对数字" in bind(stage)
    with transaction(stage.engine) as session:
        person = session.get_one(Staff, stage.staff.id)
        ticket = a_ticket(session, assignee=person, state="dispatched")
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
    assert "交给微信" in stage.phone("text", text=f"回 {ticket.number} 您好")
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
