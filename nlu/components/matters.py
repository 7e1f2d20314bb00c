"""A second matter in the same message: the question beside the quarrel."""

from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.classifier import noted
from nlu.components.component import LearningComponent
from nlu.components.features import has_rows, row_of, rows_of
from nlu.components.linear import Lesson, LinearModel, fit_calibrated

MATTERS = ("dispute", "help_request", "policy_question")
"""The intents that may stand beside another one in one message."""
_THERE, _NOT_THERE = "there", "not"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SecondMatter(LearningComponent):
    """
    Asks of each matter by itself whether it is in the message.

    The ranking of intents cannot tell: its odds sum to one, so that a clear question
    leaves nothing for the quarrel it grew from.
    """

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, storage, resource)
        self._models: dict[str, LinearModel] = {}

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`features`, `strength`: as of a classifier; `least`: odds from which one is told."""
        return {"features": ["subject"], "strength": 0.1, "least": 0.5}

    def train(self, training_data: TrainingData) -> Resource:
        """Fit one model a matter on residents' messages."""
        names = self._config["features"]
        messages = [m for m in training_data.training_examples if _learnt(m, names)]
        rows = rows_of(messages, names)
        groups = [noted(m).get("copy_of") or m.get(TEXT) for m in messages]
        for matter in MATTERS:
            labels = np.array([_THERE if matter in _matters(m) else _NOT_THERE for m in messages])
            if len(set(labels)) > 1:
                lesson = Lesson(rows, labels, groups)
                self._models[matter] = fit_calibrated(lesson, strength=self._config["strength"])
        return self.keep()

    def read(self, folder: Path) -> None:
        """Take up the models kept in *folder*."""
        kept = [matter for matter in MATTERS if (folder / matter).is_dir()]
        self._models = {matter: LinearModel.load(folder / matter) for matter in kept}

    def write(self, folder: Path) -> None:
        """Keep each model in a folder of its own."""
        for matter, model in self._models.items():
            (folder / matter).mkdir(exist_ok=True)
            model.save(folder / matter)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `second` on each message: the likeliest other matter, empty where there is none."""
        for message in messages:
            message.set("second", self._second(message), add_to_output=True)
        return messages

    def _second(self, message: Message) -> dict[str, Any]:
        names = self._config["features"]
        first = message.get(INTENT)["name"]
        if not has_rows(message, names) or not (row := row_of(message, names)).columns.size:
            return {}
        odds = [
            (float(model.probabilities(row)[model.labels.index(_THERE)]), matter)
            for matter, model in self._models.items()
            if matter != first
        ]
        if not odds or max(odds)[0] < self._config["least"]:
            return {}
        confidence, matter = max(odds)
        return {"name": matter, "confidence": confidence}


def _learnt(example: Message, names: list[str]) -> bool:
    return noted(example).get("evidence") != "topic" and has_rows(example, names)


def _matters(example: Message) -> set[str]:
    return {str(example.get(INTENT)), str(noted(example).get("second"))}
