"""What a resident does arrives at the callback as the platform would bring it."""

from pathlib import Path

import pytest
from flask import Response

from handlers.simulator.app import make_app
from tests.handlers.simulator.conftest import Driver, Ticking, a_settings
from tests.handlers.simulator.stub import Stub, sealed, slowly, text_reply


def test_a_text_is_encrypted_and_its_reply_is_shown(driver: Driver, stub: Stub) -> None:
    stub.answer = lambda message: text_reply(message, "可以要")

    outcome = driver.act("text", text="工钱要找哪个要")

    assert stub.got[0]["Content"] == "工钱要找哪个要"
    assert "工钱" not in stub.raw[0]
    assert (outcome["reply_text"], outcome["tries"], outcome["failed"]) == ("可以要", 1, False)
    assert [b["text"] for b in driver.chat()] == ["工钱要找哪个要", "可以要"]


def test_success_is_silence_and_no_failure(driver: Driver) -> None:
    outcome = driver.act("text", text="你好")

    assert (outcome["reply"], outcome["failed"]) == (None, False)
    assert [bubble["sender"] for bubble in driver.chat()] == ["resident"]


def test_a_slow_callback_is_tried_three_times_with_one_msg_id(driver: Driver, stub: Stub) -> None:
    stub.answer = slowly(0.3, lambda message: text_reply(message, "来晚了"))

    outcome = driver.act("text", text="在吗")

    assert outcome["tries"] == 3
    assert len({query["nonce"] for query in stub.queries}) == 3
    assert {message["MsgId"] for message in stub.got} == {outcome["msg_id"]}
    assert driver.chat()[-1]["text"] == "该服务号暂时无法提供服务，请稍后再试"


def test_an_answer_at_the_second_try_is_shown(driver: Driver, stub: Stub) -> None:
    def answer(message: dict[str, str]) -> Response:
        return slowly(0.3 if len(stub.got) == 1 else 0, lambda m: text_reply(m, "好"))(message)

    stub.answer = answer

    outcome = driver.act("text", text="在吗")

    assert (outcome["tries"], outcome["reply_text"]) == (2, "好")


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Response("<html>busy</html>"), id="html"),
        pytest.param(Response("no", status=502), id="server-error"),
        pytest.param(Response('{"ok":true}'), id="json"),
        pytest.param(Response("<xml><Content>x</Content></xml>"), id="not-encrypted"),
        pytest.param(sealed("<xml><ToUserName>x</ToUserName></xml>"), id="not-for-the-sender"),
        pytest.param(
            Response(sealed("<xml/>").get_data(as_text=True).replace("12345", "54321")),
            id="wrong-signature",
        ),
    ],
)
def test_an_abnormal_answer_is_the_grey_line(driver: Driver, stub: Stub, answer: Response) -> None:
    stub.answer = lambda message: answer

    outcome = driver.act("text", text="你好")

    assert outcome["failed"] is True
    assert outcome["tries"] == 1
    assert driver.chat()[-1]["sender"] == "system"


@pytest.mark.parametrize("text", ["", "字" * 683], ids=["empty", "too-long"])
def test_a_reply_that_the_platform_drops_is_a_failure(
    driver: Driver, stub: Stub, text: str
) -> None:
    stub.answer = lambda message: text_reply(message, text)

    assert driver.act("text", text="你好")["failed"] is True


def test_nobody_listening_is_three_tries(tmp_path: Path, ticking: Ticking, driver: Driver) -> None:
    app = make_app(a_settings(tmp_path), now=ticking, callback_url="http://127.0.0.1:9/wechat")
    deaf = Driver(app, app.test_client(), driver.openid)
    deaf.sim("residents", openid=driver.openid, followed=True)

    outcome = deaf.act("text", text="你好")

    assert (outcome["tries"], outcome["failed"]) == (3, True)


def test_without_waiting_the_answer_arrives_in_the_chat(driver: Driver, stub: Stub) -> None:
    stub.answer = lambda message: text_reply(message, "好")

    outcome = driver.client.post(
        f"/sim/residents/{driver.openid}/text?wait=0", json={"text": "你好"}
    ).get_json()

    assert outcome["done"] is False
    while not driver.look(f"exchanges/{outcome['exchange']}")["done"]:
        pass
    assert driver.chat()[-1]["text"] == "好"
