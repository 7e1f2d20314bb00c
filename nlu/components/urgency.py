"""Whether harm comes within days if nobody acts: the odds that a message is urgent."""

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.training_data.message import Message

from nlu.components.classifier import LabelClassifier, noted

URGENT = "urgent"
NORMAL = "normal"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class UrgencyClassifier(LabelClassifier):
    """Learns `urgency` of residents' messages; whether one is a crisis is the intent's matter."""

    output = "urgency"
    when_empty = NORMAL

    def label(self, example: Message) -> str | None:
        """Return the urgency noted beside *example*, None for a crisis or a card's wording."""
        note = noted(example)
        urgency = note.get("urgency")
        if note.get("evidence") == "topic" or urgency not in {URGENT, NORMAL}:
            return None
        return str(urgency)
