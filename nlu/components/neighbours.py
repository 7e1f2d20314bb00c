"""What the nearest examples are about: evidence for the topic beside the words."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.classifier import noted
from nlu.components.component import LearningComponent
from nlu.components.features import add_row, has_rows, row_of
from nlu.components.row import Row
from nlu.labels import NO_TOPIC

_AT_ONCE = 500
_DOUBT = 0.1
"""Share of the odds that all topics have alike: forty neighbours cannot rule one out."""
_STEP = 1 / 127


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class NearestExamples(LearningComponent):
    """
    Lets the examples whose vectors lie nearest vote for their topics.

    The wordings of the knowledge cards are among them.  Adds the log odds of each topic,
    in order of name.  An example does not vote for itself, nor for its copies.
    """

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, storage, resource)
        self._vectors = np.zeros((0, 0), np.float32)
        self._topics = np.zeros(0, np.intp)
        self._names: list[str] = []

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """
        Return the settings one may leave out.

        `of`: the featurizer whose vectors are compared; `alias`: as of a featurizer; `many`:
        examples that vote; `keen`: how much more a nearer one counts, e to the cosine times it.
        """
        return {"of": "sentence", "alias": "neighbours", "many": 40, "keen": 12.0}

    def train(self, training_data: TrainingData) -> Resource:
        """Remember every example that has a topic and a vector."""
        examples = self._voters(training_data)
        if examples:
            topics = [noted(example)["topic"] for example in examples]
            names, self._topics = np.unique(topics, return_inverse=True)
            self._names = [str(name) for name in names]
            self._vectors = _whole(self._directions(examples)) * np.float32(_STEP)
        return self.keep()

    def read(self, folder: Path) -> None:
        """Take up the examples kept in *folder*."""
        self._names = json.loads((folder / "topics.json").read_text("utf-8"))
        with np.load(folder / "examples.npz", allow_pickle=False) as arrays:
            self._vectors = arrays["vectors"].astype(np.float32) * np.float32(_STEP)
            self._topics = arrays["topics"].astype(np.intp)

    def write(self, folder: Path) -> None:
        """Keep the examples in *folder*: a byte a component of a vector, no text."""
        (folder / "topics.json").write_text(json.dumps(self._names), "utf-8")
        topics = self._topics.astype(np.uint8)
        np.savez_compressed(folder / "examples.npz", vectors=_whole(self._vectors), topics=topics)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Give every example with a vector the odds that the others speak for."""
        voters = [_source(example) for example in self._voters(training_data)]
        asked = [m for m in training_data.training_examples if has_rows(m, [self._config["of"]])]
        own: dict[str, list[int]] = {}
        for place, source in enumerate(voters):
            own.setdefault(source, []).append(place)
        for start in range(0, len(asked), _AT_ONCE):
            some = asked[start : start + _AT_ONCE]
            nearness = self._directions(some) @ self._vectors.T
            for message, row in zip(some, nearness, strict=True):
                row[own.get(_source(message), [])] = -1
                self._add(message, row)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Give each message that has a vector the odds of its neighbours."""
        for message in messages:
            if self._names and has_rows(message, [self._config["of"]]):
                self._add(message, (self._directions([message]) @ self._vectors.T)[0])
        return messages

    def _voters(self, training_data: TrainingData) -> list[Message]:
        return [
            example
            for example in training_data.training_examples
            if has_rows(example, [self._config["of"]])
            and noted(example).get("topic", NO_TOPIC) != NO_TOPIC
            and "copy_of" not in noted(example)
        ]

    def _directions(self, messages: list[Message]) -> np.ndarray:
        rows = np.stack([row_of(message, [self._config["of"]]).values for message in messages])
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)

    def _add(self, message: Message, nearness: np.ndarray) -> None:
        if not self._names:
            return
        many = min(self._config["many"], len(nearness))
        nearest = np.argpartition(-nearness, many - 1)[:many]
        voices = np.exp(self._config["keen"] * nearness[nearest])
        votes = np.bincount(self._topics[nearest], voices, minlength=len(self._names))
        odds = (1 - _DOUBT) * votes / votes.sum() + _DOUBT / len(self._names)
        columns = np.arange(len(odds), dtype=np.int32)
        row = Row(columns, np.log(odds).astype(np.float32), len(odds))
        add_row(message, row, self._config["alias"])


def _source(example: Message) -> str:
    return str(noted(example).get("copy_of") or example.get(TEXT))


def _whole(vectors: np.ndarray) -> np.ndarray:
    return np.rint(vectors / _STEP).astype(np.int8)
