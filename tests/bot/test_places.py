"""Places for turns: so many at once, few of one resident, some kept for danger."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from bot.places import RESERVED, Places, processes_for, running_in


def taken(places: Places, stack: ExitStack, openid: str, *, in_danger: bool = False) -> bool:
    return stack.enter_context(places.taken(openid, in_danger=in_danger))


def until_waiting(places: Places, number: int) -> None:
    end = time.monotonic() + 60
    while places.waiting != number:
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.001)


def test_no_more_turns_than_places_and_danger_has_some_of_its_own() -> None:
    places = Places(2)

    with ExitStack() as held:
        calm = [taken(places, held, f"o-{number}") for number in range(3)]
        danger = [taken(places, held, f"o-d{n}", in_danger=True) for n in range(RESERVED + 1)]

    assert calm == [True, True, False]
    assert danger == [True] * RESERVED + [False]


def test_whoever_floods_leaves_places_to_others() -> None:
    places = Places(4, each=2)

    with ExitStack() as held:
        flood = [taken(places, held, "o-flood") for _ in range(3)]
        other = taken(places, held, "o-other")

    assert (flood, other) == ([True, True, False], True)


def test_a_place_is_free_again_afterwards() -> None:
    places = Places(1, each=1)

    for _ in range(3):
        with places.taken("o-li", in_danger=False) as placed:
            assert placed


def test_few_run_at_once_the_rest_in_their_order_and_danger_at_once() -> None:
    places = Places(running=1)
    ran: list[str] = []

    def turn(name: str) -> None:
        with places.run(within=60, in_danger=False) as runs:
            ran.append(name if runs else "in vain")

    with ThreadPoolExecutor(2) as pool, places.run(within=0, in_danger=False):
        for number, name in enumerate(["second", "third"], start=1):
            pool.submit(turn, name)
            until_waiting(places, number)
        with places.run(within=0, in_danger=True) as danger:
            assert danger
        assert ran == []

    assert ran == ["second", "third"]


def test_whose_turn_does_not_come_in_time_is_told_so_and_holds_up_nobody() -> None:
    places = Places(running=1)

    with places.run(within=0, in_danger=False):
        with places.run(within=0.01, in_danger=False) as late:
            assert not late
        assert not places.crowded
    with places.run(within=0, in_danger=False) as next_one:
        assert next_one


def test_it_is_crowded_where_more_wait_than_run() -> None:
    places = Places(running=1)

    def turn() -> None:
        with places.run(within=60, in_danger=False):
            pass

    with ThreadPoolExecutor(2) as pool, places.run(within=0, in_danger=False):
        pool.submit(turn)
        until_waiting(places, 1)
        seen = [places.crowded]
        pool.submit(turn)
        until_waiting(places, 2)
        seen.append(places.crowded)
    assert [*seen, places.crowded] == [False, True, False]


@pytest.mark.parametrize(
    ("wanted", "processors", "pages", "there_are"),
    [(0, 1, 10**6, 1), (0, 2, 10**6, 2), (0, 64, 10**6, 2), (5, 1, 10**6, 5), (0, 2, 250_000, 1)],
)
def test_the_machine_says_how_many_there_are_of_the_web(
    monkeypatch: pytest.MonkeyPatch, wanted: int, processors: int, pages: int, there_are: int
) -> None:
    numbers = {"SC_PHYS_PAGES": pages, "SC_PAGE_SIZE": 4096}
    monkeypatch.setattr("os.sysconf", numbers.__getitem__)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(processors)))

    assert processes_for(wanted) == there_are


def test_processes_share_what_runs_at_once_on_a_machine() -> None:
    assert [running_in(processes) for processes in (1, 2, 4, 16)] == [8, 4, 2, 2]
