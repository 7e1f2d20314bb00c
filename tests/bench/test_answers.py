from tests.bench.answers import hits
from tests.bench.heldout import Message


def test_a_question_is_a_hit_if_any_of_its_entries_is_near_enough_the_top() -> None:
    asked = [question("a", "b"), question("c")]
    found = [["b", "x", "y"], ["x", "y", "c"]]

    assert hits(asked, found, within=1) == 0.5
    assert hits(asked, found, within=2) == 0.5
    assert hits(asked, found, within=3) == 1


def question(*gold: str) -> Message:
    return Message("怎么办", "policy_question", frozenset(gold))
