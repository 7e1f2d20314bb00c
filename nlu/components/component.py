"""What every component has to be for Rasa: made from settings, or read back from a model."""

from abc import abstractmethod
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage


class RuleComponent(GraphComponent):
    """Learns nothing, so its settings are all there is to it."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._config = config

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "RuleComponent":
        """Return the component, for training and for service alike."""
        del model_storage, resource, execution_context
        return cls(config)


class LearningComponent(GraphComponent):
    """Keeps what it learnt in a folder of the model."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "LearningComponent":
        """Return the component, untrained."""
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
    ) -> "LearningComponent":
        """Return the component as it was kept in *resource*."""
        del kwargs, execution_context
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component.read(folder)
        return component

    def keep(self) -> Resource:
        """Write what was learnt into the model; return where it is."""
        with self._storage.write_to(self._resource) as folder:
            self.write(folder)
        return self._resource

    @abstractmethod
    def read(self, folder: Path) -> None:
        """Take up what `write` left in *folder*."""

    @abstractmethod
    def write(self, folder: Path) -> None:
        """Leave in *folder* what was learnt: text and arrays, nothing that can run."""
