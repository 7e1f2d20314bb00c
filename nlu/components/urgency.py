"""Whether harm comes within days if nobody acts: the odds that a message is urgent."""

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.training_data.message import Message

from nlu.components.classifier import LabelClassifier, Odds, noted

URGENT = "urgent"
NORMAL = "normal"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class UrgencyClassifier(LabelClassifier):
    """Learns `urgency` of residents' messages; whether one is a crisis is the intent's matter."""

    output = "urgency"
    when_empty = NORMAL

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return `heed` as well: how many false alarms one overlooked message weighs."""
        return {**LabelClassifier.get_default_config(), "heed": 1.0}

    def label(self, example: Message) -> str | None:
        """Return the urgency noted beside *example*, None for a crisis or a card's wording."""
        note = noted(example)
        urgency = note.get("urgency")
        if note.get("evidence") == "topic" or urgency not in {URGENT, NORMAL}:
            return None
        return str(urgency)

    def weigh(self, message: Message, odds: Odds) -> Odds:
        """Return the odds by which urgent comes first as soon as telling it costs less."""
        del message
        heeded = {name: odd * self._weight(name) for name, odd in odds.items()}
        return {name: odd / sum(heeded.values()) for name, odd in heeded.items()}

    def _weight(self, name: str) -> float:
        return float(self._config["heed"]) if name == URGENT else 1.0
