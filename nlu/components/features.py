"""TF-IDF features of a message."""

import hashlib
import itertools
import json
import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, hstack

from nlu.components.component import LearningComponent
from nlu.components.normaliser import FOLDED
from nlu.components.row import Row, side_by_side
from nlu.text import characters, words

_LONGEST_GRAM = 3
_EDGE = 10

View = Callable[[str], Sequence[str]]


def ending_terms(folded: str) -> list[str]:
    """
    Return the grams of the last characters, those that close the text marked.

    It is there that a resident says what is wanted: the same story ends in a
    question, a plea or a complaint.
    """
    ending = characters(folded)[-_EDGE:]
    closing = ["".join(ending[-size:]) for size in range(1, _LONGEST_GRAM + 1)]
    return _grams(ending) + [f"{gram}$" for gram in closing]


def beginning_terms(folded: str) -> list[str]:
    """Return the grams of the first characters, those that open the text marked."""
    beginning = characters(folded)[:_EDGE]
    opening = ["".join(beginning[:size]) for size in range(1, _LONGEST_GRAM + 1)]
    return _grams(beginning) + [f"^{gram}" for gram in opening]


def character_terms(folded: str) -> list[str]:
    """Return the runs of one to three characters."""
    return _grams(characters(folded))


VIEWS: dict[str, View] = {
    "words": words,
    "characters": character_terms,
    "beginning": beginning_terms,
    "ending": ending_terms,
}


@dataclass(frozen=True, slots=True)
class _Columns:
    """
    The terms of a view by their hashes, in order, with the column of each.

    Two that share all 64 bits would be one term; 380,000 strings and their dictionaries held
    47 MB of the server.
    """

    hashes: np.ndarray
    columns: np.ndarray

    @classmethod
    def of(cls, terms: Sequence[str], *, first: int) -> "_Columns":
        """Give the *terms* columns from *first* on."""
        hashes = _hashes(terms)
        order = np.argsort(hashes)
        return cls(hashes[order], (order + first).astype(np.int32))

    def find(self, terms: Sequence[str]) -> np.ndarray:
        """Return the columns of those *terms* that have one."""
        asked = _hashes(terms)
        at = np.searchsorted(self.hashes, asked)
        at[at == len(self.hashes)] = 0
        return self.columns[at[self.hashes[at] == asked]] if len(self.hashes) else self.columns


class Vocabulary:
    """The terms kept of some views, each with its column and its weight (idf)."""

    def __init__(self, terms: dict[str, list[str]], weights: np.ndarray) -> None:
        self.weights = weights
        self._written = json.dumps(terms, ensure_ascii=False).encode()
        starts = itertools.accumulate(map(len, terms.values()), initial=0)
        self._columns = {
            view: _Columns.of(kept, first=start)
            for (view, kept), start in zip(terms.items(), starts, strict=False)
        }

    @classmethod
    def learn(cls, views: list[str], texts: list[str], *, least: int) -> "Vocabulary":
        """Return the terms of *views* that stand in at least *least* texts."""
        terms: dict[str, list[str]] = {}
        weights: list[float] = []
        for view in views:
            counts = Counter(term for text in texts for term in set(VIEWS[view](text)))
            terms[view] = sorted(term for term, count in counts.items() if count >= least)
            weights += [math.log((1 + len(texts)) / (1 + counts[t])) + 1 for t in terms[view]]
        return cls(terms, np.array(weights, dtype=np.float32))

    @classmethod
    def load(cls, folder: Path) -> "Vocabulary":
        """Return the vocabulary that `save` wrote."""
        terms = json.loads((folder / "terms.json").read_text("utf-8"))
        return cls(terms, np.load(folder / "weights.npy", allow_pickle=False))

    def save(self, folder: Path) -> None:
        """Write terms as JSON and weights as an array into *folder*."""
        (folder / "terms.json").write_bytes(self._written)
        np.save(folder / "weights.npy", self.weights, allow_pickle=False)

    def row(self, text: str) -> Row:
        """Return the terms of a text, each view scaled to length one."""
        parts = [self._part(view, text) for view in self._columns]
        return Row(
            np.concatenate([columns for columns, _ in parts]),
            np.concatenate([values for _, values in parts]),
            len(self.weights),
        )

    def _part(self, view: str, text: str) -> tuple[np.ndarray, np.ndarray]:
        counts = Counter(self._columns[view].find(VIEWS[view](text)).tolist())
        columns = np.fromiter(counts, dtype=np.int32, count=len(counts))
        frequency = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
        values = (1 + np.log(frequency)) * self.weights[columns]
        return columns, values / (math.sqrt(values @ values) or 1)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class TfidfFeaturizer(LearningComponent):
    """Learns the terms of its views; the settings say which."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, storage, resource)
        self._vocabulary = Vocabulary({}, np.zeros(0, dtype=np.float32))

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """
        Return the settings one may leave out.

        `alias`: the name under which classifiers ask for these features; `views`:
        names of VIEWS; `least`: a term that fewer training texts hold is not kept.
        """
        return {"alias": "subject", "views": ["words", "characters"], "least": 2}

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the vocabulary and keep it."""
        texts = [example.get(FOLDED) for example in training_data.training_examples]
        views, least = self._config["views"], self._config["least"]
        self._vocabulary = Vocabulary.learn(views, texts, least=least)
        return self.keep()

    def read(self, folder: Path) -> None:
        """Take up the vocabulary kept in *folder*."""
        self._vocabulary = Vocabulary.load(folder)

    def write(self, folder: Path) -> None:
        """Keep the vocabulary in *folder*."""
        self._vocabulary.save(folder)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Give every example its features."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the features of each message."""
        for message in messages:
            add_row(message, self._vocabulary.row(message.get(FOLDED)), self._config["alias"])
        return messages


