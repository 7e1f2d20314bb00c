"""What the message is about: one of the topics that route a ticket."""

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message

from nlu.components.classifier import LabelClassifier, Odds, noted
from nlu.labels import NO_TOPIC, SOCIAL_INTENTS


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(LabelClassifier):
    """
    Learns the `topic` noted beside each example that has one.

    Whether there is a topic at all is the intent's matter: a message that only
    greets has none.  So `none` gets the odds of the social intents, and the
    topics share the rest.
    """

    output = "topic"
    when_empty = NO_TOPIC

    def label(self, example: Message) -> str | None:
        """Return the topic noted beside *example*, None if it has none."""
        topic = noted(example).get("topic")
        return None if topic == NO_TOPIC else topic

    def weigh(self, message: Message, odds: Odds) -> Odds:
        """Return the odds of the topics and of none."""
        ranking = message.get(f"{INTENT}_ranking") or []
        social = sum(e["confidence"] for e in ranking if e["name"] in SOCIAL_INTENTS)
        return {name: odd * (1 - social) for name, odd in odds.items()} | {NO_TOPIC: social}
