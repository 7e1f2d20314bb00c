"""How many messages the service may send, and when the platform refuses."""

import pytest

from tests.handlers.simulator.conftest import Driver, Ticking


def test_a_message_opens_five_and_the_sixth_is_too_many(driver: Driver) -> None:
    driver.act("text", text="你好")

    assert [driver.say() for _ in range(6)] == [0, 0, 0, 0, 0, 45047]


def test_a_new_message_sets_five_and_never_adds(driver: Driver) -> None:
    driver.act("text", text="你好")
    driver.say()
    driver.act("text", text="还在吗")

    assert driver.look(f"residents/{driver.openid}/quota")["left"] == 5


def test_after_two_days_it_is_out_of_time(driver: Driver) -> None:
    driver.act("text", text="你好")
    driver.sim("clock", hours=49)

    assert driver.say() == 45015


def test_before_any_message_nothing_may_be_sent(driver: Driver) -> None:
    assert driver.say() == 45015


@pytest.mark.parametrize(
    ("what", "fields"),
    [
        ("click", {"key": "human"}),
        ("scan", {"scene": "village-7"}),
        ("follow", {}),
        ("text", {"text": "孩子上学", "menu_id": "1"}),
    ],
)
def test_an_action_opens_three_for_a_minute(
    driver: Driver, what: str, fields: dict[str, object]
) -> None:
    driver.act(what, **fields)

    assert [driver.say() for _ in range(4)] == [0, 0, 0, 45047]
    driver.sim("clock", seconds=61)
    assert driver.say() == 45015


def test_a_tap_does_not_lengthen_the_two_days(driver: Driver) -> None:
    driver.act("text", text="你好")
    driver.sim("clock", hours=47)
    driver.act("text", text="是", menu_id="1")
    driver.sim("clock", hours=2)

    assert driver.say() == 45015


def test_a_passive_reply_costs_nothing(driver: Driver) -> None:
    driver.act("text", text="你好")

    assert driver.look(f"residents/{driver.openid}/quota")["left"] == 5


def test_who_left_gets_nothing(driver: Driver) -> None:
    driver.act("text", text="你好")
    driver.act("unfollow")

    assert driver.say() == 45015


def test_the_moved_clock_does_not_move_the_push(driver: Driver, ticking: Ticking) -> None:
    driver.sim("clock", hours=49)

    outcome = driver.act("text", text="你好")

    raw = driver.look(f"exchanges/{outcome['exchange']}")
    real = str(int(ticking().timestamp()))
    assert f"<CreateTime>{real}</CreateTime>" in raw["xml"]
    assert f"timestamp={real}" in raw["attempts"][0]["url"]
    assert driver.chat()[0]["at"].startswith("2026-03-04T03:00")


def test_the_clock_goes_back_to_real_time(driver: Driver) -> None:
    driver.sim("clock", minutes=6)

    assert driver.sim("clock", reset=True)["offset"] == 0
