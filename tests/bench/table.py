"""The comparison as a table: every figure comes from what was measured."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tests.bench.load import CLIENTS

Measured = Mapping[str, Any]
Sort = Literal["share", "more", "less", "error"]
"""A share of 1, of which more is better; a quantity; an error, as a share, of which less is."""
SIDES = ("ours", "words", "rasa")
TITLES = {
    "ours": "Yunqiao",
    "words": "Yunqiao, words only",
    "rasa": "Rasa",
}
_MISSING = "–"


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what is measured, where it stands in the figures of a side, and how it reads."""

    label: str
    part: str
    path: tuple[str, ...]
    sort: Sort

    def value(self, measured: Measured, side: str) -> float | None:
        """Return the figure of a side; None where there is none."""
        found: Any = measured[self.part].get(side)
        for name in self.path:
            found = found.get(name) if isinstance(found, Mapping) else None
        return None if found is None else float(found)


def rows(measured: Measured) -> list[Row]:
    """Return the lines of the table, in order."""
    quality = measured["intents"]["ours"]["quality"]
    asked = measured["answers"]["ours"]["questions"]
    few, many = f"{quality['long_messages']} long messages", f"{quality['messages']} messages"
    found = [
        Row(f"intent accuracy, {many}", "intents", ("quality", "accuracy"), "share"),
        Row("intent macro-F1", "intents", ("quality", "macro_f1"), "share"),
        Row(f"intent accuracy, {few}", "intents", ("quality", "long_accuracy"), "share"),
        Row(f"intent macro-F1, {few}", "intents", ("quality", "long_macro_f1"), "share"),
        Row("expected calibration error", "intents", ("quality", "calibration_error"), "error"),
        Row(f"right entry first (hit@1), {asked} questions", "answers", ("hit@1",), "share"),
        Row("right entry among three (hit@3)", "answers", ("hit@3",), "share"),
        Row("finding an answer, p50 ms", "answers", ("p50_ms",), "less"),
        Row("finding an answer, p99 ms", "answers", ("p99_ms",), "less"),
    ]
    for clients in CLIENTS:
        at = "1 client" if clients == 1 else f"{clients} clients"
        load = ("loads", str(clients))
        found += [
            Row(f"requests a second, {at}", "intents", (*load, "per_second"), "more"),
            Row(f"p50 ms, {at}", "intents", (*load, "p50_ms"), "less"),
            Row(f"p99 ms, {at}", "intents", (*load, "p99_ms"), "less"),
            Row(f"intent accuracy meanwhile, {at}", "intents", (*load, "accuracy"), "share"),
        ]
    training = ("training",)
    return [
        *found,
        Row("resident memory, MB", "intents", ("memory_mb",), "less"),
        Row("cold start to first answer, s", "intents", ("cold_seconds",), "less"),
        Row("model file, MB", "intents", ("model_mb",), "less"),
        Row("training, s", "intents", (*training, "seconds"), "less"),
        Row("training, processor s", "intents", (*training, "processor_seconds"), "less"),
        Row("training, most memory, MB", "intents", (*training, "memory_mb"), "less"),
        Row("training of the answers, s", "answers", (*training, "seconds"), "less"),
    ]


def against(row: Row, ours: float | None, theirs: float | None) -> str:
    """Return how much better *ours* is: points of a share, else a factor; worse: below 0 or 1."""
    if ours is None or theirs is None:
        return _MISSING
    if row.sort in {"share", "error"}:
        points = (ours - theirs if row.sort == "share" else theirs - ours) * 100
        return f"{points:+.1f} points"
    above, below = (ours, theirs) if row.sort == "more" else (theirs, ours)
    return f"{above / below:.2g} ×" if below and above / below < 10 else _whole_times(above, below)


def cells(row: Row, measured: Measured) -> list[str]:
    """Return the label, the figure of each side, and how ours compares with Rasa's."""
    values = [row.value(measured, side) for side in SIDES]
    ratio = against(row, values[0], values[-1])
    return [row.label, *(written(row, value) for value in values), ratio]


def written(row: Row, value: float | None) -> str:
    """Return a figure as people read it."""
    if value is None:
        return _MISSING
    if row.sort in {"share", "error"}:
        return f"{value:.3f}"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def as_text(measured: Measured) -> str:
    """Return the table for a terminal."""
    return _drawn([_head(), *(cells(row, measured) for row in rows(measured))], _padded)


def as_markdown(measured: Measured) -> str:
    """Return the table for a page."""
    head = _head()
    rule = ["---", *["---:"] * (len(head) - 1)]
    body = [cells(row, measured) for row in rows(measured)]
    return "\n".join("| " + " | ".join(line) + " |" for line in [head, rule, *body])


def _head() -> list[str]:
    return ["", *(TITLES[side] for side in SIDES), "better by"]


def _drawn(lines: Sequence[Sequence[str]], draw: Callable[[Sequence[str], list[int]], str]) -> str:
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
    return "\n".join(draw(line, widths) for line in lines)


def _padded(line: Sequence[str], widths: list[int]) -> str:
    first, *others = line
    return "  ".join(
        [first.ljust(widths[0]), *(t.rjust(w) for t, w in zip(others, widths[1:], strict=True))]
    ).rstrip()


def _whole_times(above: float, below: float) -> str:
    return f"{above / below:,.0f} ×" if below else _MISSING
