"""
Hiding small cells of a published table, and what would give them away.

A count of one to four may point at a person.  It is hidden, and so is every
cell from which it could be worked out: a row, a column and their totals are
equations, and a hidden cell is safe only if they leave it open.
"""

from collections.abc import Mapping, Sequence
from typing import Final

SMALL: Final = 5
"""Counts below this, but for none at all, are hidden."""
_PRIME: Final = 2_147_483_647
Cells = Mapping[str, int]
Line = Mapping[str, int]
"""Cells whose counts, each times its sign, come to nothing: parts, and minus their total."""


def hidden(cells: Cells, lines: Sequence[Line]) -> frozenset[str]:
    """
    Return which cells must not be shown.

    Every line adds up to nothing; every cell that is not hidden is known to the
    reader.  No small cell can be worked out from them, nor can any two that
    stand for one.
    """
    chosen = {name for name, count in cells.items() if 0 < count < SMALL}
    while _hide_more(chosen, cells, lines):
        pass
    return frozenset(chosen)


def _hide_more(chosen: set[str], cells: Cells, lines: Sequence[Line]) -> bool:
    """Hide one more cell in every line that gives something away; say whether any was."""
    before = len(chosen)
    for line in lines:
        if _gives_away(line, chosen, cells):
            chosen |= _cheapest([line], chosen, cells)
    if len(chosen) > before:
        return True
    # Dearer to find: what follows only from several lines together.
    for name in sorted(_exposed(chosen, lines)):
        chosen |= _cheapest([line for line in lines if name in line], chosen, cells)
    return len(chosen) > before


def _gives_away(line: Line, chosen: set[str], cells: Cells) -> bool:
    """Whether what is hidden in a line comes to so little that each part is nearly known."""
    parts = [name for name, sign in line.items() if sign > 0 and name in chosen]
    total = next((name for name, sign in line.items() if sign < 0), None)
    return bool(parts) and total not in chosen and sum(cells[name] for name in parts) < SMALL


def _cheapest(lines: Sequence[Line], chosen: set[str], cells: Cells) -> set[str]:
    """The smallest count still shown in these lines; one that is none at all hides nothing."""
    shown = {name for line in lines for name in line if name not in chosen and cells[name]}
    return {min(shown, key=lambda name: (cells[name], name))} if shown else set()


def _exposed(chosen: set[str], lines: Sequence[Line]) -> set[str]:
    """Return the hidden cells that follow from the lines: a row of one after elimination."""
    rows = [{n: s % _PRIME for n, s in line.items() if n in chosen} for line in lines]
    solved: dict[str, dict[str, int]] = {}
    for row in rows:
        rest = _reduced(row, solved)
        if not rest:
            continue
        lead = min(rest)
        scale = pow(rest[lead], -1, _PRIME)
        rest = {name: value * scale % _PRIME for name, value in rest.items()}
        for other_lead, other in solved.items():
            solved[other_lead] = _without(other, lead, rest)
        solved[lead] = rest
    return {lead for lead, row in solved.items() if len(row) == 1}


def _reduced(row: dict[str, int], solved: Mapping[str, dict[str, int]]) -> dict[str, int]:
    for lead in [name for name in row if name in solved]:
        row = _without(row, lead, solved[lead])
    return row


def _without(row: dict[str, int], lead: str, by: dict[str, int]) -> dict[str, int]:
    """Take so much of *by* from the row that *lead* is gone."""
    share = row.get(lead, 0)
    if not share:
        return row
    left = dict(row)
    for name, value in by.items():
        left[name] = (left.get(name, 0) - share * value) % _PRIME
    return {name: value for name, value in left.items() if value}
