"""The components of `nlu/config.yml` run one after another, without Rasa's graph."""

import importlib
import tempfile
from pathlib import Path
from typing import Any

import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

Settings = list[dict[str, Any]]


class Pipeline:
    """For cross-validation: as `rasa train` and `rasa run`, but in memory and in seconds."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._steps: list[GraphComponent] = []

    def train(self, data: TrainingData) -> None:
        """Train each component on what the ones before it made of *data*."""
        with tempfile.TemporaryDirectory() as folder:
            storage = LocalModelStorage(Path(folder))
            self._steps = [
                _create(entry, place, storage) for place, entry in enumerate(self._settings)
            ]
            for step in self._steps:
                if hasattr(step, "train"):
                    step.train(data)
                if hasattr(step, "process_training_data"):
                    data = step.process_training_data(data)

    def parse(self, text: str) -> dict[str, Any]:
        """Return the answer that the server would give."""
        messages = [Message({TEXT: text})]
        for step in self._steps:
            messages = step.process(messages)
        return {"entities": [], **messages[0].as_dict(only_output_properties=True)}


def read_settings(path: Path) -> Settings:
    """Return the pipeline part of a Rasa configuration."""
    return list(yaml.safe_load(path.read_text("utf-8"))["pipeline"])


def _create(entry: dict[str, Any], place: int, storage: LocalModelStorage) -> GraphComponent:
    module, name = entry["name"].rsplit(".", 1)
    kind: type[GraphComponent] = getattr(importlib.import_module(module), name)
    node = f"{name}{place}"
    context = ExecutionContext(GraphSchema({}), node_name=node)
    return kind.create({**kind.get_default_config(), **entry}, storage, Resource(node), context)
