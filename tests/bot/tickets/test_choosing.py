"""One rule after the other, on people made for it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.people.tables import Role
from bot.tickets.candidates import Candidate, Load, shares
from bot.tickets.choosing import choose
from bot.tickets.rules import Rules, Steer, To, When, load_rules
from bot.tickets.tables import Level
from bot.tickets.wanted import Pick, Wanted
from tests.conftest import NOW

VILLAGE, TOWN, GUANDU, KUNMING = "530111001203", "530111001", "530111", "530100"
ORDINARY = Wanted("法律援助", GUANDU, Level.ORDINARY, NOW)
CRISIS = replace(ORDINARY, level=Level.CRISIS)


def out(found: Pick) -> dict[int, str]:
    """By which rule each person was left out."""
    return {it["staff"]: it["out"] for it in found.basis["considered"] if it["out"]}


def test_a_confidential_matter_goes_only_to_who_is_cleared() -> None:
    people = [Candidate(1), Candidate(2, lanes=["minor"], load=Load(9, 9, (9,)))]

    found = choose(people, replace(ORDINARY, lane="minor"))

    assert found.staff_id == 2
    assert out(found) == {1: "lane"}


def test_a_confidential_matter_nobody_is_cleared_for_goes_to_the_supervisor() -> None:
    people = [Candidate(1), Candidate(2, role=Role.SUPERVISOR)]

    assert choose(people, replace(ORDINARY, lane="violence")).staff_id == 2
    assert choose(people[:1], replace(ORDINARY, lane="violence")).staff_id is None


def test_a_child_in_danger_goes_to_anybody_rather_than_to_nobody() -> None:
    assert choose([Candidate(1)], replace(CRISIS, lane="minor")).staff_id == 1
    assert choose([Candidate(1)], replace(CRISIS, lane="sealed")).staff_id is None


def test_residents_of_an_organisation_go_to_its_people_and_never_to_anothers() -> None:
    ours, theirs, centre = (
        Candidate(1, organisation_id=7, load=Load(5, 5, (5,))),
        Candidate(2, organisation_id=8),
        Candidate(3),
    )
    wanted = replace(ORDINARY, organisation_id=7)

    assert choose([ours, theirs, centre], wanted).staff_id == 1
    assert choose([theirs, centre], wanted).staff_id == 3
    assert choose([theirs], wanted).staff_id is None


@pytest.mark.parametrize("area", [VILLAGE, TOWN])
def test_who_serves_the_village_comes_before_who_serves_the_county(area: str) -> None:
    county = Candidate(1, area_codes=[GUANDU])
    near = Candidate(2, area_codes=[KUNMING, area], load=Load(1, 1, (1,)))
    elsewhere = Candidate(3, area_codes=["530111002"])

    found = choose([county, near, elsewhere], replace(ORDINARY, area_code=VILLAGE))

    assert found.staff_id == 2
    assert out(found) == {1: "local", 3: "area"}


def test_a_specialist_is_preferred_until_they_drown() -> None:
    lawyer = Candidate(1, services=["法律援助"], capacity=10, load=Load(6, 6, (6,)))
    general = Candidate(2)

    assert choose([lawyer, general], ORDINARY).staff_id == 1
    drowning = replace(lawyer, load=Load(7, 7, (7,)))
    assert choose([drowning, general], ORDINARY).staff_id == 2
    assert choose([drowning], ORDINARY).staff_id == 1


def test_nobody_gets_more_than_they_can_carry_but_in_a_crisis() -> None:
    full = Candidate(1, capacity=4, load=Load(2, 4, (4,)))

    found = choose([full], ORDINARY)

    assert found.staff_id is None
    assert found.reason == "法律援助·官渡区，合适的人手上都到上限了，等督导分派"
    assert choose([full], CRISIS).staff_id == 1


def test_a_heavy_matter_needs_more_room_than_a_light_one() -> None:
    nearly_full = Candidate(1, capacity=4, load=Load(3, 3, (3,)))

    assert choose([nearly_full], ORDINARY).staff_id == 1
    assert choose([nearly_full], replace(ORDINARY, level=Level.DISPUTE)).staff_id is None


def test_whose_turn_it_is_gets_new_work_first() -> None:
    assert choose([Candidate(1), Candidate(2, desk=True)], ORDINARY).staff_id == 2


def test_a_crisis_goes_to_the_first_of_the_crisis_roster_though_off_duty() -> None:
    people = [
        Candidate(1),
        Candidate(2, on_duty=False, crisis_rung=2),
        Candidate(3, on_duty=False, crisis_rung=1),
    ]

    assert choose(people, CRISIS).staff_id == 3
    assert choose(people, ORDINARY).staff_id == 1


def lately(*daily: int) -> Load:
    """Somebody with nothing in hand who got so much on each day, today's first."""
    return Load(daily=daily)


