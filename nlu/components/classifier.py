"""What the intent and the topic classifier share; they differ in the label they read."""

from abc import abstractmethod
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.component import LearningComponent
from nlu.components.features import has_rows, row_of, rows_of
from nlu.components.linear import Lesson, LinearModel, fit_calibrated
from nlu.components.normaliser import FOLDED

Ranking = list[dict[str, Any]]
Odds = dict[str, float]


class LabelClassifier(LearningComponent):
    """Ranks the labels of one kind by their calibrated probability."""

    output: ClassVar[str]
    when_empty: ClassVar[str]

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, storage, resource)
        self._model: LinearModel | None = None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """
        Return the settings one may leave out.

        `features`: names of featurizers; `strength`, `trust`, `squares`: as in `linear.py`;
        `shortest`, `longest`: characters of the messages it reads; `brief`: it also learns from
        examples that only teach how a few words are read.
        """
        return {
            "features": ["subject"],
            "strength": 0.1,
            "trust": 0.0,
            "squares": False,
            "shortest": 0,
            "longest": None,
            "brief": True,
        }

    @abstractmethod
    def label(self, example: Message) -> str | None:
        """Return the label to learn from *example*, None to leave it out."""

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the labels of the training data and keep the model."""
        labelled = [
            (m, label)
            for m in training_data.training_examples
            if (label := self.label(m))
            and has_rows(m, self._config["features"])
            and (self._config["brief"] or not is_brief(m))
        ]
        if not labelled:
            return self.keep()  # no vectors here: the classifiers before this one stand alone
        messages = [message for message, _ in labelled]
        lesson = Lesson(
            rows_of(messages, self._config["features"]),
            np.array([label for _, label in labelled]),
            [noted(message).get("copy_of") or message.get(TEXT) for message in messages],
            self._config["trust"],
            self._config["squares"],
        )
        self._model = fit_calibrated(lesson, strength=self._config["strength"])
        return self.keep()

    def read(self, folder: Path) -> None:
        """Take up the model kept in *folder*."""
        if (folder / "model.json").exists():
            self._model = LinearModel.load(folder)

    def write(self, folder: Path) -> None:
        """Keep the model in *folder*."""
        if self._model:
            self._model.save(folder)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the best label and the ranking of all on each message that has the features."""
        for message in messages:
            if not self._is_for(message):
                continue  # another classifier's, or an earlier one was sure enough
            ranking = self._ranking(message)
            message.set(self.output, ranking[0], add_to_output=True)
            message.set(f"{self.output}_ranking", ranking, add_to_output=True)
        return messages

    def _is_for(self, message: Message) -> bool:
        longest = self._config["longest"]
        within = length(message) >= self._config["shortest"] and (
            longest is None or length(message) <= longest
        )
        return within and has_rows(message, self._config["features"])

    def weigh(self, message: Message, odds: Odds) -> Odds:
        """Return the odds in the light of what else is known of *message*."""
        del message
        return odds

    def _ranking(self, message: Message) -> Ranking:
        row = row_of(message, self._config["features"])
        labels = self._model.labels if self._model else []
        if self._model is None or not row.columns.size:
            # With no known term there is only the prior of the training data
            # left, which would be a confident guess about nothing.
            names = [self.when_empty, *(label for label in labels if label != self.when_empty)]
            return [{"name": name, "confidence": 1 / len(names)} for name in names]
        votes = self._model.probabilities(row).tolist()
        odds = self.weigh(message, dict(zip(labels, votes, strict=True)))
        ranked = sorted(odds.items(), key=lambda pair: (-pair[1], pair[0]))
        return [{"name": name, "confidence": odd} for name, odd in ranked]


def length(message: Message) -> int:
    """Return the characters of a message, blanks and punctuation left out."""
    return sum(map(str.isalnum, message.get(FOLDED) or message.get(TEXT)))


def is_brief(example: Message) -> bool:
    """Say whether an example only teaches how a few words are read."""
    return noted(example).get("evidence") == "brief"


def noted(message: Message) -> dict[str, Any]:
    """Return the metadata written beside one example in `nlu/data/`."""
    metadata = message.get(METADATA) or {}
    return metadata.get("example") or {}
