"""Whether a new model may take the place of the one in use: judged on messages held out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nlu.training import choice
from nlu.training.scores import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nlu.training.examples import Labelled

HELD_OUT = Path(__file__).resolve().parents[1] / "heldout"
MARGIN = 0.01
"""How much of intent macro-F1 or topic accuracy a new model may lose; of crises it may none."""
_CRISIS = "crisis"
_LEFT = 42


class HeldOutError(Exception):
    """The held-out messages cannot be read; the text says why."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How a model did on the held-out messages; shares of 1."""

    intent_macro_f1: float
    topic_accuracy: float
    crisis_recall: float

    def row(self) -> str:
        """Return the three in columns, as TITLES name them."""
        columns = (self.intent_macro_f1, self.topic_accuracy, self.crisis_recall)
        return "  ".join(
            f"{share:{len(title)}.3f}" for share, title in zip(columns, TITLES, strict=True)
        )


TITLES = ("intent macro-F1", "topic accuracy", "crisis recall")


def reasons_against(new: Figures, old: Figures, *, margin: float = MARGIN) -> list[str]:
    """Return why *new* must not take the place of *old*; none where it may."""
    found = []
    if new.intent_macro_f1 < old.intent_macro_f1 - margin:
        found.append(f"intent macro-F1 falls by more than {margin}")
    if new.topic_accuracy < old.topic_accuracy - margin:
        found.append(f"topic accuracy falls by more than {margin}")
    if new.crisis_recall < old.crisis_recall:
        found.append("it misses crises that the one in use sees")
    return found


def read_held_out(path: Path) -> list[Labelled]:
    """
    Return the messages of a file, or of each .jsonl in a folder; none where it is not there.

    Raises:
        HeldOutError: a line is no labelled message.
    """
    # Rasa's import takes a second, and most starts have nothing to judge.
    from nlu.training.examples import read_lines  # noqa: PLC0415

    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path] if path.is_file() else []
    try:
        return [message for file in files for message in read_lines(file)]
    except (ValueError, KeyError, TypeError) as error:
        msg = f"{path}: not one JSON object with text, intent and topic a line ({error!r})"
        raise HeldOutError(msg) from error


def judge(model: Path, messages: Iterable[Labelled]) -> Figures:
    """
    Return how the archive does on *messages*, as the thin server would answer.

    Raises:
        ModelError: it cannot be loaded.
    """
    # Its import puts stand-ins in the place of Rasa's recipe; a training comes first.
    from nlu.serving.model import load  # noqa: PLC0415

    loaded, intent, topic = load(model), Tally(), Tally()
    for message in messages:
        answer = loaded.parse(message.text)
        intent.add(message.intent, answer["intent_ranking"])
        topic.add(message.topic, answer["topic_ranking"])
    return Figures(intent.macro_f1(), topic.accuracy(), intent.recall(_CRISIS))


def consider(
    folder: Path, new: str, *, in_use: Path | None, held_out: Path, margin: float
) -> list[str]:
    """
    Choose the archive *new* in *folder* unless it is worse than *in_use*; return what to tell.

    Raises:
        HeldOutError: the held-out messages cannot be read.
    """
    known = choice.read(folder)
    before = in_use.name if in_use else ""
    if in_use is None or before == new:
        choice.switch(folder, new)
        return [f"{new} is in use"]
    if known and new in known.refused:
        return [
            f"{before} stays in use: {new} was refused or rolled back (--force judges it anew)"
        ]
    messages = read_held_out(held_out)
    if not messages:
        choice.switch(folder, new, before=before)
        return [f"{new} is in use, not judged: no messages at {held_out}"]
    told, reasons = _compare(folder / new, in_use, messages, margin)
    if reasons:
        choice.refuse(folder, new, before=before)
        return [*told, f"{before} stays in use: {new} is refused: {'; '.join(reasons)}"]
    choice.switch(folder, new, before=before)
    return [*told, f"{new} is in use; {before} is kept for a rollback"]


def _compare(
    new: Path, old: Path, messages: list[Labelled], margin: float
) -> tuple[list[str], list[str]]:
    """Return both rows to show, and the reasons against *new*."""
    from nlu.serving.model import ModelError  # noqa: PLC0415  (see `judge`)

    crises = sum(message.intent == _CRISIS for message in messages)
    told = [f"held out {len(messages)} messages, {crises} crises".ljust(_LEFT) + "  ".join(TITLES)]
    try:
        figures = judge(new, messages)
    except ModelError as error:
        return told, [str(error)]
    row = f"  new    {new.name}".ljust(_LEFT) + figures.row()
    try:
        former = judge(old, messages)
    except ModelError:
        return [*told, row, f"  {old.name} is of older code and cannot be loaded any more"], []
    told += [f"  in use {old.name}".ljust(_LEFT) + former.row(), row]
    return told, reasons_against(figures, former, margin=margin)
