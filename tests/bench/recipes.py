"""What is trained for the comparison: our pipeline, and what Rasa's users take for Chinese."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.knowledge.drafts import Draft

ROOT = Path(__file__).parents[2]
NLU = ROOT / "nlu"
EPOCHS = 10
"""Of DIET.  Rasa proposes 100, hours on a small machine; the page shows the loss of each."""
SELECTOR_EPOCHS = 100
FEW, FEW_EPOCHS = 60, 2
"""Messages of an intent, and epochs, where a model is trained for its speed alone."""
RASA = "3.6.21"
_SENTENCE = "nlu.components.sentence.SentenceFeaturizer"
_OURS = ("*.py", "components/*.py", "entities/*.py", "lists/*", "training/importer.py")

Example = tuple[str, str]
"""Text and intent."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What `rasa train nlu` is given: configuration, domain and examples."""

    name: str
    config: str
    domain: str
    examples: str | Path
    """The text of a file, or a folder that is there already."""
    code: str = ""
    """Stands for whatever else the model depends on."""
    dialogue: bool = False
    """Whether it talks, and not only understands."""

    @property
    def fingerprint(self) -> str:
        """Return a short hash of all that the model depends on."""
        examples = self.examples
        if isinstance(examples, Path):
            examples = "\0".join(path.read_text("utf-8") for path in sorted(examples.iterdir()))
        parts = (self.config, self.domain, examples, self.code)
        return hashlib.sha256("\0\0".join(parts).encode()).hexdigest()[:12]


def ours(name: str, *, vectors: bool) -> Recipe:
    """Return our pipeline as it stands, or the same without sentence vectors."""
    config = (NLU / "config.yml").read_text("utf-8")
    if not vectors:
        config = without_sentences(config)
    domain = (NLU / "domain.yml").read_text("utf-8")
    return Recipe(name, config, domain, NLU / "data", code=_code())


def without_sentences(config: str) -> str:
    """Return a configuration less the sentence vectors and whatever reads them."""
    content = yaml.safe_load(config)
    steps = content["pipeline"]
    gone = {step["alias"] for step in steps if step["name"] == _SENTENCE}
    content["pipeline"] = [
        step
        for step in steps
        if step["name"] != _SENTENCE and not gone & set(step.get("features", ()))
    ]
    return str(yaml.safe_dump(content, sort_keys=False))


def stock_intents(examples: Sequence[Example], *, epochs: int = EPOCHS) -> Recipe:
    """Return the stock recipe for intents, on the messages that ours learns them from."""
    diet = {"name": "DIETClassifier", "epochs": epochs, **_STOCK}
    by_intent: dict[str, list[str]] = {}
    for text, intent in examples:
        by_intent.setdefault(intent, []).append(text)
    return Recipe(
        "rasa-diet", _config(diet), _yaml({"intents": sorted(by_intent)}), _nlu(by_intent), RASA
    )


def stock_answers(cards: Mapping[str, Draft], *, epochs: int = SELECTOR_EPOCHS) -> Recipe:
    """Return Rasa's own way to answer frequent questions, on the phrasings of our entries."""
    selector = {"name": "ResponseSelector", "retrieval_intent": "faq", "epochs": epochs, **_STOCK}
    # Its own default instead of what Rasa proposes: so it finds more of these entries.
    selector["constrain_similarities"] = False
    asked = {f"faq/{name}": [card.question, *card.variants] for name, card in cards.items()}
    answers = {f"utter_faq/{name}": [{"text": card.answer}] for name, card in cards.items()}
    domain = _yaml({"intents": ["faq"], "responses": answers})
    return Recipe("rasa-selector", _config(selector), domain, _nlu(asked), RASA)


def stock_service(cards: Mapping[str, Draft], examples: Sequence[Example]) -> Recipe:
    """
    Return a stock service that answers frequent questions by rule, for measuring its speed.

    It learns our phrasings and a few messages of every other intent for a few
    epochs only: how well it learnt does not change how fast it answers.
    """
    asked = {f"faq/{name}": [card.question, *card.variants] for name, card in cards.items()}
    others: dict[str, list[str]] = {}
    for text, intent in examples:
        if intent != "policy_question" and len(others.setdefault(intent, [])) < FEW:
            others[intent].append(text)
    steps = [
        {"name": "DIETClassifier", "epochs": FEW_EPOCHS, **_STOCK},
        {"name": "ResponseSelector", "retrieval_intent": "faq", "epochs": FEW_EPOCHS, **_STOCK},
    ]
    responses = {f"utter_faq/{name}": [{"text": card.answer}] for name, card in cards.items()}
    responses |= {f"utter_{intent}": [{"text": f"收到：{intent}"}] for intent in others}
    rules = [
        {"rule": intent, "steps": [{"intent": intent}, {"action": f"utter_{intent}"}]}
        for intent in ("faq", *others)
    ]
    domain = _yaml({"intents": ["faq", *others], "responses": responses})
    said = _nlu(asked | others) + yaml.safe_dump({"rules": rules}, allow_unicode=True)
    config = _config(*steps, policies=({"name": "RulePolicy"},))
    return Recipe("rasa-service", config, domain, said, RASA, dialogue=True)


def intent_examples(folder: Path) -> list[Example]:
    """Return what our intent classifier learns from: the wordings of cards are left out."""
    return [
        (example["text"].strip(), group["intent"])
        for path in sorted(folder.glob("*.yml"))
        for group in yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)["nlu"]
        for example in group["examples"]
        if example["metadata"].get("evidence", "all") == "all"
    ]


# As in the configuration that Rasa proposes; seeded, so that a second run is the same.
_STOCK = {"constrain_similarities": True, "random_seed": 1}


def _config(*last: Mapping[str, object], policies: Sequence[Mapping[str, str]] = ()) -> str:
    grams = {"analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4}
    pipeline = [
        {"name": "JiebaTokenizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", **grams},
        *map(dict, last),
    ]
    head = {"recipe": "default.v1", "language": "zh", "assistant_id": "stock"}
    return _yaml({**head, "pipeline": pipeline, "policies": [*policies]})


def _nlu(groups: Mapping[str, Iterable[str]]) -> str:
    """Return Rasa's form of examples; written by hand, since its reader wants text in blocks."""
    lines = ['version: "3.1"', "nlu:"]
    for intent, texts in groups.items():
        lines += [f"- intent: {intent}", "  examples:"]
        lines += [f"  - text: {json.dumps(text, ensure_ascii=False)}" for text in texts]
    return "\n".join([*lines, ""])


def _yaml(content: Mapping[str, object]) -> str:
    body = yaml.safe_dump(dict(content), allow_unicode=True, sort_keys=False)
    return f'version: "3.1"\n{body}' if "recipe" not in content else str(body)


def _code() -> str:
    digest = hashlib.sha256()
    for path in sorted(path for pattern in _OURS for path in NLU.glob(pattern)):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
