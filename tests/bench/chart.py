"""The comparison as a picture: bars, three to a panel, readable on light and dark pages."""

from xml.sax.saxutils import escape

from tests.bench.table import SIDES, TITLES, Measured, Row, rows, written

WIDTH, MARGIN, COLUMNS = 880, 28, 2
_PANEL, _TOP, _BAR, _STEP, _LABEL = 112, 72, 16, 24, 60
_PANEL_WIDTH = (WIDTH - MARGIN * (COLUMNS + 1)) // COLUMNS
CHOSEN = (
    ("quality", "accuracy"),
    ("quality", "long_accuracy"),
    ("hit@1",),
    ("hit@3",),
    ("loads", "8", "per_second"),
    ("loads", "8", "p99_ms"),
    ("memory_mb",),
    ("cold_seconds",),
)
_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
    ' viewBox="0 0 {width} {height}" role="img" aria-label="{title}">'
)
_STYLE = """
  svg { color-scheme: light dark }
  text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328 }
  .title { font-size: 17px; font-weight: 600 }
  .panel { font-weight: 600 }
  .quiet { fill: #59636e }
  .page { fill: #ffffff }
  .ours { fill: #0969da } .words { fill: #80b8f0 } .rasa { fill: #9a6ac8 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .quiet { fill: #9198a1 }
    .page { fill: #0d1117 }
    .ours { fill: #4493f8 } .words { fill: #1f5496 } .rasa { fill: #a87ad6 }
  }
"""


def as_svg(measured: Measured) -> str:
    """Return the picture."""
    known = {(row.path, row.part): row for row in rows(measured)}
    chosen = [row for path in CHOSEN for row in known.values() if row.path == path]
    height = _TOP + _PANEL * -(-len(chosen) // COLUMNS) + MARGIN // 2
    panels = [_panel(row, measured, at) for at, row in enumerate(chosen)]
    machine = measured["machine"]
    title = f"Yunqiao and Rasa {measured['rasa']} on the same {machine['cores']} cores"
    return "\n".join(
        [
            _SVG.format(width=WIDTH, height=height, title=escape(title)),
            f"<style>{_STYLE}</style>",
            f'<rect class="page" width="{WIDTH}" height="{height}" rx="8"/>',
            _text(MARGIN, 30, f"{title}, {machine['measured_on']}", "title"),
            *_legend(),
            *panels,
            "</svg>\n",
        ]
    )


def _legend() -> list[str]:
    drawn = []
    for at, side in enumerate(SIDES):
        x = MARGIN + at * 190
        drawn.append(f'<rect class="{side}" x="{x}" y="43" width="12" height="12" rx="2"/>')
        drawn.append(_text(x + 18, 54, TITLES[side], "quiet"))
    return drawn


def _panel(row: Row, measured: Measured, at: int) -> str:
    left = MARGIN + (at % COLUMNS) * (_PANEL_WIDTH + MARGIN)
    top = _TOP + (at // COLUMNS) * _PANEL
    values = [row.value(measured, side) for side in SIDES]
    largest = 1.0 if row.sort == "share" else max(value or 0.0 for value in values) or 1.0
    better = "less is better" if row.sort in {"less", "error"} else "more is better"
    drawn = [
        _text(left, top + 16, row.label, "panel"),
        _text(left + _PANEL_WIDTH, top + 16, better, "quiet", anchor="end"),
    ]
    for place, (side, value) in enumerate(zip(SIDES, values, strict=True)):
        y = top + 26 + place * _STEP
        length = (_PANEL_WIDTH - _LABEL) * (value or 0.0) / largest
        drawn.append(
            f'<rect class="{side}" x="{left}" y="{y}" width="{length:.1f}"'
            f' height="{_BAR}" rx="2"/>'
        )
        drawn.append(_text(left + length + 6, y + 13, written(row, value)))
    return "\n".join(drawn)


def _text(x: float, y: float, text: str, kind: str = "", *, anchor: str = "start") -> str:
    marked = f' class="{kind}"' if kind else ""
    turned = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{x:.1f}" y="{y}"{marked}{turned}>{escape(text)}</text>'
