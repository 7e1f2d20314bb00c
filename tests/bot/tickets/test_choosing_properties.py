"""Whatever people there are and whatever is wanted: nobody gets what they must not have."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.people.areas import within
from bot.people.tables import Role
from bot.tickets.candidates import Candidate, Load
from bot.tickets.choosing import choose
from bot.tickets.rules import load_rules
from bot.tickets.tables import Level
from bot.tickets.wanted import Wanted
from tests.conftest import NOW

LANES = ["", *load_rules().lanes]
SERVICES = ["法律援助", "教育", "福利救助"]
AREAS = ["530100", "530111", "530111001", "530111001203", "530300"]
LANGUAGES = ["彝语", "傣语"]
some = st.sets
loads = st.builds(
    Load,
    count=st.integers(0, 9),
    weight=st.integers(0, 35),
    daily=st.lists(st.integers(0, 9), min_size=14, max_size=14).map(tuple),
    last_assigned_at=st.integers(0, 99).map(lambda hours: NOW - timedelta(hours=hours)),
)
people = st.lists(
    st.builds(
        Candidate,
        id=st.integers(1, 50),
        role=st.sampled_from([Role.CASEWORKER, Role.CASEWORKER, Role.SUPERVISOR]),
        services=st.sets(st.sampled_from(SERVICES)).map(sorted),
        area_codes=st.sets(st.sampled_from(AREAS)).map(sorted),
        languages=st.sets(st.sampled_from(LANGUAGES)).map(sorted),
        lanes=st.sets(st.sampled_from(LANES[1:])).map(sorted),
        organisation_id=st.sampled_from([None, None, 1, 2]),
        capacity=st.integers(1, 30),
        on_duty=st.booleans(),
        desk=st.booleans(),
        crisis_rung=st.integers(0, 2),
        there=st.lists(st.floats(0, 1), min_size=14, max_size=14).map(tuple),
        load=loads,
    ),
    max_size=8,
    unique_by=lambda person: person.id,
)
matters = st.builds(
    Wanted,
    service=st.sampled_from(["", *SERVICES]),
    area_code=st.sampled_from(["", *AREAS]),
    level=st.sampled_from(list(Level)),
    now=st.just(NOW),
    exclude=st.sets(st.integers(1, 50), max_size=4),
    languages=st.sets(st.sampled_from(LANGUAGES)).map(sorted),
    lane=st.sampled_from(LANES),
    organisation_id=st.sampled_from([None, 1, 2]),
)


def cleared(person: Candidate, lane: str) -> bool:
    return not lane or lane in person.lanes or person.role == Role.SUPERVISOR


@given(people, matters)
def test_nobody_gets_what_they_must_not_have(them: list[Candidate], wanted: Wanted) -> None:
    found = choose(them, wanted)
    if found.staff_id is None:
        return
    chosen = next(person for person in them if person.id == found.staff_id)
    crisis = wanted.level == Level.CRISIS

    assert chosen.id not in wanted.exclude
    assert chosen.on_duty or (crisis and chosen.crisis_rung)
    if not cleared(chosen, wanted.lane):
        others = [
            it for it in them if it.id not in wanted.exclude and (it.on_duty or it.crisis_rung)
        ]
        assert crisis
        assert wanted.lane != "sealed"
        assert not any(cleared(person, wanted.lane) for person in others)
    if crisis:
        return
    assert chosen.load.weight + load_rules().weight(wanted.level) <= chosen.capacity
    if wanted.organisation_id is not None:
        assert chosen.organisation_id in {None, wanted.organisation_id}
    if not set(wanted.languages) & set(chosen.languages):
        assert not wanted.service or not chosen.services or wanted.service in chosen.services
        assert (
            not wanted.area_code
            or not chosen.area_codes
            or any(within(wanted.area_code, area) for area in chosen.area_codes)
        )


@given(people, matters, st.randoms())
def test_the_order_of_the_people_changes_nothing(
    them: list[Candidate], wanted: Wanted, order: object
) -> None:
    mixed = list(them)
    order.shuffle(mixed)  # type: ignore[attr-defined]

    assert choose(mixed, wanted) == choose(them, wanted)


@given(people, matters)
def test_a_crisis_finds_somebody_wherever_anybody_may_have_it(
    them: list[Candidate], wanted: Wanted
) -> None:
    wanted = replace(wanted, level=Level.CRISIS)
    there = [it for it in them if it.id not in wanted.exclude and (it.on_duty or it.crisis_rung)]
    allowed = [it for it in there if wanted.lane != "sealed" or cleared(it, wanted.lane)]

    assert (choose(them, wanted).staff_id is None) == (not allowed)


@given(people, matters)
def test_everybody_considered_is_on_record_and_who_is_chosen_was_never_left_out(
    them: list[Candidate], wanted: Wanted
) -> None:
    found = choose(them, wanted)
    out = {it["staff"]: it["out"] for it in found.basis["considered"]}

    assert out.keys() == {person.id for person in them}
    assert found.staff_id is None or out[found.staff_id] == ""
    assert found.reason
