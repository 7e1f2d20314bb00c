from typing import Any

import pytest

from tests.bench.builders import measured
from tests.bench.page import as_page, half_interval
from tests.bench.table import as_markdown


def test_the_page_tells_machine_day_and_how_to_repeat_it() -> None:
    told = as_page(measured())

    for part in ("A <processor> & more, 2 cores", "2026-01-02", "make bench", "load 0.25"):
        assert part in told
    assert as_markdown(measured()) in told


def test_the_page_tells_the_epochs_and_the_curve_of_the_loss() -> None:
    assert "3 epochs" in as_page(measured())
    assert "4.00 (1), 2.00 (2), 1.00 (3)" in as_page(measured())


@pytest.mark.parametrize(
    ("losses", "falls"), [([4.0, 3.0, 2.0], True), ([4.0, 2.0, 1.99], False), ([4.0], False)]
)
def test_a_loss_that_still_falls_is_told(losses: list[float], *, falls: bool) -> None:
    figures: dict[str, Any] = measured()
    figures["intents"]["rasa"]["losses"] = losses

    assert ("still falling" in as_page(figures)) == falls


def test_without_a_curve_the_page_has_none() -> None:
    figures: dict[str, Any] = measured()
    figures["intents"]["rasa"]["losses"] = []

    assert "Its loss" not in as_page(figures)


@pytest.mark.parametrize(
    ("share", "of", "points"), [(0.5, 400, 4.9), (0.8, 469, 3.6), (1.0, 9, 0), (0.0, 0, 0)]
)
def test_the_interval_of_a_share(share: float, of: int, points: float) -> None:
    assert half_interval(share, of) == pytest.approx(points, abs=0.05)
