"""What did not arrive, and the record."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, select, update

from bot.audit import AuditEvent
from bot.db.engine import transaction
from bot.outbox import OutboundMessage, SendState
from bot.people.tables import Organisation, Role, Staff
from bot.tickets.tables import State, Ticket
from tests.builders import a_resident, a_ticket
from tests.conftest import NOW
from tests.handlers.console.conftest import Browser

Enter = Callable[[Role], Browser]
STORY = "您说的借条拍照发来就行。"


def unsent(engine: Engine, state: SendState, outcome: str = "", *, doubtful: bool = False) -> int:
    with transaction(engine) as session:
        resident = a_resident(session)
        ticket = a_ticket(session, resident=resident, state=State.TRIAGE, number="2603-0001")
        message = OutboundMessage(
            resident_id=resident.id, ticket_id=ticket.id, text=STORY, state=state,
            outcome=outcome, doubtful=doubtful, attempts=3, not_before=NOW, created_at=NOW,
            queued_at=NOW, finished_at=NOW,
        )  # fmt: skip
        session.add(message)
        session.flush()
        return message.id


def message(engine: Engine, outbound_id: int) -> OutboundMessage:
    with transaction(engine) as session:
        return session.get_one(OutboundMessage, outbound_id)


@pytest.mark.parametrize(
    ("state", "outcome", "says"),
    [
        (SendState.GIVEN_UP, "network", ["已停止重试", "连不上微信", "请点“再试一次”"]),
        (SendState.REFUSED, "not_following", ["微信不收", "已经取消关注", "请打电话或上门联系"]),
        (SendState.HELD, "no_window", ["等居民来信", "超过 48 小时", "自动补发"]),
        (SendState.GIVEN_UP, "", ["原因不明", "请点“再试一次”"]),
    ],
)
def test_each_row_says_why_and_what_next(
    as_role: Enter, engine: Engine, *, state: SendState, outcome: str, says: list[str]
) -> None:
    unsent(engine, state, outcome)

    page = as_role(Role.SUPERVISOR).open("/outbox/")

    assert all(text in page.text for text in says)
    assert "2603-0001" in page.text


def test_what_may_have_arrived_is_not_sent_again_lightly(as_role: Enter, engine: Engine) -> None:
    unsent(engine, SendState.GIVEN_UP, "timeout", doubtful=True)

    page = as_role(Role.SUPERVISOR).open("/outbox/")

    assert "可能已经送到" in page.text
    assert "居民可能已经收到" in page.text


def test_only_those_who_may_see_the_ticket_read_the_message(
    as_role: Enter, engine: Engine
) -> None:
    unsent(engine, SendState.REFUSED, "minor")

    assert STORY in as_role(Role.SUPERVISOR).open("/outbox/").text
    page = as_role(Role.ADMIN).open("/outbox/")
    assert STORY not in page.text
    assert "居民 T" not in page.text
    assert "微信为保护未成年人" in page.text


def test_what_is_another_organisations_is_not_there(
    app: Flask, as_role: Enter, engine: Engine, person: Callable[..., Staff]
) -> None:
    number = unsent(engine, SendState.REFUSED, "minor")
    with transaction(engine) as session:
        places = [Organisation(name=name, created_at=NOW) for name in ("官渡", "西山")]
        session.add_all(places)
        session.flush()
        here, there = (place.id for place in places)
        session.execute(update(Ticket).values(organisation_id=there))
    browser = Browser(app.test_client())
    browser.log_in(person(Role.SUPERVISOR, organisation_id=here).login)

    page = browser.open("/outbox/")

    assert "2603-0001" not in page.text
    assert '微信不收 <span class="number">0</span>' in page.text
    assert browser.send(f"/outbox/{number}/again").status_code == 404
    assert message(engine, number).state == SendState.REFUSED


def test_what_arrived_or_is_on_its_way_is_not_listed(as_role: Enter, engine: Engine) -> None:
    unsent(engine, SendState.QUEUED)

    page = as_role(Role.SUPERVISOR).open("/outbox/")

    assert "都发出去了" in page.text
    assert "1 条正在排队发送" in page.text


def test_a_message_is_queued_again_and_that_is_on_record(as_role: Enter, engine: Engine) -> None:
    outbound_id = unsent(engine, SendState.GIVEN_UP, "network")

    as_role(Role.ADMIN).send(f"/outbox/{outbound_id}/again")

    assert message(engine, outbound_id).state == SendState.QUEUED
    with transaction(engine) as session:
        event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
        assert event
        assert (event.deed, event.subject) == ("outbox.requeue", f"outbound:{outbound_id}")


def test_a_message_that_arrived_is_not_sent_twice(as_role: Enter, engine: Engine) -> None:
    outbound_id = unsent(engine, SendState.ACCEPTED)

    page = as_role(Role.ADMIN).send(f"/outbox/{outbound_id}/again")

    assert page.status_code == 409
    assert message(engine, outbound_id).state == SendState.ACCEPTED


def test_caseworkers_have_no_outbox(as_role: Enter, engine: Engine) -> None:
    outbound_id = unsent(engine, SendState.GIVEN_UP)
    caseworker = as_role(Role.CASEWORKER)

    assert caseworker.open("/outbox/").status_code == 403
    assert caseworker.send(f"/outbox/{outbound_id}/again").status_code == 403
    assert message(engine, outbound_id).state == SendState.GIVEN_UP


def test_the_state_can_be_picked_in_the_address(as_role: Enter, engine: Engine) -> None:
    unsent(engine, SendState.REFUSED, "minor")

    supervisor = as_role(Role.SUPERVISOR)

    assert "微信为保护未成年人" in supervisor.open("/outbox/?state=refused").text
    assert "都发出去了" in supervisor.open("/outbox/?state=held").text
    assert "微信为保护未成年人" in supervisor.open("/outbox/?state=nonsense&page=-3").text


def test_the_record_says_who_did_what(as_role: Enter, engine: Engine) -> None:
    admin = as_role(Role.ADMIN)
    with transaction(engine) as session:
        person = session.scalars(select(Staff)).one()
        person.name = "周静"
        person_id = person.id
        session.add(AuditEvent(deed="login_failed", at=NOW - timedelta(days=400)))

    everything = admin.open("/audit/").text
    own = admin.open(f"/audit/?person={person_id}&deed=login").text

    assert "登录失败" in everything
    assert "不认识的登录名" in everything
    assert "2025年1月26日" in everything
    assert "周静" in own
    assert "不认识的登录名" not in own


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.SUPERVISOR])
def test_the_record_is_for_admins(as_role: Enter, role: Role) -> None:
    assert as_role(role).open("/audit/").status_code == 403
