"""What the intent and the topic classifier share; they differ in the label they read."""

from abc import abstractmethod
from typing import Any, ClassVar

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, vstack

from nlu.components.linear import Example, LinearModel, fit_calibrated

Ranking = list[dict[str, Any]]


class LabelClassifier(GraphComponent):
    """Ranks the labels of one kind by their calibrated probability."""

    output: ClassVar[str]
    when_empty: ClassVar[str]

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model: LinearModel | None = None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`features`: names of featurizers; the rest as in `linear.py`."""
        return {"features": ["subject"], "strength": 0.1, "clause_share": 0.3}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "LabelClassifier":
        """Return an untrained classifier."""
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
    ) -> "LabelClassifier":
        """Return the classifier kept in *resource*."""
        del kwargs
        classifier = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder:
            classifier._model = LinearModel.load(folder)  # noqa: SLF001
        return classifier

    @abstractmethod
    def label(self, example: Message) -> str | None:
        """Return the label to learn from *example*, None to leave it out."""

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the labels of the training data and keep the model."""
        examples = [
            Example(self._rows(message), label, noted(message).get("copy_of") or message.get(TEXT))
            for message in training_data.training_examples
            if (label := self.label(message))
        ]
        self._model = fit_calibrated(
            examples,
            strength=self._config["strength"],
            clause_share=self._config["clause_share"],
        )
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the best label and the ranking of all on each message."""
        for message in messages:
            ranking = self._ranking(self._rows(message))
            message.set(self.output, ranking[0], add_to_output=True)
            message.set(f"{self.output}_ranking", ranking, add_to_output=True)
        return messages

    def _rows(self, message: Message) -> csr_matrix:
        clauses, whole = message.get_sparse_features(TEXT, self._config["features"])
        return vstack([part.features for part in (whole, clauses) if part is not None]).tocsr()

    def _ranking(self, rows: csr_matrix) -> Ranking:
        # With no known term there is only the prior of the training data left,
        # which would be a confident guess about nothing.
        if self._model is None or rows.nnz == 0:
            return self._empty_ranking()
        odds = zip(self._model.labels, self._model.probabilities(rows), strict=True)
        ranked = sorted(odds, key=lambda pair: (-pair[1], pair[0]))
        return [{"name": name, "confidence": float(odd)} for name, odd in ranked]

    def _empty_ranking(self) -> Ranking:
        labels = self._model.labels if self._model else []
        others = [label for label in labels if label != self.when_empty]
        even = 1 / (len(others) + 1)
        return [{"name": name, "confidence": even} for name in (self.when_empty, *others)]


def noted(message: Message) -> dict[str, Any]:
    """Return the metadata written beside one example in `nlu/data/`."""
    metadata = message.get(METADATA) or {}
    return metadata.get("example") or {}
