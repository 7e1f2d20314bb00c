"""Numbers as people say them."""

import pytest

from nlu.entities.numerals import number


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("三万五", 35_000),
        ("一千三", 1_300),
        ("一千零三", 1_003),
        ("三千二百五", 3_250),
        ("十五万八", 158_000),
        ("两百", 200),
        ("3万5千", 35_000),
        ("1.2万", 12_000),
        ("七八", None),
        ("八十五", 85),
    ],
)
def test_a_number_is_read_as_it_was_meant(said: str, meant: float | None) -> None:
    assert number(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("3千5", 3_500),
        ("2w8", 28_000),
        ("3万五", 35_000),
        ("十万", 100_000),
        ("5k", 5_000),
        ("", None),
    ],
)
def test_digits_and_signs_mix(said: str, meant: float | None) -> None:
    assert number(said) == meant
