"""
Lets Rasa's graph be loaded without TensorFlow and without its chat channels.

Rasa 3.6 reaches TensorFlow through the recipe module, which imports every
component it knows; our components need only its `register` decorator.  The
message converter imports every chat channel for the sake of one small class.
With stand-ins for these two a process starts in seconds on a quarter of the
memory.  The price: it is tied to the internals of 3.6.21, the last open
release, and only pipelines made of our own components can be loaded.
"""

import enum
import sys
import types
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


class ComponentType(enum.Enum):
    """The kinds of component that our files name."""

    MESSAGE_TOKENIZER = 0
    MESSAGE_FEATURIZER = 1
    INTENT_CLASSIFIER = 2
    ENTITY_EXTRACTOR = 3


class DefaultV1Recipe:
    """Stands in for the recipe: registering matters in training only."""

    ComponentType = ComponentType

    @classmethod
    def register(cls, *_kinds: ComponentType, **_settings: Any) -> Callable[[type], type]:  # noqa: ANN401
        """Return a decorator that changes nothing."""
        return lambda component: component


@dataclass(frozen=True)
class UserMessage:
    """Stands in for Rasa's message of a channel: what the converter reads of it."""

    text: str
    message_id: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)


def install() -> None:
    """Put the stand-ins where Rasa looks for them; call before importing a component."""
    _offer("rasa.engine.recipes.default_recipe", DefaultV1Recipe=DefaultV1Recipe)
    _offer("rasa.core.channels")
    _offer("rasa.core.channels.channel", UserMessage=UserMessage)


def _offer(name: str, **members: type) -> None:
    if name not in sys.modules:
        module = types.ModuleType(name)
        vars(module).update(members, __path__=[])
        sys.modules[name] = module
