"""Working hours and promises."""

from datetime import datetime

import pytest

from bot.contracts import Urgency
from bot.settings import Settings
from bot.tickets import hours

# 2026-03-02 is a Monday.


def at(text: str, settings: Settings) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=settings.zone)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        pytest.param("03-02 10:00", "03-03 17:30", id="monday"),
        pytest.param("03-02 03:00", "03-03 17:30", id="before dawn"),
        pytest.param("03-06 16:00", "03-09 17:30", id="friday"),
        pytest.param("03-07 12:00", "03-09 17:30", id="saturday"),
    ],
)
def test_an_ordinary_matter_has_until_the_end_of_the_next_working_day(
    now: str, due: str, settings: Settings
) -> None:
    found = hours.due(at(now, settings), urgency=Urgency.NORMAL, settings=settings)

    assert found == at(due, settings)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        pytest.param("03-02 10:00", "03-02 12:00", id="at work"),
        pytest.param("03-02 10:03", "03-02 12:10", id="rounded to what people remember"),
        pytest.param("03-02 17:00", "03-03 10:00", id="just before closing"),
        pytest.param("03-02 22:00", "03-03 10:30", id="at night"),
        pytest.param("03-06 20:00", "03-09 10:30", id="friday evening"),
    ],
)
def test_an_urgent_matter_has_two_hours_of_working_time(
    now: str, due: str, settings: Settings
) -> None:
    found = hours.due(at(now, settings), urgency=Urgency.URGENT, settings=settings)

    assert found == at(due, settings)


def test_a_crisis_is_answered_within_minutes_at_any_hour(settings: Settings) -> None:
    night = at("03-07 03:00", settings)

    found = hours.due(night, urgency=Urgency.CRISIS, settings=settings)

    assert found == at("03-07 03:15", settings)


@pytest.mark.parametrize(
    ("due", "said"),
    [
        ("03-02 17:30", "今天下午5点半"),
        ("03-03 17:00", "明天下午5点"),
        ("03-03 10:20", "明天上午10点20分"),
        ("03-02 12:10", "今天中午12点10分"),
        ("03-05 08:30", "3月5日早上8点半"),
        ("03-03 00:05", "明天凌晨0点05分"),
        ("03-02 20:00", "今天晚上8点"),
    ],
)
def test_a_promise_is_said_as_people_say_it(due: str, said: str, settings: Settings) -> None:
    now = at("03-02 10:00", settings)

    assert hours.promise(at(due, settings), now, settings=settings) == said


@pytest.mark.parametrize(
    ("now", "is_open", "opens"),
    [
        ("03-02 08:29", False, "今早8点半"),
        ("03-02 08:30", True, "明早8点半"),
        ("03-02 17:30", False, "明早8点半"),
        ("03-06 18:00", False, "3月9日早上8点半"),
        ("03-08 12:00", False, "明早8点半"),
    ],
)
def test_knows_when_people_are_at_work(
    now: str, *, is_open: bool, opens: str, settings: Settings
) -> None:
    moment = at(now, settings)

    assert hours.is_open(moment, settings=settings) is is_open
    assert hours.opens(moment, settings=settings) == opens
