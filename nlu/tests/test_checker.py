"""What the linter finds in the examples."""

import pytest

from nlu.training.checker import main, near_copies, thin_cells, unknown_labels
from nlu.training.examples import Labelled


def test_the_examples_of_this_project_are_clean(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "no contradictions" in capsys.readouterr().out


def test_the_same_words_under_two_labels_contradict() -> None:
    one = Labelled("老板拖欠我工资三个月", "dispute", "wages")
    two = Labelled("老板拖欠我工资3个月", "dispute", "debt")
    three = Labelled("老板拖欠我工资三个月了", "help_request", "wages")

    found = list(near_copies([one, two, three]))

    assert [line for line in found if line.startswith("dispute/wages against help_request")]


def test_a_greeting_has_no_topic() -> None:
    wrong = Labelled("你好", "greeting", "wages")

    assert list(unknown_labels([wrong], {"greeting"}, {"wages", "none"}))


def test_a_cell_without_examples_is_thin() -> None:
    assert list(thin_cells([], {"dispute"}, {"wages", "none"}, least=1)) == ["dispute/wages: 0"]
