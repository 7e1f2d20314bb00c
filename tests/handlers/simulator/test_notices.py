"""Template and subscription messages, which need no open window."""

import json

from tests.handlers.simulator.conftest import Driver
from tests.handlers.simulator.stub import Stub

DATA = {"thing1": {"value": "您有一条新答复"}, "time2": {"value": "2026-03-02 10:00"}}


def notify(driver: Driver, kind: str = "template/send", **fields: object) -> int:
    body = {"touser": driver.openid, "template_id": "t1", "data": DATA, **fields}
    answer = driver.call(f"message/{kind}", json.dumps(body, ensure_ascii=False)).get_json()
    return int(answer["errcode"])


def test_a_template_message_needs_no_window(driver: Driver) -> None:
    assert notify(driver) == 0

    card = driver.chat()[-1]
    assert card["kind"] == "notice"
    assert card["details"]["rows"][0] == {"label": "事项", "value": "您有一条新答复"}


def test_its_end_is_told_to_the_callback(driver: Driver, stub: Stub) -> None:
    notify(driver)

    driver.wait_for(lambda: bool(stub.got))
    assert (stub.got[0]["Event"], stub.got[0]["Status"]) == ("TEMPLATESENDJOBFINISH", "success")


def test_one_client_msg_id_sends_once_in_ten_minutes(driver: Driver) -> None:
    assert [notify(driver, client_msg_id="7") for _ in range(2)] == [0, 0]
    assert len(driver.chat()) == 1

    driver.sim("clock", minutes=11)
    notify(driver, client_msg_id="7")

    assert len(driver.chat()) == 2


def test_who_left_gets_no_notice(driver: Driver) -> None:
    driver.act("unfollow")

    assert notify(driver) == 43004


def test_a_long_field_is_refused(driver: Driver) -> None:
    assert notify(driver, data={"thing1": {"value": "字" * 21}}) == 47003


def test_a_subscription_message_needs_a_consent_each(driver: Driver) -> None:
    assert notify(driver, "subscribe/bizsend") == 43101

    driver.act("consent", template_id="t1")

    assert notify(driver, "subscribe/bizsend") == 0
    assert notify(driver, "subscribe/bizsend") == 43101


def test_a_refusal_gives_no_consent(driver: Driver, stub: Stub) -> None:
    driver.act("consent", template_id="t1", accept=False)

    assert notify(driver, "subscribe/bizsend") == 43101
    assert "reject" in str(stub.got[0]["SubscribeMsgPopupEvent"])
