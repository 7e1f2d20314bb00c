from pathlib import Path

import pytest
import yaml

from bot.knowledge.load import read_cards
from tests.bench.comparison import CARDS
from tests.bench.recipes import (
    NLU,
    Recipe,
    intent_examples,
    stock_answers,
    stock_intents,
    stock_service,
    without_sentences,
)

EXAMPLES = [("在吗", "greeting"), ('他说："不给"', "dispute"), ("谢谢", "thanks")]


def test_without_sentences_leaves_classifiers_that_can_be_trained() -> None:
    before = yaml.safe_load((NLU / "config.yml").read_text("utf-8"))["pipeline"]

    after = yaml.safe_load(without_sentences((NLU / "config.yml").read_text("utf-8")))["pipeline"]

    known = {step["alias"] for step in after if "alias" in step}
    asked = {name for step in after for name in step.get("features", ())}
    assert asked <= known
    assert [step for step in before if step in after] == after
    assert {step["name"].rsplit(".", 1)[1] for step in after} >= {
        "IntentClassifier",
        "TopicClassifier",
        "YunnanEntityExtractor",
    }
    assert len(after) < len(before)


def test_rasa_is_given_every_message_with_its_intent() -> None:
    recipe = stock_intents(EXAMPLES, epochs=5)

    groups = yaml.safe_load(str(recipe.examples))["nlu"]
    read = [(e["text"], group["intent"]) for group in groups for e in group["examples"]]
    assert read == EXAMPLES
    assert yaml.safe_load(recipe.domain)["intents"] == ["dispute", "greeting", "thanks"]


def test_the_wordings_of_cards_teach_no_intent() -> None:
    cards = yaml.safe_load((NLU / "data" / "cards.yml").read_text("utf-8"))["nlu"][0]["examples"]

    texts = [text for text, _ in intent_examples(NLU / "data")]

    assert len(texts) > 1000
    assert cards[0]["text"] not in texts


def test_rasa_is_given_each_entry_with_its_phrasings_and_answer() -> None:
    cards = read_cards(CARDS)

    recipe = stock_answers(cards)

    groups = yaml.safe_load(str(recipe.examples))["nlu"]
    answers = yaml.safe_load(recipe.domain)["responses"]
    assert [group["intent"] for group in groups] == [f"faq/{name}" for name in cards]
    assert set(answers) == {f"utter_faq/{name}" for name in cards}
    first = next(iter(cards.values()))
    assert [e["text"] for e in groups[0]["examples"]] == [first.question, *first.variants]


@pytest.mark.parametrize(
    "other",
    [
        Recipe("one", "e", "b", "c", "d"),
        Recipe("one", "a", "e", "c", "d"),
        Recipe("one", "a", "b", "e", "d"),
        Recipe("one", "a", "b", "c", "e"),
    ],
)
def test_a_model_is_trained_anew_when_anything_changed(other: Recipe) -> None:
    assert Recipe("one", "a", "b", "c", "d").fingerprint != other.fingerprint


def test_a_stock_service_has_a_rule_and_an_answer_for_every_intent() -> None:
    cards = dict(list(read_cards(CARDS).items())[:3])

    recipe = stock_service(cards, EXAMPLES)

    said, domain = yaml.safe_load(str(recipe.examples)), yaml.safe_load(recipe.domain)
    assert [rule["rule"] for rule in said["rules"]] == domain["intents"]
    assert {f"utter_faq/{name}" for name in cards} < set(domain["responses"])
    assert "RulePolicy" in recipe.config


def test_a_folder_of_examples_counts_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("one", "utf-8")
    before = Recipe("one", "a", "b", tmp_path).fingerprint

    (tmp_path / "a.yml").write_text("two", "utf-8")

    assert Recipe("one", "a", "b", tmp_path).fingerprint != before
