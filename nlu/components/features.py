"""TF-IDF features of a message and of each of its clauses."""

import json
import math
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, FEATURE_TYPE_SEQUENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, hstack, vstack

from nlu.components.linear import Batch
from nlu.components.normaliser import FOLDED
from nlu.text import characters, clauses, words

_LONGEST_GRAM = 3
_ENDING = 10

View = Callable[[str], Sequence[str]]


def ending_terms(folded: str) -> list[str]:
    """
    Return the grams of the last characters, those that close the text marked.

    It is there that a resident says what is wanted: the same story ends in a
    question, a plea or a complaint.
    """
    ending = characters(folded)[-_ENDING:]
    closing = ["".join(ending[-size:]) for size in range(1, _LONGEST_GRAM + 1)]
    return _grams(ending) + [f"{gram}$" for gram in closing]


def character_terms(folded: str) -> list[str]:
    """Return the runs of one to three characters."""
    return _grams(characters(folded))


VIEWS: dict[str, View] = {
    "words": words,
    "characters": character_terms,
    "ending": ending_terms,
}


class Vocabulary:
    """The terms kept of one view, each with its column and its weight (idf)."""

    def __init__(self, view: str, terms: list[str], weights: np.ndarray) -> None:
        self.terms = terms
        self.weights = weights
        self._terms_of = VIEWS[view]
        self._columns = {term: column for column, term in enumerate(terms)}

    @classmethod
    def learn(cls, view: str, texts: list[str], *, least: int) -> "Vocabulary":
        """Return the vocabulary of the terms that stand in at least *least* texts."""
        counts = Counter(term for text in texts for term in set(VIEWS[view](text)))
        terms = sorted(term for term, count in counts.items() if count >= least)
        weights = [math.log((1 + len(texts)) / (1 + counts[term])) + 1 for term in terms]
        return cls(view, terms, np.array(weights, dtype=np.float32))

    def vectors(self, texts: list[str]) -> csr_matrix:
        """Return one row of length one a text; (texts, terms)."""
        rows = [self._row(text) for text in texts]
        ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
        columns = np.concatenate([columns for columns, _ in rows])
        values = np.concatenate([values for _, values in rows])
        return csr_matrix((values, columns, ends), shape=(len(texts), len(self.terms)))

    def _row(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        counts = Counter(term for term in self._terms_of(text) if term in self._columns)
        columns = np.array([self._columns[term] for term in counts], dtype=np.int32)
        frequency = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
        values = (1 + np.log(frequency)) * self.weights[columns]
        return columns, values / (np.linalg.norm(values) or 1)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class TfidfFeaturizer(GraphComponent):
    """Learns the terms of its views; the settings say which."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._vocabularies: list[Vocabulary] = []

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """
        Return the settings one may leave out.

        `alias`: the name under which classifiers ask for these features; `views`:
        names of VIEWS; `least`: a term that fewer training texts hold is not kept.
        """
        return {"alias": "subject", "views": ["words", "characters"], "least": 2}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "TfidfFeaturizer":
        """Return an untrained featurizer."""
        del execution_context
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,  # noqa: ANN401  (the signature is Rasa's)
    ) -> "TfidfFeaturizer":
        """Return the featurizer kept in *resource*."""
        del kwargs
        featurizer = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder:
            featurizer._vocabularies = [_read(folder, view) for view in config["views"]]  # noqa: SLF001
        return featurizer

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the vocabulary of each view and keep it."""
        texts = [example.get(FOLDED) for example in training_data.training_examples]
        with self._storage.write_to(self._resource) as folder:
            for view in self._config["views"]:
                vocabulary = Vocabulary.learn(view, texts, least=self._config["least"])
                _write(folder, view, vocabulary)
                self._vocabularies.append(vocabulary)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Give every example its features."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the features of each message."""
        add_rows(messages, self._vectors, self._config["alias"])
        return messages

    def _vectors(self, texts: list[str]) -> csr_matrix:
        return hstack([vocabulary.vectors(texts) for vocabulary in self._vocabularies]).tocsr()


def add_rows(
    messages: list[Message], vectors: Callable[[list[str]], csr_matrix], name: str
) -> None:
    """Give each message a row of its own (sentence) and a row a clause (sequence)."""
    texts = [[message.get(FOLDED), *clauses(message.get(FOLDED))] for message in messages]
    rows = vectors([text for own in texts for text in own])
    start = 0
    for message, own in zip(messages, texts, strict=True):
        whole, end = start + 1, start + len(own)
        message.add_features(Features(rows[start:whole], FEATURE_TYPE_SENTENCE, TEXT, name))
        message.add_features(Features(rows[whole:end], FEATURE_TYPE_SEQUENCE, TEXT, name))
        start = end


def rows_of(messages: list[Message], names: list[str]) -> Batch:
    """Return what `add_rows` gave, the columns of the featurizers *names* side by side."""
    blocks = [[_rows_from(message, name) for message in messages] for name in names]
    rows = hstack([vstack(block) for block in blocks]).tocsr()
    return Batch(rows, np.cumsum([0, *(own.shape[0] for own in blocks[0])]))


def _rows_from(message: Message, name: str) -> csr_matrix:
    parts = {part.type: part.features for part in message.features if part.origin == name}
    return vstack([parts[FEATURE_TYPE_SENTENCE], parts[FEATURE_TYPE_SEQUENCE]])


def _grams(signs: list[str]) -> list[str]:
    return [
        "".join(signs[start : start + size])
        for size in range(1, _LONGEST_GRAM + 1)
        for start in range(len(signs) - size + 1)
    ]


def _write(folder: Path, view: str, vocabulary: Vocabulary) -> None:
    terms = json.dumps(vocabulary.terms, ensure_ascii=False)
    (folder / f"{view}.json").write_text(terms, "utf-8")
    np.save(folder / f"{view}.npy", vocabulary.weights, allow_pickle=False)


def _read(folder: Path, view: str) -> Vocabulary:
    terms = json.loads((folder / f"{view}.json").read_text("utf-8"))
    return Vocabulary(view, terms, np.load(folder / f"{view}.npy", allow_pickle=False))
