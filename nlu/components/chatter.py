"""Training copies that ramble, because residents do."""

import random
import zlib
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.classifier import noted
from nlu.components.component import RuleComponent
from nlu.components.normaliser import FOLDED
from nlu.text import fold

_PHRASES = Path(__file__).parent.parent / "lists" / "chatter.txt"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class ChatterAugmenter(RuleComponent):
    """Adds a copy of some examples with small talk before, and perhaps after, it."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        self._phrases = _PHRASES.read_text("utf-8").split()

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`share`: how many of the examples get a rambling copy, 0 to 1."""
        return {"share": 0.5}

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Return the training data and the copies, the same ones each time."""
        examples = training_data.training_examples
        chosen = [e for e in examples if noted(e).get("topic", "none") != "none"]
        copies = [self._copy(e) for e in chosen if _dice(e).random() < self._config["share"]]
        return TrainingData(training_examples=[*examples, *copies])

    def process(self, messages: list[Message]) -> list[Message]:
        """Leave a resident's message as it is."""
        return messages

    def _copy(self, example: Message) -> Message:
        dice = _dice(example)
        text = example.get(TEXT)
        before = dice.sample(self._phrases, dice.randint(1, 3))
        after = dice.sample(self._phrases, dice.randint(0, 1))
        rambling = dice.choice([" ", ","]).join([*before, text, *after])
        note = {**noted(example), "copy_of": text}
        kept = {INTENT: example.get(INTENT), METADATA: {"example": note}}
        return type(example)(data={TEXT: rambling, FOLDED: fold(rambling), **kept})


def _dice(example: Message) -> random.Random:
    # Seeded by the text: adding an example changes no other example's copy.
    return random.Random(zlib.crc32(example.get(TEXT).encode()))  # noqa: S311
