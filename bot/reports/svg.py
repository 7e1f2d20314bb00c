"""
Pictures of numbers, drawn as SVG on the server: bars, lines, stacked bars, a map of tiles.

No style and no script is in them: what they look like stands in reports.css by
class, so that they follow light, dark and print.  Each says in words what it
shows; the numbers themselves belong in a table beside it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, log10

WIDTH = 360
"""Of every picture, in its own units; the page scales it."""
ROW = 26
LABEL = 96
VALUE = 56
PLOT_HEIGHT = 150
LONGEST_LABEL = 7
TICKS = 4
CLASSES = 5
"""Shades of the map, from little to much."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a picture says to who cannot see it, and the name its parts are found by."""

    name: str
    title: str
    says: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it is called, how long it is, and what is written at its end."""

    label: str
    value: float
    text: str
    kind: str = "c1"
    mark: float | None = None
    """A line across it, such as what somebody can carry."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line; a gap where nothing is known."""

    label: str
    values: Sequence[float | None]
    kind: str = "c1"


@dataclass(frozen=True, slots=True)
class Stack:
    """One bar of several parts, in the order of the legend."""

    label: str
    parts: Sequence[int]


@dataclass(frozen=True, slots=True)
class Tile:
    """One field of the map; nothing is known of it where *value* is None."""

    label: str
    column: int
    row: int
    value: float | None
    text: str


def bars(words: Words, rows: Sequence[Bar]) -> str:
    """Draw a bar for each row, all on one scale."""
    most = max((max(row.value, row.mark or 0) for row in rows), default=0) or 1
    room = WIDTH - LABEL - VALUE
    parts = []
    for number, row in enumerate(rows):
        top = number * ROW
        length = room * row.value / most
        parts.append(_text(LABEL - 8, top + 17, _short(row.label), "end", "label"))
        parts.append(_rect(LABEL, top + 5, length, 16, row.kind))
        if row.mark is not None:
            at = LABEL + room * row.mark / most
            parts.append(_path(f"M{_n(at)} {top + 2}v22", "mark"))
        parts.append(_text(LABEL + max(length, _mark(row, room, most)) + 6, top + 17, row.text))
    return _picture(words, max(len(rows), 1) * ROW, parts)


def stacked(words: Words, rows: Sequence[Stack], legend: Sequence[str]) -> str:
    """Draw one bar for each row, its parts as shares of it, and what the parts are."""
    room = WIDTH - LABEL - VALUE
    parts = list(_legend(legend))
    start = ROW * ceil(len(legend) / 2)
    for number, row in enumerate(rows):
        top, left, whole = start + number * ROW, float(LABEL), sum(row.parts)
        parts.append(_text(LABEL - 8, top + 17, _short(row.label), "end", "label"))
        for index, part in enumerate(row.parts):
            length = room * part / whole if whole else 0
            parts.append(_rect(left, top + 5, length, 16, f"c{index + 1}"))
            if length > 24:  # noqa: PLR2004 (room for two digits)
                inside = _text(
                    left + length / 2, top + 17, str(part), "middle", f"on-c{index + 1}"
                )
                parts.append(inside)
            left += length
        parts.append(_text(LABEL + room + 6, top + 17, str(whole)))
    return _picture(words, start + max(len(rows), 1) * ROW, parts)


def lines(words: Words, labels: Sequence[str], series: Sequence[Line]) -> str:
    """Draw lines over the same steps, from nothing up to a round number."""
    known = [value for line in series for value in line.values if value is not None]
    top = _round_up(max(known, default=0))
    left, right, start = 36, WIDTH - 8, ROW * ceil(len(series) / 2) + 8
    bottom = start + PLOT_HEIGHT
    parts = list(_legend([line.label for line in series], line=True))
    for tick in range(TICKS + 1):
        y = bottom - PLOT_HEIGHT * tick / TICKS
        parts.append(_path(f"M{left} {_n(y)}H{right}", "grid"))
        parts.append(_text(left - 6, y + 4, _n(top * tick / TICKS), "end"))
    step = (right - left) / max(len(labels) - 1, 1)
    for number in _spread(len(labels), 5):
        end = (
            "end" if number == len(labels) - 1 and number else "start" if not number else "middle"
        )
        parts.append(_text(left + number * step, bottom + 18, labels[number], end))
    for number, line in enumerate(series, 1):
        points = [
            (left + at * step, bottom - PLOT_HEIGHT * value / top) if value is not None else None
            for at, value in enumerate(line.values)
        ]
        parts.append(_path(_drawn(points), f"line l{number}"))
    return _picture(words, bottom + ROW, parts)


