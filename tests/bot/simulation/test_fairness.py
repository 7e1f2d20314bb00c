"""The spread is of those who can be compared: absence is neither merit nor debt."""

import pytest

from bot.simulation.fairness import Worker, comparable, spread


def test_who_was_away_on_the_busiest_day_is_no_less_busy() -> None:
    daily, there = {1: [2.0, 16.0], 2: [2.0, 0.0]}, {1: [1.0, 1.0], 2: [1.0, 0.0]}

    assert comparable({1: 0, 2: 0}, daily, there) == {1: 18.0, 2: 18.0}


def test_who_was_there_and_took_less_is_seen() -> None:
    daily, there = {1: [2.0, 16.0], 2: [2.0, 4.0]}, {1: [1.0, 1.0], 2: [1.0, 1.0]}

    assert comparable({1: 0, 2: 0}, daily, there) == {1: 18.0, 2: 6.0}


@pytest.mark.parametrize(("loads", "told"), [((10, 10, 10), 1.0), ((10, 10, 30), 3.0)])
def test_the_busiest_is_compared_with_the_median_of_its_own_group(
    loads: tuple[int, ...], told: float
) -> None:
    others = [Worker("别组", 1, 0, 0, 3, load) for load in (90, 90)]
    people = [Worker("本组", 0, 0, 0, 3, load) for load in loads]

    assert spread([*people, *others]) == told
