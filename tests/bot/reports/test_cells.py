"""What is hidden of a table stays hidden, also from who can subtract."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reports.cells import SMALL, hidden

PARTS = ("yes", "no")


def table(rows: list[tuple[int, ...]]) -> tuple[dict[str, int], list[dict[str, int]]]:
    """A table with a total for each row, each column, and all."""
    cells: dict[str, int] = {}
    lines: list[dict[str, int]] = []
    columns = len(rows[0])
    full = [*rows, tuple(map(sum, zip(*rows, strict=True)))]
    for r, row in enumerate(full):
        cells |= {f"{r}.{c}": count for c, count in enumerate((*row, sum(row)))}
        lines.append({f"{r}.{c}": 1 for c in range(columns)} | {f"{r}.{columns}": -1})
    last = len(rows)
    lines += [
        {f"{r}.{c}": 1 for r in range(last)} | {f"{last}.{c}": -1} for c in range(columns + 1)
    ]
    return cells, lines


def solutions(rows: list[tuple[int, ...]], shown: dict[str, int]) -> list[dict[str, int]]:
    """Every table of whole numbers, up to a little above the real ones, that shows the same."""
    ranges = [range(count + SMALL + 1) for row in rows for count in row]
    width = len(rows[0])
    found = []
    for guess in product(*ranges):
        cells, _ = table([guess[i : i + width] for i in range(0, len(guess), width)])
        if all(cells[name] == count for name, count in shown.items()):
            found.append(cells)
    return found


def test_nothing_small_hides_nothing() -> None:
    assert hidden(*table([(9, 8), (7, 6)])) == frozenset()


def test_a_small_cell_takes_others_with_it() -> None:
    cells, lines = table([(9, 2), (7, 6)])

    gone = hidden(cells, lines)

    assert "0.1" in gone
    assert len(gone & {"0.0", "0.2"}) >= 1
    assert len(gone & {"1.1", "2.1"}) >= 1


def test_a_row_alone_is_hidden_with_its_total() -> None:
    cells, lines = table([(1, 2)])

    assert {"0.0", "0.1", "0.2"} <= hidden(cells, lines)


def test_what_is_not_there_is_shown() -> None:
    assert "0.0" not in hidden(*table([(0, 9), (8, 7)]))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 7)] * 2), min_size=1, max_size=2))
def test_no_small_count_can_be_worked_out(rows: list[tuple[int, ...]]) -> None:
    cells, lines = table(rows)
    gone = hidden(cells, lines)
    shown = {name: count for name, count in cells.items() if name not in gone}

    possible = solutions(rows, shown)

    assert possible
    for name, count in cells.items():
        if 0 < count < SMALL:
            assert len({other[name] for other in possible}) > 1, (name, gone)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 40)] * 4), min_size=1, max_size=9))
def test_it_ends_and_hides_every_small_cell(rows: list[tuple[int, ...]]) -> None:
    cells, lines = table(rows)

    gone = hidden(cells, lines)

    assert {name for name, count in cells.items() if 0 < count < SMALL} <= gone
