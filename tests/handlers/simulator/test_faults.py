"""Each thing that can go wrong on purpose does, and stops again."""

import threading
import time

import pytest

from tests.handlers.simulator.conftest import Driver, Ticking
from tests.handlers.simulator.stub import Stub, text_reply


@pytest.mark.parametrize("code", [-1, 45009, 45047, 70000])
def test_the_api_gives_any_code_as_often_as_asked(driver: Driver, code: int) -> None:
    driver.act("text", text="你好")
    driver.fault("api_errcode", code=code, count=1)

    assert [driver.say(), driver.say()] == [code, 0]


def test_a_fault_ends_with_its_time(driver: Driver, ticking: Ticking) -> None:
    driver.act("text", text="你好")
    driver.fault("api_errcode", code=-1, for_seconds=30)

    assert driver.say() == -1
    ticking.pass_by(seconds=31)
    assert driver.say() == 0


def test_a_fault_keeps_to_its_path(driver: Driver) -> None:
    driver.fault("api_errcode", code=-1, path="message/custom/send")

    assert driver.call("menu/get").get_json()["errcode"] == 46003
    assert driver.say() == -1


@pytest.mark.parametrize(("kind", "status"), [("api_5xx", 502), ("api_html", 200)])
def test_the_api_answers_with_a_web_page(driver: Driver, kind: str, status: int) -> None:
    driver.new_token()
    driver.fault(kind, count=1)

    broken = driver.call("menu/get")

    assert (broken.status_code, broken.mimetype) == (status, "text/html")
    assert driver.call("menu/get").get_json()["errcode"] == 46003


def test_the_api_is_slow(driver: Driver) -> None:
    driver.new_token()
    driver.fault("api_slow", seconds=0.1, count=1)
    started = time.perf_counter()

    driver.call("menu/get")

    assert time.perf_counter() - started >= 0.1


def test_an_expired_token_is_refused_until_a_new_one_is_fetched(driver: Driver) -> None:
    driver.act("text", text="你好")
    driver.new_token()
    driver.fault("token_expired", count=1)

    assert [driver.say(), driver.say()] == [42001, 42001]
    driver.new_token()
    assert driver.say() == 0


def test_a_duplicate_has_the_same_msg_id_and_one_reply(driver: Driver, stub: Stub) -> None:
    stub.answer = lambda message: text_reply(message, "好")
    driver.fault("push_duplicate", count=1)

    outcome = driver.act("text", text="你好")

    assert [message["MsgId"] for message in stub.got] == [outcome["msg_id"]] * 2
    assert [bubble["text"] for bubble in driver.chat()] == ["你好", "好"]


def test_two_messages_arrive_swapped(driver: Driver, stub: Stub) -> None:
    driver.fault("push_out_of_order", count=1)
    first = threading.Thread(target=driver.act, args=("text",), kwargs={"text": "一"})
    first.start()
    while not driver.chat():
        time.sleep(0.01)

    driver.act("text", text="二")
    first.join()

    assert [message["Content"] for message in stub.got] == ["二", "一"]
    assert [bubble["text"] for bubble in driver.chat()] == ["一", "二"]


def test_on_a_slow_network_the_platform_hangs_up(driver: Driver, stub: Stub) -> None:
    stub.answer = lambda message: text_reply(message, "好")
    driver.fault("push_slow", seconds=5, count=1)

    outcome = driver.act("text", text="你好")

    assert (outcome["tries"], outcome["reply_text"]) == (2, "好")


@pytest.mark.parametrize("kind", ["push_plaintext", "push_compat"])
def test_the_other_modes_show_the_text_in_the_body(driver: Driver, stub: Stub, kind: str) -> None:
    driver.fault(kind, count=1)

    driver.act("text", text="你好")

    assert "你好" in stub.raw[0]
    assert ("encrypt_type" in stub.queries[0]) is (kind == "push_compat")


def test_bad_signature_old_stamp_and_odd_bodies_can_be_tried(driver: Driver, stub: Stub) -> None:
    for kind in ("push_bad_signature", "push_stale", "push_control_chars", "push_doctype"):
        driver.fault(kind, count=1)

    outcome = driver.act("text", text="你好")

    assert outcome["failed"] is True
    assert int(stub.queries[0]["timestamp"]) == 1772416800 - 3600


def test_faults_are_listed_and_switched_off(driver: Driver) -> None:
    driver.fault("api_html")
    driver.fault("api_5xx")
    driver.client.delete("/sim/faults/api_html")

    assert [fault["kind"] for fault in driver.look("faults")["on"]] == ["api_5xx"]
    driver.client.delete("/sim/faults")
    assert driver.look("faults")["on"] == []
