"""Facts are compared as texts without blanks and as numbers by value."""

import pytest

from bot.evaluation.entities import comparable, find_rates


def test_writing_and_blanks_do_not_matter() -> None:
    wanted = comparable({"place": ["官渡 区"], "amount": ["３千"], "age": 72, "quantity": "五亩"})
    got = comparable({"place": ["官渡区"], "amount": ["3千"], "age": 72.0, "quantity": ["五亩"]})

    assert wanted == got


def test_kinds_that_are_not_judged_do_not_matter() -> None:
    assert comparable({"phone": "13888812345", "id_number": True, "age": None}) == {}


@pytest.mark.parametrize(
    ("entities", "problem"),
    [
        ({"place": [3]}, "entities.place must be a list of texts"),
        ({"date": [" "]}, "entities.date must be a list of texts"),
        ({"age": "72"}, "entities.age must be a number"),
        ({"people_count": True}, "entities.people_count must be a number"),
        ({"amount_yuan": float("nan")}, "entities.amount_yuan must be a number"),
    ],
)
def test_another_form_is_refused(entities: dict[str, object], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        comparable(entities)


def test_each_kind_and_all_of_them_are_counted() -> None:
    pairs = [
        (comparable({"place": ["官渡", "昆明"]}), comparable({"place": ["官渡"], "age": 5})),
        (comparable({"age": 5}), comparable({"age": 6, "place": ["大理"]})),
        (comparable({}), comparable({"date": ["明天"]})),
    ]

    found = find_rates(pairs)

    assert list(found) == ["place", "age", "micro"]  # nobody labelled dates
    assert (found["place"].precision.rate, found["place"].recall.rate) == (0.5, 0.5)
    assert (found["age"].precision.hits, found["age"].precision.of) == (0, 2)
    # 1 hit of 4 found and 3 wanted
    assert found["micro"].precision.rate == 0.25
    assert found["micro"].recall.rate == pytest.approx(1 / 3)
    assert found["micro"].f1 == pytest.approx(2 / 7)


def test_without_labels_there_is_nothing_to_judge() -> None:
    assert find_rates([(comparable({}), comparable({"age": 3}))]) == {}
