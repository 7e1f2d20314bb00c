"""Push notifications stop silently, and nobody learns of it until a case is late."""

from collections.abc import Iterator

import pytest
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import Engine, select

from bot.db.engine import reading, transaction
from bot.notices import preferences
from bot.notices.preferences import Preference
from bot.notices.queue import notify
from bot.notices.tables import Channel, Fate, NoticeDelivery, NoticeKind, StaffNotice
from bot.people import passwords
from bot.people.tables import Role, Staff
from bot.settings import Mail, Settings
from bot.tickets.tables import Ticket
from bot.worker_staff import tell_staff
from handlers.console.app import make_app
from tests.bot.notices.mail_server import Mailbox, mail_server
from tests.builders import a_caseworker, a_ticket
from tests.handlers.console.conftest import HASH, PASSWORD, Browser
from tests.handlers.simulator.conftest import Ticking
from tests.handlers.simulator.staff_phone import Stage, bind, staged

WISHES = Preference(
    channels=(Channel.WECHAT, Channel.EMAIL), next_minutes=10, email="wang@example.org"
)


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


@pytest.fixture
def ours(settings: Settings, box: Mailbox) -> Settings:
    mail = Mail(host="127.0.0.1", port=box.port, security="none", sender="y@example.org")
    console = settings.console.model_copy(
        update={"secret_key": SecretStr("of this test only"), "login_per_minute": 1000}
    )
    return settings.model_copy(update={"mail": mail, "console": console})


@pytest.fixture
def stage(stocked_engine: Engine, ours: Settings) -> Iterator[Stage]:
    """A caseworker with a bound phone and an address."""
    with staged(stocked_engine, ours, Ticking()) as stage:
        bind(stage)
        with transaction(stocked_engine) as session:
            session.get_one(Staff, stage.staff.id).password_hash = HASH
            preferences.save(session, stage.staff.id, WISHES)
        yield stage


@pytest.fixture
def console(stage: Stage, ours: Settings) -> Flask:
    return make_app(ours, engine=stage.engine, now=stage.worker.line.now)


def a_case(stage: Stage) -> Ticket:
    """Give the caseworker a ticket, and tell them."""
    now = stage.worker.line.now()
    with transaction(stage.engine) as session:
        person = session.get_one(Staff, stage.staff.id)
        ticket = a_ticket(session, assignee=person, state="dispatched")
        notify(
            session, staff_id=person.id, kind=NoticeKind.ASSIGNED, ticket_id=ticket.id,
            now=now, once=f"assigned:{ticket.id}",
        )  # fmt: skip
    return ticket


def pass_by(stage: Stage, **span: float) -> None:
    """Let time pass, and the worker do everything that is due."""
    clock = stage.worker.line.now
    assert isinstance(clock, Ticking)
    clock.pass_by(**span)
    while tell_staff(stage.worker):
        pass


def fates(stage: Stage, ticket: Ticket) -> dict[str, str]:
    with reading(stage.engine) as session:
        rows = session.scalars(
            select(NoticeDelivery)
            .join(StaffNotice, StaffNotice.id == NoticeDelivery.notice_id)
            .where(StaffNotice.ticket_id == ticket.id)
        )
        return {row.channel: row.state for row in rows}


def log_in(console: Flask, login: str) -> Browser:
    browser = Browser(console.test_client())
    assert browser.log_in(login, PASSWORD).status_code == 302
    return browser


def test_delivered_and_seen_are_known_of_every_notice(stage: Stage, console: Flask) -> None:
    ticket = a_case(stage)
    pass_by(stage, minutes=1)
    stage.driver.wait_for(lambda: fates(stage, ticket)["wechat"] == Fate.DELIVERED)
    desk = log_in(console, stage.staff.login)
    assert "微信：已送达" in desk.open("/notices").text

    desk.open(f"/tickets/{ticket.number}")
    desk.send(f"/tickets/{ticket.number}/seen")

    assert fates(stage, ticket) == {"console": Fate.SEEN, "wechat": Fate.DELIVERED}


def test_what_nobody_looks_at_takes_the_next_channel(stage: Stage, box: Mailbox) -> None:
    ticket = a_case(stage)

    pass_by(stage, minutes=1)
    assert stage.driver.chat()[-1]["kind"] == "notice"
    assert box.took == []
    pass_by(stage, minutes=10)

    [mail] = box.took
    assert mail["To"] == "wang@example.org"
    assert ticket.number in mail.get_content()
    assert "工钱" not in mail.get_content()


def test_what_was_done_in_wechat_needs_no_other_channel(stage: Stage, box: Mailbox) -> None:
    ticket = a_case(stage)
    pass_by(stage, minutes=1)

    stage.phone("text", text=f"接 {ticket.number}")
    pass_by(stage, hours=2)

    assert fates(stage, ticket)["wechat"] == Fate.SEEN
    assert box.took == []


@pytest.mark.parametrize(
    ("fault", "fields", "said"),
    [
        ("template_block", {}, "您把服务号的消息屏蔽了"),
        ("api_errcode", {"code": 43004, "path": "template/send"}, "重新关注"),
        ("api_errcode", {"code": 40037, "path": "template/send"}, "模板"),
    ],
)
def test_a_channel_that_died_is_said_and_passed_over(
    stage: Stage, console: Flask, box: Mailbox, fault: str, fields: dict[str, object], said: str
) -> None:
    with transaction(stage.engine) as session:
        admin = a_caseworker(session, role=Role.ADMIN, name="周静")
        admin.password_hash = passwords.hash_password(PASSWORD)
    stage.driver.fault(fault, **fields)
    ticket = a_case(stage)

    pass_by(stage, minutes=1)
    stage.driver.wait_for(lambda: fates(stage, ticket)["wechat"] == Fate.REFUSED)
    pass_by(stage, seconds=1)

    assert any(ticket.number in mail.get_content() for mail in box.took)
    desk, office = log_in(console, stage.staff.login), log_in(console, admin.login)
    assert "到不了您那里" in desk.open("/tickets").text
    assert said in desk.open("/notices/ways").text
    assert "提醒发不出去" in office.open("/notices").text
    assert stage.staff.name in office.open("/notices/ways").text


def test_a_dead_token_holds_no_notice_up(stage: Stage, console: Flask, box: Mailbox) -> None:
    stage.driver.fault("api_errcode", code=40001, path="template/send")
    ticket = a_case(stage)

    for _ in range(4):
        pass_by(stage, minutes=2)

    assert any(ticket.number in mail.get_content() for mail in box.took)
    assert "到不了您那里" in log_in(console, stage.staff.login).open("/tickets").text

    stage.driver.client.delete("/sim/faults")
    pass_by(stage, minutes=11)

    assert fates(stage, ticket)["wechat"] in {Fate.SENT, Fate.DELIVERED}
    assert "到不了您那里" not in log_in(console, stage.staff.login).open("/tickets").text
