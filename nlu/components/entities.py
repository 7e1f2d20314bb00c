"""Entities of the message, found by rule."""

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.components.component import RuleComponent
from nlu.entities.finder import find_all


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class YunnanEntityExtractor(RuleComponent):
    """Learns nothing, so it is as right on the first day as on any other."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the entities of each message; offsets are those of its text."""
        for message in messages:
            found = [
                {**span.as_dict(), "extractor": type(self).__name__}
                for span in find_all(message.get(TEXT))
            ]
            message.set(ENTITIES, found, add_to_output=True)
        return messages
