"""The labelled messages of `nlu/data/`, and of files in the form of one JSON object a line."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from rasa.shared.nlu.constants import INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData


@dataclass(frozen=True, slots=True)
class Labelled:
    """One message, and how a careful reader labels it."""

    text: str
    intent: str
    topic: str
    # "topic": says nothing about the intent of residents' messages; "brief": only about the
    # intent of a few words.
    evidence: str = "all"
    source: str = ""
    second: str = ""  # another intent that is really there too
    urgency: str = ""


class Example(Message):
    """
    A message to learn from, told apart by one hash of all that is in it.

    Rasa hashes each part by itself and after each component, and copies the whole whenever
    it hands examples on: a fifth of a training.
    """

    def fingerprint(self) -> str:
        """Return a hash of the data and the features."""
        if self._cached_fingerprint is None:
            digest = hashlib.sha256(repr(sorted(self.data.items())).encode("utf-8", "replace"))
            for part in self.features:
                digest.update(part.fingerprint().encode())
            self._cached_fingerprint = digest.hexdigest()
        return self._cached_fingerprint

    def __deepcopy__(self, memo: dict[int, object]) -> "Example":
        """Return a copy with data and features of its own; nobody changes what is in them."""
        del memo
        return Example(self.data, set(self.output_properties), self.time, list(self.features))


def read_examples(folder: Path) -> list[Labelled]:
    """Return the examples of every file in *folder*, in order of file and line."""
    return [example for path in sorted(folder.glob("*.yml")) for example in _read(path)]


def read_lines(path: Path) -> list[Labelled]:
    """Return the messages of a JSON-lines file with text, intent and topic."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [
        Labelled(
            row["text"],
            row["intent"],
            row["topic"],
            source=path.name,
            second=row.get("second_intent") or "",
            urgency=row.get("urgency") or "",
        )
        for row in rows
    ]


def training_data(examples: list[Labelled]) -> TrainingData:
    """Return *examples* as Rasa's reader would."""
    return TrainingData(training_examples=[_message(example) for example in examples])


def _read(path: Path) -> list[Labelled]:
    groups = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)["nlu"]
    return [
        _labelled(row, group["intent"], path.name) for group in groups for row in group["examples"]
    ]


def _labelled(row: dict[str, Any], intent: str, source: str) -> Labelled:
    note = row["metadata"]
    return Labelled(
        row["text"].strip(),
        intent,
        note["topic"],
        note.get("evidence", "all"),
        source,
        note.get("second", ""),
        note.get("urgency", ""),
    )


def _message(example: Labelled) -> Message:
    note = {
        "topic": example.topic,
        "evidence": example.evidence,
        "second": example.second,
        "urgency": example.urgency,
    }
    return Example({TEXT: example.text, INTENT: example.intent, METADATA: {"example": note}})
