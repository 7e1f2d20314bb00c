"""
What the words mean: vectors that bring 讨薪 near 工钱 when only one was trained on.

The table holds 26,000 words.  `distil.py` makes it, by asking the sentence encoder
multilingual-e5-small (MIT licence) for each word and keeping 96 directions of
the answers in a byte each, so that the encoder itself, which needs 45 ms a
message, is needed neither in training nor in service.
"""

import functools
import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix

from nlu.components.component import LearningComponent
from nlu.components.features import add_rows
from nlu.components.normaliser import FOLDED
from nlu.text import words

_TABLE = Path(__file__).parents[1] / "lists" / "meaning.npz"
# A word in this many training messages weighs half of one in none.
_HALVED_AT = 30


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class MeaningFeaturizer(LearningComponent):
    """Sets the mean of the word vectors, everyday words weighing less."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, storage, resource)
        self._counts: dict[str, int] = {}

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`alias`: the name under which classifiers ask for these features."""
        return {"alias": "meaning"}

    def train(self, training_data: TrainingData) -> Resource:
        """Count in how many messages each word stands, and keep the counts."""
        texts = [example.get(FOLDED) for example in training_data.training_examples]
        self._counts = dict(Counter(word for text in texts for word in set(words(text))))
        return self.keep()

    def read(self, folder: Path) -> None:
        """Take up the counts kept in *folder*."""
        self._counts = json.loads((folder / "counts.json").read_text("utf-8"))

    def write(self, folder: Path) -> None:
        """Keep the counts in *folder*."""
        counts = json.dumps(self._counts, ensure_ascii=False)
        (folder / "counts.json").write_text(counts, "utf-8")

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Give every example its features."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the features of each message."""
        add_rows(messages, self._vectors, self._config["alias"])
        return messages

    def _vectors(self, texts: list[str]) -> csr_matrix:
        return csr_matrix(np.stack([self._vector(text) for text in texts]))

    def _vector(self, text: str) -> np.ndarray:
        rows, table = _vectors_of_words()
        known = [word for word in words(text) if word in rows]
        weights = [1 / (1 + self._counts.get(word, 0) / _HALVED_AT) for word in known]
        vectors = table[[rows[word] for word in known]].astype(np.float32)
        lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
        total = (np.array(weights, dtype=np.float32) / lengths) @ vectors
        return total / (np.sqrt(total @ total) or 1)


@functools.cache
def _vectors_of_words() -> tuple[dict[str, int], np.ndarray]:
    """Return the row of each word, and the rows: bytes whose length means nothing."""
    with np.load(_TABLE, allow_pickle=False) as table:
        return {word: row for row, word in enumerate(table["words"].tolist())}, table["vectors"]
