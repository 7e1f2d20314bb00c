"""Public holidays, as announced and as the law alone has them."""

from datetime import date

import pytest

from bot.workdays.holidays import announced, statutory


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_laws_days_are_among_the_announced(year: int) -> None:
    known = announced(year)

    assert known is not None
    assert len(statutory(year)) == 13
    assert {day for day, (works, _) in known.items() if not works} >= set(statutory(year))


def test_the_days_of_a_year_that_is_not_announced() -> None:
    assert announced(2030) is None
    assert {str(day)[5:]: name for day, name in statutory(2027).items()} == {
        "01-01": "元旦",
        "02-05": "春节",
        "02-06": "春节",
        "02-07": "春节",
        "02-08": "春节",
        "04-05": "清明",
        "05-01": "劳动节",
        "05-02": "劳动节",
        "06-09": "端午",
        "09-15": "中秋",
        "10-01": "国庆节",
        "10-02": "国庆节",
        "10-03": "国庆节",
    }


def test_2026_as_the_state_council_announced_it() -> None:
    known = announced(2026) or {}

    off = [day for day, (works, _) in known.items() if not works]
    assert [str(day) for day, (works, _) in sorted(known.items()) if works] == [
        "2026-01-04",
        "2026-02-14",
        "2026-02-28",
        "2026-05-09",
        "2026-09-20",
        "2026-10-10",
    ]
    assert len(off) == 33
    assert {date(2026, 10, day) for day in range(1, 8)} <= set(off)


def test_a_year_beyond_the_lunar_table_has_its_fixed_days() -> None:
    assert len(statutory(2050)) == 7
