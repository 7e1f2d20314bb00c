"""The farmers' calendar."""

from datetime import date

import pytest

from bot.understanding import lunar


@pytest.mark.parametrize(
    ("year", "new_year"),
    [
        (2020, date(2020, 1, 25)),
        (2023, date(2023, 1, 22)),
        (2025, date(2025, 1, 29)),
        (2026, date(2026, 2, 17)),
        (2027, date(2027, 2, 6)),
        (2030, date(2030, 2, 3)),
    ],
)
def test_new_year_is_the_first_day_of_the_first_month(year: int, new_year: date) -> None:
    assert lunar.day(year, 1, 1) == new_year


def test_a_leap_month_moves_what_comes_after_it() -> None:
    assert lunar.day(2025, 6, 1) == date(2025, 6, 25)
    assert lunar.day(2025, 7, 1) == date(2025, 8, 23)
    assert lunar.day(2023, 8, 15) == date(2023, 9, 29)


@pytest.mark.parametrize("year", range(lunar.FIRST, lunar.LAST))
def test_the_last_month_ends_where_the_next_year_begins(year: int) -> None:
    after = lunar.month(year + 1, 1)[0]

    assert (after - lunar.month(year, 12)[1]).days == 1


def test_a_year_that_is_not_in_the_table_is_unknown() -> None:
    with pytest.raises(KeyError):
        lunar.day(lunar.LAST + 1, 1, 1)
