"""TF-IDF features of a message and of each of its clauses."""

import json
import math
from collections import Counter
from collections.abc import Iterable
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
from scipy.sparse import csr_matrix

from nlu.components.normaliser import FOLDED
from nlu.text import characters, clauses, words

_LONGEST_GRAM = 3
_ENDING = 10

View = list[str]


def views(folded: str) -> list[View]:
    """
    Return the terms of a folded text in three views: words, characters, ending.

    The ending has a view of its own because it is there that a resident says
    what is wanted: the same story ends in a question, a plea or a complaint.
    """
    signs = characters(folded)
    ending = signs[-_ENDING:]
    last = [f"${''.join(ending[-size:])}" for size in range(1, min(3, len(ending)) + 1)]
    return [
        [f"w {word}" for word in words(folded)],
        [f"c {gram}" for gram in _grams(signs)],
        [f"e {gram}" for gram in _grams(ending) + last],
    ]


class Vocabulary:
    """The terms kept from training, each with its column and its weight (idf)."""

    def __init__(self, terms: list[str], weights: np.ndarray) -> None:
        self.terms = terms
        self.weights = weights
        self._columns = {term: column for column, term in enumerate(terms)}

    @classmethod
    def learn(cls, texts: list[str], *, least: int) -> "Vocabulary":
        """Return the vocabulary of the terms that stand in at least *least* texts."""
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update({term for view in views(text) for term in view})
        terms = sorted(term for term, count in counts.items() if count >= least)
        weights = [math.log((1 + len(texts)) / (1 + counts[term])) + 1 for term in terms]
        return cls(terms, np.array(weights, dtype=np.float32))

    def vectors(self, texts: list[str]) -> csr_matrix:
        """Return one row a text, each view scaled to length one; (texts, terms)."""
        data: list[float] = []
        columns: list[int] = []
        ends = [0]
        for text in texts:
            for column, value in self._row(text):
                columns.append(column)
                data.append(value)
            ends.append(len(columns))
        return csr_matrix((data, columns, ends), shape=(len(texts), len(self.terms)), dtype="f4")

    def _row(self, text: str) -> Iterable[tuple[int, float]]:
        for view in views(text):
            counts = Counter(term for term in view if term in self._columns)
            row = [(self._columns[term], 1 + math.log(n)) for term, n in counts.items()]
            scaled = [(column, value * float(self.weights[column])) for column, value in row]
            length = math.sqrt(sum(value * value for _, value in scaled)) or 1.0
            yield from ((column, value / length) for column, value in scaled)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class TfidfFeaturizer(GraphComponent):
    """Sets a row for the whole message (sentence) and a row a clause (sequence)."""

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, name: str
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._name = name
        self._vocabulary = Vocabulary([], np.zeros(0, dtype=np.float32))

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`least`: a term seen in fewer training texts is not kept."""
        return {"least": 2}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "TfidfFeaturizer":
        """Return an untrained featurizer."""
        return cls(config, model_storage, resource, execution_context.node_name)

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
            terms = json.loads((folder / "terms.json").read_text("utf-8"))
            featurizer._vocabulary = Vocabulary(terms, np.load(folder / "weights.npy"))  # noqa: SLF001
        return featurizer

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the vocabulary and keep it: terms as JSON, weights as an array."""
        texts = [example.get(FOLDED) for example in training_data.training_examples]
        self._vocabulary = Vocabulary.learn(texts, least=self._config["least"])
        with self._storage.write_to(self._resource) as folder:
            terms = json.dumps(self._vocabulary.terms, ensure_ascii=False)
            (folder / "terms.json").write_text(terms, "utf-8")
            np.save(folder / "weights.npy", self._vocabulary.weights, allow_pickle=False)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Give every example its features."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the features of each message."""
        for message in messages:
            folded = message.get(FOLDED)
            rows = self._vocabulary.vectors([folded, *clauses(folded)])
            for kind, part in ((FEATURE_TYPE_SENTENCE, rows[:1]), (FEATURE_TYPE_SEQUENCE, rows[1:])):
                message.add_features(Features(part, kind, TEXT, self._name))
        return messages


def _grams(signs: list[str]) -> list[str]:
    return [
        "".join(signs[start : start + size])
        for size in range(1, _LONGEST_GRAM + 1)
        for start in range(len(signs) - size + 1)
    ]
