"""What the message is about: one of the topics that route a ticket."""

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.training_data.message import Message

from nlu.components.classifier import LabelClassifier, noted


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(LabelClassifier):
    """Learns the `topic` noted beside each example."""

    output = "topic"
    when_empty = "none"

    def label(self, example: Message) -> str | None:
        """Return the topic noted beside *example*."""
        return noted(example).get("topic")
