"""A second matter in the same message: the question beside the quarrel."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.classifier import Odds, noted
from nlu.components.component import LearningComponent
from nlu.components.features import Vocabulary, add_row, rows_of
from nlu.components.halves import asked_besides, asks, halves, stretches
from nlu.components.linear import Lesson, LinearModel, fit_calibrated
from nlu.components.normaliser import FOLDED

QUARREL, QUESTION = "dispute", "policy_question"
_VIEWS = ["characters", "beginning", "ending"]
_ROW = "halves"
_WHOLE = "whole"
_THERE, _NOT_THERE = "there", "not"
_LEAST_ODDS = 1e-4


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SecondMatter(LearningComponent):
    """
    Reads each half of a message by itself.

    A question that grew from a quarrel reads as a question, since what is wanted is said
    at the end.  The story without its end reads as what it is, a long one
    in stretches, since the wrong may be told anywhere in it.  Whether a quarrel is worth
    a person's look is learnt besides, among the messages of the same intent.
    """

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, storage, resource)
        self._vocabulary = Vocabulary({}, np.zeros(0, dtype=np.float32))
        self._model: LinearModel | None = None
        self._behind: dict[str, LinearModel] = {}

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """
        Return the settings one may leave out.

        `least`: for each intent the second matters that may stand beside it, with the odds
        from which a half is believed; `besides`: odds from which a question that "besides"
        opens is; `strength`: as of a classifier.
        """
        least = {QUESTION: {QUARREL: 0.8}, QUARREL: {QUESTION: 0.9}}
        return {"strength": 0.2, "besides": 0.5, "least": least}

    def train(self, training_data: TrainingData) -> Resource:
        """Learn to tell the intents by characters alone: halves are read without jieba."""
        residents = [m for m in training_data.training_examples if _learnt(m)]
        texts = [message.get(FOLDED) for message in residents]
        self._vocabulary = Vocabulary.learn(_VIEWS, texts, least=2)
        rows = [Message({TEXT: text}) for text in texts]
        for row, text in zip(rows, texts, strict=True):
            add_row(row, self._vocabulary.row(text), _ROW)
        groups = [noted(message).get("copy_of") or message.get(TEXT) for message in residents]
        told = np.array([message.get(INTENT) for message in residents])
        lesson = Lesson(rows_of(rows, [_ROW]), told, groups)
        self._model = fit_calibrated(lesson, strength=self._config["strength"])
        second = np.array([noted(message).get("second") == QUARREL for message in residents])
        for intent, least in self._config["least"].items():
            if QUARREL in least:
                self._learn_behind(intent, lesson, second)
        return self.keep()

    def _learn_behind(self, intent: str, lesson: Lesson, second: np.ndarray) -> None:
        """Learn, among the messages of *intent*, which were labelled with a quarrel besides."""
        chosen = np.flatnonzero(lesson.labels == intent)
        labels = np.where(second[chosen], _THERE, _NOT_THERE)
        if len(set(labels)) > 1:
            groups = [lesson.groups[place] for place in chosen]
            own = Lesson(lesson.rows[chosen], labels, groups)
            self._behind[intent] = fit_calibrated(own, strength=self._config["strength"])

    def read(self, folder: Path) -> None:
        """Take up the vocabulary and the models kept in *folder*."""
        self._vocabulary = Vocabulary.load(folder)
        self._model = LinearModel.load(folder / _WHOLE)
        kept = [intent for intent in self._config["least"] if (folder / intent).is_dir()]
        self._behind = {intent: LinearModel.load(folder / intent) for intent in kept}

    def write(self, folder: Path) -> None:
        """Keep the vocabulary in *folder*, and each model in a folder of its own."""
        self._vocabulary.save(folder)
        models = {**self._behind, **({_WHOLE: self._model} if self._model else {})}
        for name, model in models.items():
            (folder / name).mkdir(exist_ok=True)
            model.save(folder / name)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `second` on each message: the likeliest other matter, empty where there is none."""
        for message in messages:
            message.set("second", self._second(message), add_to_output=True)
        return messages

    def _second(self, message: Message) -> dict[str, Any]:
        first = message.get(INTENT)["name"]
        least = self._config["least"].get(first, {})
        if not least or self._model is None:
            return {}
        cut = halves(message.get(FOLDED))
        quarrels = self._quarrels(cut, first, message) if QUARREL in least else ()
        questions = self._questions(cut, first) if QUESTION in least else ()
        sure = [(odds, name) for odds, name in (*quarrels, *questions) if odds >= least[name]]
        besides = asked_besides(message.get(FOLDED)) if QUESTION in least else ""
        if besides and (odds := self._odds(besides)[QUESTION]) >= self._config["besides"]:
            sure.append((odds, QUESTION))
        if not sure:
            return {}
        confidence, name = max(sure)
        return {"name": name, "confidence": confidence}

    def _quarrels(
        self, cut: list[tuple[str, str]], first: str, message: Message
    ) -> Iterator[tuple[float, str]]:
        if not cut or first not in self._behind:
            return
        model = self._behind[first]
        row = self._vocabulary.row(message.get(FOLDED))
        behind = float(model.probabilities(row)[model.labels.index(_THERE)])
        # Most have nothing behind them that any story could make up for.
        if _between(1.0, behind) >= self._config["least"][first][QUARREL]:
            story = [*(before for before, _ in cut), *stretches(message.get(FOLDED))]
            yield _between(max(self._odds(part)[QUARREL] for part in story), behind), QUARREL

    def _questions(self, cut: list[tuple[str, str]], first: str) -> Iterator[tuple[float, str]]:
        for before, after in cut:
            if asks(before):
                yield min(self._odds(before)[QUESTION], self._odds(after)[first]), QUESTION
            # What ends in a question after a quarrel is a question in the first place.
            if asks(after) and first != QUARREL:
                yield min(self._odds(after)[QUESTION], self._odds(before)[first]), QUESTION

    def _odds(self, half: str) -> Odds:
        model = self._model or LinearModel([], np.zeros((0, 0)), np.zeros(0))
        found = model.probabilities(self._vocabulary.row(half)).tolist()
        return dict(zip(model.labels, found, strict=True))


def _learnt(example: Message) -> bool:
    return noted(example).get("evidence") not in {"topic", "brief"}


def _between(one: float, other: float) -> float:
    """Return the odds in the middle of two, on the scale where evidence adds up."""
    kept = [min(max(odds, _LEAST_ODDS), 1 - _LEAST_ODDS) for odds in (one, other)]
    return 1 / (1 + math.exp(-sum(math.log(odds / (1 - odds)) for odds in kept) / 2))
