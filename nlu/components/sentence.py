"""
Sentence vectors, for the messages that words alone leave in doubt.

One costs 20 to 45 ms, so it is computed only where the classifiers before this
component are not sure.  It goes out with the answer as well: the knowledge search
then need not ask for it again.  Where the encoder cannot run, or many wait for their
turn, nothing is added, and the answers of the first classifiers stand.
"""

import functools
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu import encoder
from nlu.components.component import LearningComponent
from nlu.components.features import add_row
from nlu.components.row import Row
from nlu.labels import NO_TOPIC

FILE = Path(__file__).parents[1] / "lists" / "vectors.npz"
"""Vectors of the training examples (`nlu/vectors.py`), so that a first start is quick."""
STEP = 0.3 / 127
"""A component of a vector in the file is a byte; none of them is larger than .3."""
_ALL = np.arange(encoder.DIMENSIONS, dtype=np.int32)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceFeaturizer(LearningComponent):
    """Adds the vector of a message, less the mean of all: e5 vectors lie close together."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, storage, resource)
        self._mean = np.zeros(encoder.DIMENSIONS, np.float32)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """
        Return the settings one may leave out.

        `alias`: the name under which classifiers ask for these features; `scale`: length
        of a vector beside TF-IDF rows of length one; `intent_from`, `topic_from`: the
        confidence from which the lexical classifiers are believed.
        """
        return {"alias": "sentence", "scale": 2.0, "intent_from": 0.8, "topic_from": 0.6}

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the mean of all examples and keep it."""
        vectors = training_vectors([e.get(TEXT) for e in training_data.training_examples])
        known = [vector for vector in vectors if vector is not None]
        if known:
            self._mean = np.mean(known, axis=0, dtype=np.float32)
        return self.keep()

    def read(self, folder: Path) -> None:
        """Take up the mean kept in *folder*."""
        self._mean = np.load(folder / "mean.npy", allow_pickle=False)

    def write(self, folder: Path) -> None:
        """Keep the mean in *folder*."""
        np.save(folder / "mean.npy", self._mean, allow_pickle=False)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Give every example its vector, where there is one to be had."""
        examples = training_data.training_examples
        vectors = training_vectors([example.get(TEXT) for example in examples])
        for example, vector in zip(examples, vectors, strict=True):
            if vector is not None:
                self._add(example, vector)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the vector of each message in doubt, and hand it out with the answer."""
        for message in messages:
            if self._in_doubt(message) and not encoder.hurried.get() and encoder.available():
                vector = encoder.query([message.get(TEXT)])[0]
                self._add(message, vector)
                told = {"model": encoder.MODEL, "data": encoder.written(vector)}
                message.set("vector", told, add_to_output=True)
        return messages

    def _add(self, message: Message, vector: np.ndarray) -> None:
        row = (vector - self._mean) * self._config["scale"]
        add_row(message, Row(_ALL, row, encoder.DIMENSIONS), self._config["alias"])

    def _in_doubt(self, message: Message) -> bool:
        if not any(part.features.size for part in message.features):
            return False  # nothing in it that can be read
        intent, topic = message.get(INTENT), message.get("topic")
        unsure = intent["confidence"] < self._config["intent_from"]
        return bool(
            unsure
            or (topic["name"] != NO_TOPIC and topic["confidence"] < self._config["topic_from"])
        )


def training_vectors(texts: Sequence[str]) -> list[np.ndarray | None]:
    """Return the vector of each text: from the file, else from the encoder, else None."""
    known = shipped_vectors()
    vectors = [known.get(key(text)) for text in texts]
    missing = [place for place, vector in enumerate(vectors) if vector is None]
    if missing and encoder.available():
        made = encoder.query([texts[place] for place in missing])
        for place, vector in zip(missing, made, strict=True):
            vectors[place] = vector
    return vectors


def key(text: str) -> bytes:
    """Return what stands for a text in the file."""
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()


@functools.cache
def shipped_vectors() -> dict[bytes, np.ndarray]:
    """Return the vectors of the file by the keys of their texts; none of another encoder."""
    if not FILE.exists():
        return {}
    with np.load(FILE, allow_pickle=False) as arrays:
        if str(arrays["model"]) != encoder.MODEL:
            return {}
        keys, rows = arrays["keys"].tobytes(), arrays["rows"]
    return {
        keys[8 * at : 8 * at + 8]: row.astype(np.float32) * STEP for at, row in enumerate(rows)
    }
