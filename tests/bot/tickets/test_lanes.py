"""Which confidential lane a matter belongs into."""

import pytest
from sqlalchemy.orm import Session

from bot.people.tables import Role
from bot.tickets import lanes
from tests.builders import a_caseworker


def lane_of(text: str, *, topic: str = "none", urgency: str = "normal", **facts: object) -> str:
    return lanes.lane_of(text, facts=facts, topic=topic, urgency=urgency)


@pytest.mark.parametrize(
    ("text", "lane"),
    [
        ("我今年十五岁，厂里扣着工钱不给", "minor"),
        ("我在读初二，同学天天堵我", "minor"),
        ("隔壁家的娃娃没人管，饭都吃不上", "minor"),
        ("孩子被老师打了", "minor"),
        ("老公喝了酒又打我", "violence"),
        ("想办人身安全保护令", "violence"),
        ("我刚从监狱出来，找不到活干", "sealed"),
        ("老板欠我三个月工钱", ""),
        ("孩子要上小学，要什么材料", ""),
        ("我在昆明打工十五年了", ""),
        ("老公打电话问工钱", ""),
    ],
)
def test_words_tell_the_lane(text: str, lane: str) -> None:
    assert lane_of(text) == lane


def test_an_age_tells_a_minor_but_not_where_it_is_about_papers() -> None:
    assert lane_of("工钱不给", topic="wages", age=16) == "minor"
    assert lane_of("六岁上学要什么", topic="education", age=6) == ""
    assert lane_of("工钱不给", topic="wages", age=30) == ""


def test_the_topic_tells_the_lane() -> None:
    assert lane_of("问一下", topic="children") == "minor"
    assert lane_of("问一下", topic="domestic_violence") == "violence"


def test_the_kind_of_a_danger_tells_the_lane() -> None:
    assert lane_of("我老倌拿刀追着我砍，救命", urgency="crisis") == "violence"
    assert lane_of("有个男的把我家娃娃拖进屋里脱衣服", urgency="crisis") == "minor"


def test_only_who_is_cleared_or_supervises_may_have_it(session: Session) -> None:
    anybody = a_caseworker(session)
    special = a_caseworker(session, lanes=["minor"])
    boss = a_caseworker(session, role=Role.SUPERVISOR)

    assert lanes.cleared(anybody, "")
    assert not lanes.cleared(anybody, "minor")
    assert lanes.cleared(special, "minor")
    assert not lanes.cleared(special, "violence")
    assert lanes.cleared(boss, "violence")
