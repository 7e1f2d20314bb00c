"""The few facts that are read without a model."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.entities import amount_of, read_entities


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("欠我三万五千块", {"amount": ["三万五千块"], "amount_yuan": 35000}),
        ("扣500元,还差一千二百块钱", {"amount": ["500元", "一千二百块钱"], "amount_yuan": 500}),
        ("被骗一万二", {"amount": ["一万二"], "amount_yuan": 12000}),
        ("打1380000 4412", {"phone": "13800004412"}),
        ("我们十二个人,孙子6岁", {"people_count": 12, "age": 6}),
        ("身份证53010219900101123X", {"id_number": True}),
        ("一块地", {}),
        ("", {}),
    ],
)
def test_facts_are_read(text: str, entities: dict[str, Any]) -> None:
    assert read_entities(text) == entities


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("三千二", 3200),
        ("1.2万", 12000),
        ("两千零五十", 2050),
        ("十五万", 150_000),
        ("1,500", 1500),
    ],
)
def test_numerals_become_numbers(written: str, number: float) -> None:
    assert amount_of(written) == number


def test_what_is_no_numeral_has_no_number() -> None:
    assert amount_of("很多") is None


@given(st.text(alphabet="0123456789.,零一两三十百千万亿半块元岁个人 "))
def test_any_mixture_of_numerals_can_be_read(text: str) -> None:
    read_entities(text)
