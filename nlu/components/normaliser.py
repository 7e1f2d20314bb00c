"""First step of the pipeline: the text is made safe and folded for the features."""

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.component import RuleComponent
from nlu.text import fold, neutralise

FOLDED = "folded"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class Normaliser(RuleComponent):
    """Keeps the text's length, so that entity offsets fit what was written."""

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Give every example its folded text."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Neutralise every text and keep its folded form beside it."""
        for message in messages:
            text = neutralise(message.get(TEXT) or "")
            message.set(TEXT, text)
            message.set(FOLDED, fold(text))
        return messages