def test_who_comes_back_neither_owes_nor_is_owed_what_came_meanwhile() -> None:
    always = Candidate(1, load=lately(2, 20, 20))
    back = Candidate(2, there=(1, 0, 0), load=lately(1, 0, 0))

    assert choose([always, back], ORDINARY).staff_id == 2
    again = replace(back, load=lately(3, 0, 0))
    assert choose([always, again], ORDINARY).staff_id == 1


def test_half_a_day_counts_half() -> None:
    always = Candidate(1, load=lately(6))
    half = Candidate(2, there=(0.5,), load=lately(3))

    # Nine on one and a half days: six a day, so half a day is worth three.
    assert shares([always, half]) == {1: 6.0, 2: 6.0}


def test_a_day_on_which_nobody_was_there_counts_for_nobody() -> None:
    people = [Candidate(number, there=(1, 0), load=lately(number, 0)) for number in (1, 2)]

    assert shares(people) == {1: 1.0, 2: 2.0}


def test_of_equal_shares_it_goes_to_the_least_in_hand_then_to_who_waited_longest() -> None:
    first = Candidate(1, load=Load(2, 2, (5,), NOW))
    second = Candidate(2, load=Load(1, 1, (5,), NOW))
    third = Candidate(3, load=Load(1, 1, (5,), NOW - timedelta(hours=1)))

    assert choose([first, second, third], ORDINARY).staff_id == 3


def with_steer(**more: object) -> Rules:
    steer = Steer(
        id="guandu-wages",
        says="官渡区的法律援助先给官渡站",
        when=When(services=("法律援助",), areas=(GUANDU,)),
        to=To(teams=("官渡站",)),
        **more,
    )
    return load_rules().model_copy(update={"steer": (steer,)})


def test_an_arrangement_of_the_organisation_is_kept_and_told() -> None:
    people = [Candidate(1), Candidate(2, team="官渡站", load=Load(3, 3, (3,)))]
    elsewhere = replace(ORDINARY, area_code="530102")

    found = choose(people, ORDINARY, with_steer())

    assert found.staff_id == 2
    assert "官渡区的法律援助先给官渡站" in found.reason
    assert choose(people, elsewhere, with_steer()).staff_id == 1
    assert choose(people[:1], ORDINARY, with_steer()).staff_id == 1
    assert choose(people[:1], ORDINARY, with_steer(only=True)).staff_id is None


def test_the_reason_names_the_rules_that_decided() -> None:
    people = [
        Candidate(1, services=["法律援助"], load=Load(2, 2, (2,))),
        Candidate(2, services=["法律援助"], load=Load(1, 1, (3,))),
        Candidate(3),
        Candidate(4, services=["教育"]),
    ]

    found = choose(people, ORDINARY)

    assert found.reason == (
        "法律援助·官渡区，专管这个领域的人优先，2人合适，近14天分到最少（手上2件）"
    )
    assert out(found) == {3: "specialist", 4: "service"}