class RowFeatures(Features):
    """A row as Rasa keeps it, told apart by its bytes; Rasa would write every number out."""

    def __init__(self, row: Row, name: str) -> None:
        """Keep the *row* that the featurizer *name* made."""
        super().__init__(row.values, FEATURE_TYPE_SENTENCE, TEXT, name)
        self.row = row

    def fingerprint(self) -> str:
        """Return a hash of all that is in them."""
        if self._cached_fingerprint is None:
            digest = hashlib.sha256(f"{self.row.width} {self.type} {self.origin}".encode())
            digest.update(self.row.columns.tobytes())
            digest.update(self.row.values.tobytes())
            self._cached_fingerprint = digest.hexdigest()
        return self._cached_fingerprint


def add_row(message: Message, row: Row, name: str) -> None:
    """Give one message its row; *name* is what classifiers ask for it by."""
    message.add_features(RowFeatures(row, name))


def has_rows(message: Message, names: list[str]) -> bool:
    """Say whether the message was given the features of all featurizers *names*."""
    return {part.origin for part in message.features} >= set(names)


def row_of(message: Message, names: list[str]) -> Row:
    """Return what the featurizers *names* gave the message, side by side."""
    found = {part.origin: part.row for part in message.features}
    return side_by_side([found[name] for name in names])


def rows_of(messages: list[Message], names: list[str]) -> csr_matrix:
    """Return what the featurizers *names* gave, side by side; (messages, terms)."""
    found = [{part.origin: part.row for part in message.features} for message in messages]
    return hstack([_table([rows[name] for rows in found]) for name in names], format="csr")


def _table(rows: list[Row]) -> csr_matrix:
    """Return one row under the other; (rows, terms)."""
    columns = np.concatenate([row.columns for row in rows])
    values = np.concatenate([row.values for row in rows])
    ends = np.cumsum([0, *(len(row.columns) for row in rows)])
    return csr_matrix((values, columns, ends), shape=(len(rows), rows[0].width))


def _grams(signs: list[str]) -> list[str]:
    return [
        "".join(signs[start : start + size])
        for size in range(1, _LONGEST_GRAM + 1)
        for start in range(len(signs) - size + 1)
    ]


def _hashes(terms: Sequence[str]) -> np.ndarray:
    """Return a number for each term, the same as long as this process lives."""
    return np.fromiter(map(hash, terms), np.int64, len(terms))
