"""Working hours and promises."""

from datetime import datetime

import pytest

from bot.settings import Settings
from bot.tickets import hours
from bot.tickets.clocks.timing import promised
from bot.tickets.hours import Office
from bot.tickets.tables import Level
from bot.workdays.calendar import Calendar

# 2026-03-02 is a Monday.


@pytest.fixture
def office(settings: Settings) -> Office:
    """The office of config.yaml on China's calendar, with no days of its own."""
    return Office(Calendar(frozenset(settings.tickets.workdays), {}, {}), settings)


def at(text: str, settings: Settings) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=settings.zone)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        pytest.param("03-02 10:00", "03-03 17:30", id="monday"),
        pytest.param("03-02 03:00", "03-03 17:30", id="before dawn"),
        pytest.param("03-06 16:00", "03-09 17:30", id="friday"),
        pytest.param("03-07 12:00", "03-09 17:30", id="saturday"),
        pytest.param("09-30 16:00", "10-08 17:30", id="the evening before National Day"),
        pytest.param("10-03 12:00", "10-08 17:30", id="in National Day's week"),
        pytest.param("10-09 12:00", "10-10 17:30", id="a Saturday that is worked"),
        pytest.param("02-13 12:00", "02-14 17:30", id="a Saturday before Spring Festival"),
        pytest.param("02-14 12:00", "02-24 17:30", id="Spring Festival"),
        pytest.param("04-03 12:00", "04-07 17:30", id="Qingming on a Sunday, made up on Monday"),
    ],
)
def test_an_ordinary_matter_has_until_the_end_of_the_next_working_day(
    now: str, due: str, settings: Settings, office: Office
) -> None:
    found = promised(at(now, settings), level=Level.ORDINARY, office=office)

    assert found == at(due, settings)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        pytest.param("03-02 10:00", "03-02 12:00", id="at work"),
        pytest.param("03-02 10:03", "03-02 12:10", id="rounded to what people remember"),
        pytest.param("03-02 17:00", "03-03 10:00", id="just before closing"),
        pytest.param("03-02 22:00", "03-03 10:30", id="at night"),
        pytest.param("03-06 20:00", "03-09 10:30", id="friday evening"),
        pytest.param("10-03 12:00", "10-08 10:30", id="in National Day's week"),
        pytest.param("09-30 16:30", "10-08 09:30", id="over National Day's week"),
        pytest.param("09-20 10:00", "09-20 12:00", id="a Sunday that is worked"),
        pytest.param("09-19 10:00", "09-20 10:30", id="the Saturday before it"),
    ],
)
def test_an_urgent_matter_has_two_hours_of_working_time(
    now: str, due: str, settings: Settings, office: Office
) -> None:
    found = promised(at(now, settings), level=Level.URGENT, office=office)

    assert found == at(due, settings)


def test_a_crisis_is_answered_within_minutes_at_any_hour(
    settings: Settings, office: Office
) -> None:
    night = at("03-07 03:00", settings)

    found = promised(night, level=Level.CRISIS, office=office)

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
        ("10-01 10:00", False, "10月8日早上8点半"),
        ("10-07 20:00", False, "明早8点半"),
        ("09-20 10:00", True, "明早8点半"),
        ("09-19 10:00", False, "明早8点半"),
        ("09-25 10:00", False, "9月28日早上8点半"),
    ],
)
def test_knows_when_people_are_at_work(
    now: str, *, is_open: bool, opens: str, settings: Settings, office: Office
) -> None:
    moment = at(now, settings)

    assert hours.is_open(moment, office=office) is is_open
    assert hours.opens(moment, office=office) == opens
