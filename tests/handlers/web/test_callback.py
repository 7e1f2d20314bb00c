"""The callback: answers WeChat, and only WeChat, once for each message."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import DatabaseError

from bot.db.engine import reading, transaction
from bot.inbox import InboundMessage
from bot.settings import Settings
from bot.tickets.tables import Ticket
from handlers.web.app import make_app
from tests.bot.chat import a_line
from tests.bot.wechat import platform
from tests.fakes import FakeNlu
from tests.handlers.web.conftest import Phone, reply_of

QUESTION = platform.text("老板拖欠工资咋个办")
HELP = platform.text("我不想活了 药都买好了")


def stored(engine: Engine) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(InboundMessage)) or 0


def test_the_address_is_confirmed(phone: Phone) -> None:
    response = phone.client.get("/wechat", query_string=platform.greeting())

    assert (response.status_code, response.text) == (200, "5927")
    assert response.mimetype == "text/plain"


def test_a_question_is_answered_passively_and_encrypted(phone: Phone) -> None:
    response = phone.push(QUESTION)

    assert "12333" not in response.text
    assert "12333" in reply_of(response)


def test_a_push_under_the_previous_key_is_answered_under_it(phone: Phone) -> None:
    response = phone.push(QUESTION, key=platform.OLD_KEY)

    assert "12333" in reply_of(response, key=platform.OLD_KEY)


def test_three_tries_have_one_effect_and_one_reply(phone: Phone, engine: Engine) -> None:
    replies = [reply_of(phone.push(HELP)) for _ in range(3)]

    assert len(set(replies)) == 1
    assert stored(engine) == 1


def test_tries_in_parallel_have_one_effect(phone: Phone, engine: Engine) -> None:
    with ThreadPoolExecutor(6) as pool:
        replies = list(pool.map(lambda _: reply_of(phone.push(HELP)), range(6)))

    assert len(set(replies)) == 1
    assert "12356" in replies[0]
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(Ticket)) == 1


def test_a_try_after_a_restart_gets_the_stored_reply(
    phone: Phone, engine: Engine, public_settings: Settings
) -> None:
    first = reply_of(phone.push(QUESTION))
    restarted = a_line(engine, public_settings, FakeNlu(), phone.clock)
    again = Phone(make_app(public_settings, restarted).test_client(), phone.clock)

    assert reply_of(again.push(QUESTION)) == first
    assert stored(engine) == 1


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"msg_signature": "0" * 40}, id="forged"),
        pytest.param({"timestamp": str(int(platform.STAMP) - 3600)}, id="stale"),
        pytest.param({"encrypt_type": "raw"}, id="downgraded"),
        pytest.param({"msg_signature": ""}, id="unsigned"),
    ],
)
def test_what_is_not_wechats_has_no_effect(
    phone: Phone, engine: Engine, change: dict[str, str]
) -> None:
    args, body = platform.call(platform.encrypt(QUESTION))

    response = phone.client.post("/wechat", query_string=args | change, data=body)

    assert (response.status_code, response.text) == (403, "")
    assert stored(engine) == 0


def test_plaintext_is_refused_even_with_its_signature(phone: Phone, engine: Engine) -> None:
    args = platform.greeting()

    response = phone.client.post("/wechat", query_string=args, data=QUESTION.encode())

    assert response.status_code == 403
    assert stored(engine) == 0


def test_a_signed_but_malformed_push_shows_nobody_a_failure(phone: Phone, engine: Engine) -> None:
    response = phone.push("<xml><MsgType>text</MsgType></xml>")

    assert (response.status_code, response.text) == (200, "success")
    assert stored(engine) == 0


def test_a_body_that_is_too_large_is_refused(phone: Phone) -> None:
    args, _ = platform.call(platform.encrypt(QUESTION))

    response = phone.client.post("/wechat", query_string=args, data=b"x" * 100_000)

    assert response.status_code == 403


def test_an_unknown_event_is_stored_and_acknowledged(phone: Phone, engine: Engine) -> None:
    response = phone.push(platform.event("user_info_modified"))

    assert response.text == "success"
    assert stored(engine) == 1


def test_a_broken_turn_is_acknowledged_and_left_to_the_worker(
    phone: Phone, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.line_turn.decide", None)

    response = phone.push(QUESTION)

    assert response.text == "success"
    with reading(engine) as session:
        assert session.scalars(select(InboundMessage.answered_at)).one() is None


def test_what_cannot_be_stored_in_time_is_not_acknowledged(
    phone: Phone, engine: Engine, public_settings: Settings
) -> None:
    """Another process holds the database for longer than WeChat waits."""
    wechat = public_settings.wechat.model_copy(update={"passive_seconds": 0.3})
    hurried = public_settings.model_copy(update={"wechat": wechat})
    line = a_line(engine, hurried, FakeNlu(), phone.clock)
    waiting = Phone(make_app(hurried, line).test_client(), phone.clock)

    with transaction(engine) as session:
        session.execute(select(1))  # SQLite's write lock is taken with the first statement
        response = waiting.push(QUESTION)

    assert response.status_code == 503


def test_what_breaks_before_it_is_stored_is_not_acknowledged(
    phone: Phone, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(line: object, push: object) -> int:
        raise DatabaseError("INSERT", {}, OSError("database or disk is full"))

    monkeypatch.setattr("bot.line.keep", full)

    assert phone.push(QUESTION).status_code == 503
    assert stored(engine) == 0


def test_health_names_what_is_missing(phone: Phone) -> None:
    health = phone.client.get("/healthy")

    assert health.status_code == 200
    assert health.json is not None
    assert health.json["parts"]["database"] == "ok"
    assert health.json["parts"]["worker"] == "never started"


def test_metrics_are_for_this_machine_only(phone: Phone) -> None:
    assert phone.client.get("/metrics").status_code == 200
    proxied = phone.client.get("/metrics", headers={"X-Forwarded-For": "1.2.3.4"})
    assert proxied.status_code == 404
