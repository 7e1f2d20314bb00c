"""The figures by which a classifier is judged."""

import pytest

from nlu.training.scores import Tally


def ranking(*names: str, confidence: float = 1.0) -> list[dict[str, object]]:
    return [{"name": name, "confidence": confidence} for name in names]


def test_figures_of_three_answers() -> None:
    tally = Tally()
    tally.add("crisis", ranking("crisis", "dispute"))
    tally.add("crisis", ranking("dispute", "crisis"))
    tally.add("dispute", ranking("dispute", "crisis"))

    assert tally.accuracy() == pytest.approx(2 / 3)
    assert tally.accuracy(within=2) == 1
    assert tally.recall("crisis") == 0.5
    assert tally.macro_f1() == pytest.approx(2 / 3)
    assert tally.confusions() == [("crisis", "dispute")]


def test_confidence_that_keeps_its_word_has_no_error() -> None:
    tally = Tally()
    tally.add("a", ranking("a", confidence=0.5))
    tally.add("a", ranking("b", confidence=0.5))

    assert tally.calibration_error() == 0