def tiles(words: Words, fields: Sequence[Tile]) -> str:
    """Draw a map of fields, each as dark as its value is high."""
    columns = max((field.column for field in fields), default=0) + 1
    rows = max((field.row for field in fields), default=0) + 1
    width, height = WIDTH / columns, 44
    most = max((field.value or 0 for field in fields), default=0) or 1
    parts = []
    for field in fields:
        x, y = field.column * width, field.row * height
        shade = "none" if field.value is None else _shade(field.value / most)
        parts.append(_rect(x + 1, y + 1, width - 2, height - 2, f"tile {shade}"))
        parts.append(_text(x + width / 2, y + 18, field.label, "middle", f"on {shade}"))
        parts.append(_text(x + width / 2, y + 35, field.text, "middle", f"on {shade} number"))
    return _picture(words, rows * height, parts)


def _picture(words: Words, height: float, parts: Iterable[str]) -> str:
    title, says = f"{words.name}-title", f"{words.name}-says"
    return (
        f'<svg class="chart" role="img" viewBox="0 0 {WIDTH} {_n(height)}" '
        f'aria-labelledby="{escape(title)} {escape(says)}">'
        f'<title id="{escape(title)}">{escape(words.title)}</title>'
        f'<desc id="{escape(says)}">{escape(words.says)}</desc>{"".join(parts)}</svg>'
    )


def _legend(labels: Sequence[str], *, line: bool = False) -> Iterable[str]:
    """Two a row: the sign, and what it stands for."""
    for number, label in enumerate(labels):
        x, y = (number % 2) * WIDTH / 2, (number // 2) * ROW
        if line:
            yield _path(f"M{_n(x)} {y + 13}h22", f"line l{number + 1}")
        else:
            yield _rect(x, y + 6, 22, 14, f"c{number + 1}")
        yield _text(x + 28, y + 17, label)


def _drawn(points: Sequence[tuple[float, float] | None]) -> str:
    """A path through the points that takes the pen up where one is missing."""
    drawn, down = [], False
    for point in points:
        if point is not None:
            drawn.append(f"{'L' if down else 'M'}{_n(point[0])} {_n(point[1])}")
        down = point is not None
    return "".join(drawn)


def _mark(row: Bar, room: float, most: float) -> float:
    """Where the text may begin without standing on the mark."""
    return room * row.mark / most if row.mark is not None and row.mark >= row.value else 0


def _shade(share: float) -> str:
    return f"s{min(CLASSES - 1, int(share * CLASSES))}"


def _spread(count: int, most: int) -> list[int]:
    """Return up to *most* places out of so many, the first and the last among them."""
    if count <= most:
        return list(range(count))
    return sorted({round(number * (count - 1) / (most - 1)) for number in range(most)})


def _round_up(value: float) -> float:
    """Return the next number that four ticks divide well, such as 4, 8, 20, 40, 80, 200."""
    if value <= TICKS:
        return TICKS
    size = 10 ** int(log10(value))
    steps = (step * size / 10 for step in (10, 12, 16, 20, 24, 32, 40, 60, 80, 100))
    return float(
        next(step for step in steps if (step >= value and not step % TICKS) or step >= 10 * size)
    )


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1]}…"


def _text(x: float, y: float, text: str, anchor: str = "start", kind: str = "") -> str:
    named = f' class="{escape(kind)}"' if kind else ""
    return f'<text x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}"{named}>{escape(text)}</text>'


def _rect(x: float, y: float, width: float, height: float, kind: str) -> str:
    size = f'width="{_n(width)}" height="{_n(height)}"'
    return f'<rect x="{_n(x)}" y="{_n(y)}" {size} class="{escape(kind)}"/>'


def _path(d: str, kind: str) -> str:
    return f'<path d="{d}" class="{kind}" fill="none"/>'


def _n(value: float) -> str:
    """A number as short as it may be written."""
    return f"{value:.1f}".rstrip("0").rstrip(".")
