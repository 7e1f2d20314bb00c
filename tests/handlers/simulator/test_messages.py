"""Messages that the service sends to a phone."""

import json

import pytest

from tests.handlers.simulator.conftest import Driver


@pytest.fixture(autouse=True)
def window(driver: Driver) -> None:
    driver.act("text", text="你好")


def send(driver: Driver, **fields: object) -> int:
    data = json.dumps({"touser": driver.openid, **fields}, ensure_ascii=False)
    return int(driver.call("message/custom/send", data).get_json()["errcode"])


def test_machine_and_person_can_be_told_apart(driver: Driver) -> None:
    driver.say("机器说", aimsgcontext='{"is_ai_msg":1}')
    driver.say("社工说", customservice='{"kf_account":"王芳@gh_yunqiao_demo"}')

    machine, person = driver.chat()[-2:]
    assert (machine["ai"], machine["agent"]) == (True, "")
    assert (person["ai"], person["agent"]) == (False, "王芳")


def test_a_menu_shows_its_choices(driver: Driver) -> None:
    choices = [{"id": "1", "content": "有用"}, {"id": "2", "content": "没用"}]
    menu = {"head_content": "有用吗", "list": choices, "tail_content": "谢谢"}

    assert send(driver, msgtype="msgmenu", msgmenu=menu) == 0
    assert driver.chat()[-1]["details"] == {"choices": choices, "tail": "谢谢"}


def test_one_article_is_shown_and_two_are_refused(driver: Driver) -> None:
    article = {"title": "怎么要工钱", "description": "三步", "url": "https://example.org/"}

    assert send(driver, msgtype="news", news={"articles": [article]}) == 0
    assert send(driver, msgtype="news", news={"articles": [article] * 2}) == 45008
    assert driver.chat()[-1]["text"] == "怎么要工钱"


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        (45002, {"msgtype": "text", "text": {"content": "字" * 683}}),
        (44004, {"msgtype": "text", "text": {"content": ""}}),
        (40007, {"msgtype": "image", "image": {"media_id": "nothing"}}),
        (40008, {"msgtype": "hologram"}),
        (40003, {"touser": "o-nobody", "msgtype": "text", "text": {"content": "x"}}),
    ],
)
def test_a_bad_message_has_its_code(driver: Driver, code: int, fields: dict[str, object]) -> None:
    assert send(driver, **fields) == code
    assert len(driver.chat()) == 1


def test_a_refused_message_costs_nothing(driver: Driver) -> None:
    send(driver, msgtype="text", text={"content": "字" * 683})

    assert driver.look(f"residents/{driver.openid}/quota")["left"] == 5


def test_escaped_characters_reach_the_phone_escaped(driver: Driver) -> None:
    fields = {"touser": driver.openid, "msgtype": "text", "text": {"content": "你\n"}}

    driver.call("message/custom/send", json.dumps(fields))

    assert driver.chat()[-1]["text"] == "\\u4f60\n"


def test_typing_shows_for_a_while_and_not_twice(driver: Driver) -> None:
    def typing(command: str = "Typing") -> int:
        data = json.dumps({"touser": driver.openid, "command": command})
        return int(driver.call("message/custom/typing", data).get_json()["errcode"])

    def shown() -> bool:
        return bool(driver.look(f"residents/{driver.openid}")["typing"])

    assert (typing(), shown(), typing()) == (0, True, 45081)
    assert (driver.say(), shown()) == (0, False)
    assert (typing(), typing("CancelTyping"), shown()) == (0, 0, False)
    typing()
    driver.sim("clock", seconds=16)
    assert shown() is False
    driver.sim("clock", seconds=60)
    assert typing() == 45080


def test_the_ledger_keeps_accepted_and_refused(driver: Driver) -> None:
    driver.say("好")
    send(driver, msgtype="hologram")

    calls = driver.client.get(f"/sim/calls?openid={driver.openid}").get_json()
    assert [call["code"] for call in calls] == [0, 40008]
    assert calls[0]["id"] == driver.chat()[-1]["exchange"]
