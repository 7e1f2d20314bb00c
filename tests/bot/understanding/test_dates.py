"""Which days are meant depends on the day of writing."""

import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import ROOT
from bot.understanding.dates import interval

NOW = datetime.fromisoformat("2026-07-15T10:00+08:00")
MARKED = ROOT / "nlu" / "tests" / "entities.jsonl"


def dates() -> list[dict[str, Any]]:
    messages = [json.loads(line) for line in MARKED.read_text("utf-8").splitlines()]
    entities = (entity for message in messages for entity in message["entities"])
    return [entity for entity in entities if entity["entity"] == "date" and "value" in entity]


@pytest.mark.parametrize("date", dates(), ids=lambda date: date["text"])
def test_dates_of_marked_messages_are_those_that_were_meant(date: dict[str, Any]) -> None:
    assert interval(date["text"], NOW) == date["value"]


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("昨晚八点半", "2026-07-14T20:30"),
        ("今晚12点", "2026-07-15"),
        ("上上周五", "2026-07-03"),
        ("今年上半年", "2026-01-01/2026-06-30"),
        ("两三年前", "2024-01-01/2024-12-31"),
        ("正月初五", "2026-02-21"),
        ("八月十五", "2026-09-25"),
        ("25号", "2026-07-25"),
        ("周五到周日", "2026-07-17/2026-07-19"),
        ("12月到2月", "2026-12-01/2027-02-28"),
        ("七五年六月", "1975-06-01/1975-06-30"),
        ("2026-02-30", ""),
        ("下个月32号", ""),
        ("几年前", ""),
        ("有一天", ""),
        ("", ""),
    ],
)
def test_days_are_read_from_the_day_of_writing(said: str, days: str) -> None:
    assert interval(said, NOW) == days


@pytest.mark.parametrize(
    ("now", "days"),
    [
        ("2026-01-03T08:00+08:00", "2025-12-01/2025-12-31"),
        ("2026-03-31T08:00+08:00", "2026-02-01/2026-02-28"),
        ("2028-03-01T08:00+08:00", "2028-02-01/2028-02-29"),
    ],
)
def test_last_month_is_that_of_the_message(now: str, days: str) -> None:
    assert interval("上个月", datetime.fromisoformat(now)) == days


def test_a_month_without_its_year_is_rather_past_than_far_ahead() -> None:
    spring = datetime.fromisoformat("2026-02-10T08:00+08:00")

    assert interval("十一月", spring) == "2025-11-01/2025-11-30"
    assert interval("三月", spring) == "2026-03-01/2026-03-31"


@given(
    st.text(
        alphabet="0123456789一二三十百万亿半两年月日号天周前后上下大初腊正底点到至-/个去明今晚 "
    ),
    st.datetimes(),
)
def test_any_mixture_is_read_or_left_alone(said: str, now: datetime) -> None:
    assert isinstance(interval(said, now), str)
