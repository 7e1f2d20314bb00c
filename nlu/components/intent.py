"""What the writer wants from us: one of the ten intents."""

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message

from nlu.components.classifier import LabelClassifier, noted


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(LabelClassifier):
    """Learns from residents' messages only, never from the wording of a card."""

    output = INTENT
    when_empty = "out_of_scope"

    def label(self, example: Message) -> str | None:
        """Return the intent, None for an example that is evidence of a topic only."""
        return None if noted(example).get("evidence") == "topic" else example.get(INTENT)
