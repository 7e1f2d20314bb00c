import pytest

from tests.bench.builders import measured
from tests.bench.table import Row, against, as_markdown, as_text, cells, rows


def row(sort: str) -> Row:
    return Row("a figure", "intents", ("memory_mb",), sort)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sort", "ours", "theirs", "told"),
    [
        ("share", 0.9, 0.8, "+10.0 points"),
        ("share", 0.7, 0.8, "-10.0 points"),
        ("error", 0.05, 0.25, "+20.0 points"),
        ("more", 200.0, 50.0, "4 ×"),
        ("more", 25.0, 50.0, "0.5 ×"),
        ("less", 100.0, 250.0, "2.5 ×"),
        ("less", 3.0, 2400.0, "800 ×"),
    ],
)
def test_better_is_above_and_worse_below(sort: str, ours: float, theirs: float, told: str) -> None:
    assert against(row(sort), ours, theirs) == told


@pytest.mark.parametrize(("ours", "theirs"), [(None, 1.0), (1.0, None), (0.0, 1.0)])
def test_what_cannot_be_compared_is_left_open(ours: float | None, theirs: float | None) -> None:
    assert against(row("less"), ours, theirs) == "–"


def test_a_figure_that_a_side_does_not_have_is_left_open() -> None:
    (found,) = [r for r in rows(measured()) if r.label == "training of the answers, s"]

    assert cells(found, measured()) == [found.label, "–", "–", "60.0", "–"]


def test_the_table_says_how_many_messages_each_figure_is_of() -> None:
    told = as_text(measured())

    assert "intent accuracy, 400 messages" in told
    assert "intent accuracy, 100 long messages" in told
    assert "hit@1), 100 questions" in told


def test_the_page_has_every_line_of_the_terminal() -> None:
    figures = measured()
    lines = as_markdown(figures).splitlines()

    assert len(lines) == len(as_text(figures).splitlines()) + 1
    assert {line.count("|") for line in lines} == {6}
