"""The comparison as a page of the documents."""

import math
from pathlib import Path
from typing import Any

from tests.bench.table import Measured, as_markdown

_FLAT = 0.02
"""Share of the loss that the last fifth of the epochs may still take off a flat curve."""
_PAGE = Path(__file__).with_name("page.md")


def as_page(measured: Measured) -> str:
    """Return the page."""
    intents, answers = measured["intents"], measured["answers"]
    quality, training = intents["rasa"]["quality"], intents["rasa"]["training"]
    spent = training["processor_seconds"] + answers["rasa"]["training"]["processor_seconds"]
    facts: dict[str, Any] = {
        **measured,
        **measured["machine"],
        "table": as_markdown(measured),
        "interval": half_interval(quality["accuracy"], quality["messages"]),
        "few": half_interval(quality["long_accuracy"], quality["long_messages"]),
        "asked": half_interval(answers["rasa"]["hit@1"], answers["rasa"]["questions"]),
        "with_vector": intents["ours"]["quality"]["with_vector"],
        "losses": _curve(intents["rasa"]["losses"]),
        "training_load": training["load"],
        "minutes": spent / 60,
    }
    return _PAGE.read_text("utf-8").format(**facts)


def half_interval(share: float, of: int) -> float:
    """Return half the width, in points, of the 95 % interval of a share."""
    return 196 * math.sqrt(share * (1 - share) / of) if of else 0.0


def _curve(losses: list[float]) -> str:
    """Return the curve of the training loss, so that all can see whether it is flat."""
    if not losses:
        return ""
    last = len(losses) - 1
    shown = dict.fromkeys([0, *(last * part // 5 for part in range(1, 5)), last])
    curve = ", ".join(f"{losses[at]:.2f} ({at + 1})" for at in shown)
    before = losses[last - max(1, len(losses) // 5)] if last else losses[last]
    falling = losses[last] < before * (1 - _FLAT)
    warned = " It was still falling: more epochs may read better." if falling else ""
    return f" Its loss, and after how many epochs: {curve}.{warned}"
