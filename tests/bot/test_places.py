"""Places for turns: so many at once, few of one resident, some kept for danger."""

from contextlib import ExitStack

from bot.places import RESERVED, Places


def taken(places: Places, stack: ExitStack, openid: str, *, in_danger: bool = False) -> bool:
    return stack.enter_context(places.taken(openid, in_danger=in_danger))


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
