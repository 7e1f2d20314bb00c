"""What single components do, in small pipelines of their own."""

from pathlib import Path

import numpy as np
import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu import encoder
from nlu.components import sentence
from nlu.components.features import add_row, row_of
from nlu.components.neighbours import NearestExamples
from nlu.components.row import Row
from nlu.components.sentence import SentenceFeaturizer
from nlu.training.examples import Labelled, training_data
from nlu.training.pipeline import Pipeline, read_settings
from nlu.vectors import HERE, texts_of

LEXICAL = [
    {"name": "nlu.components.normaliser.Normaliser"},
    {"name": "nlu.components.features.TfidfFeaturizer", "least": 1},
    {"name": "nlu.components.intent.IntentClassifier"},
    {"name": "nlu.components.topic.TopicClassifier"},
]
QUESTIONS = ["居住证怎么办", "低保要啥条件", "失业金能领多久", "学费可以减免吗", "工伤怎么认定"]
QUARRELS = ["老板不发钱还骂人", "邻居占我家地", "房东扣押金不退", "他撞了我不赔", "村上把地分走"]
MATTERS = "nlu.components.matters.SecondMatter"
BOTH = ["老板不发钱，工伤怎么认定", "邻居占我家地，低保要啥条件", "房东不退押金，居住证怎么办"]

needs_encoder = pytest.mark.skipif(not encoder.available(), reason="no encoder here")


def pipeline(*steps: dict[str, object], examples: list[Labelled]) -> Pipeline:
    """Return a trained pipeline of the lexical steps and *steps*."""
    made = Pipeline([*LEXICAL, *steps])
    made.train(training_data(examples))
    return made


def plain() -> list[Labelled]:
    """Return questions and quarrels, one topic each."""
    asked = [Labelled(text, "policy_question", "wages") for text in QUESTIONS]
    return [*asked, *(Labelled(text, "dispute", "land") for text in QUARRELS)]


def test_short_and_long_messages_have_a_classifier_each() -> None:
    shouts = [Labelled(t, "crisis", "health", "brief") for t in ("救命", "没气了", "着火了")]
    by_length = [
        {"name": "nlu.components.intent.IntentClassifier", "shortest": 5, "brief": False},
        {"name": "nlu.components.intent.IntentClassifier", "longest": 4},
    ]
    made = Pipeline([*LEXICAL[:2], *by_length, LEXICAL[3]])
    made.train(training_data([*plain(), *shouts]))

    named = {entry["name"] for entry in made.parse("老板着火了还救命不发钱")["intent_ranking"]}

    assert made.parse("着火了")["intent"]["name"] == "crisis"
    assert "crisis" not in named


@needs_encoder
@pytest.mark.parametrize(("intent_from", "vectors"), [(1.1, 1), (0.0, 0)])
def test_a_vector_is_computed_only_in_doubt(intent_from: float, vectors: int) -> None:
    step = {
        "name": "nlu.components.sentence.SentenceFeaturizer",
        "intent_from": intent_from,
        "topic_from": 0.0,
    }

    answer = pipeline(step, examples=plain()).parse("居住证丢了怎么办")

    assert len([answer[name] for name in answer if name == "vector"]) == vectors
    if vectors:
        assert answer["vector"]["model"] == encoder.MODEL


def test_without_an_encoder_the_first_answer_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "available", lambda: False)
    doubt = {"name": "nlu.components.sentence.SentenceFeaturizer", "intent_from": 1.1}
    again = {"name": "nlu.components.intent.IntentClassifier", "features": ["subject", "sentence"]}
    first = pipeline(examples=plain()).parse("居住证丢了怎么办")

    answer = pipeline(doubt, again, examples=plain()).parse("居住证丢了怎么办")

    assert "vector" not in answer
    assert answer["intent"] == first["intent"]


@needs_encoder
def test_the_shipped_vectors_are_the_encoders() -> None:
    texts = texts_of(HERE / "data", HERE / "config.yml")[::1000]

    shipped = sentence.training_vectors(texts)

    assert all(sentence.key(text) in sentence.shipped_vectors() for text in texts)
    for ours, theirs in zip(shipped, encoder.query(texts), strict=True):
        assert ours is not None
        assert float(ours @ theirs) > 0.995


def test_every_training_text_has_its_vector_in_the_file() -> None:
    texts = texts_of(HERE / "data", HERE / "config.yml")

    missing = [text for text in texts if sentence.key(text) not in sentence.shipped_vectors()]

    assert not missing, "run nlu/vectors.py"


@needs_encoder
def test_while_others_wait_no_vector_is_computed() -> None:
    step = {"name": "nlu.components.sentence.SentenceFeaturizer", "intent_from": 1.1}
    made = pipeline(step, examples=plain())

    hurry = encoder.hurried.set(True)
    answer = made.parse("居住证丢了怎么办")
    encoder.hurried.reset(hurry)

    assert "vector" not in answer
    assert "vector" in made.parse("居住证丢了怎么办")


def test_a_message_without_a_known_word_needs_no_vector() -> None:
    step = SentenceFeaturizer({**SentenceFeaturizer.get_default_config()}, None, None)
    message = Message({TEXT: "😂", INTENT: {"name": "out_of_scope", "confidence": 0.1}})

    assert "vector" not in step.process([message])[0].data


def test_the_quarrel_behind_a_question_is_told() -> None:
    step = {"name": MATTERS, "least": {"policy_question": {"dispute": 0.5}}, "strength": 9.0}
    both = [Labelled(text, "policy_question", "land", second="dispute") for text in BOTH]
    made = pipeline(step, examples=[*plain() * 2, *both * 3])

    told = made.parse("邻居占我家地，失业金能领多久")

    assert told["intent"]["name"] == "policy_question"
    assert told["second"]["name"] == "dispute"
    assert made.parse("居住证怎么办，低保要啥条件")["second"] == {}
    assert made.parse("居住证怎么办")["second"] == {}


def test_a_question_asked_before_a_quarrel_is_told() -> None:
    step = {"name": MATTERS, "least": {"dispute": {"policy_question": 0.5}}, "strength": 9.0}
    made = pipeline(step, examples=plain() * 3)

    told = made.parse("低保要啥条件 房东扣押金不退还骂人 邻居占我家地 他撞了我不赔")

    assert told["intent"]["name"] == "dispute"
    assert told["second"]["name"] == "policy_question"


def test_a_question_asked_besides_a_quarrel_is_told() -> None:
    step = {"name": MATTERS, "least": {"dispute": {"policy_question": 1.1}}, "strength": 9.0}
    made = pipeline(step, examples=plain() * 3)

    told = made.parse("房东扣押金不退还骂人 邻居占我家地 他撞了我不赔 另外低保要啥条件")

    assert told["intent"]["name"] == "dispute"
    assert told["second"]["name"] == "policy_question"


def test_the_pipeline_trains_on_its_own_names() -> None:
    settings = read_settings(HERE / "config.yml")
    given = {entry["alias"] for entry in settings if "alias" in entry}
    asked = {name for entry in settings for name in entry.get("features", [])}

    assert asked <= given


NEAREST = {"name": "nlu.components.neighbours.NearestExamples", "many": 2}
DOUBT = {"name": "nlu.components.sentence.SentenceFeaturizer", "intent_from": 1.1}
BY_NEIGHBOURS = {
    "name": "nlu.components.topic.TopicClassifier",
    "features": ["subject", "sentence", "neighbours"],
    "trust": 5.0,
}


@needs_encoder
def test_the_nearest_examples_vote_for_the_topic() -> None:
    trained = pipeline(DOUBT, NEAREST, BY_NEIGHBOURS, examples=plain())

    ranking = trained.parse("失业的钱怎么领")["topic_ranking"]

    assert {entry["name"] for entry in ranking} == {"wages", "land", "none"}
    assert ranking[0]["name"] == "wages"
    assert trained.parse("他家占我家的地")["topic"]["name"] == "land"


def test_an_example_does_not_vote_for_itself_or_its_copies(tmp_path: Path) -> None:
    def example(text: str, topic: str, side: float, copy_of: str = "") -> Message:
        note = {"topic": topic} | ({"copy_of": copy_of} if copy_of else {})
        made = Message({TEXT: text, METADATA: {"example": note}})
        add_row(made, Row(np.arange(2, dtype=np.int32), np.array([side, 1.0]), 2), "sentence")
        return made

    alone = example("a", "land", 0.9)
    copy = example("a again", "land", 0.9, copy_of="a")
    others = [example("b", "wages", 0.8), example("c", "wages", -1.0)]
    data = TrainingData([alone, copy, *others])
    settings = NearestExamples.get_default_config() | {"many": 2}
    step = NearestExamples(settings, LocalModelStorage(tmp_path), Resource("neighbours"))

    step.train(data)
    step.process_training_data(data)

    land, wages = 0, 1
    for message in (alone, copy):
        odds = row_of(message, ["neighbours"]).values
        assert odds[land] < odds[wages]
    assert row_of(others[0], ["neighbours"]).values[land] > np.log(0.4)


@needs_encoder
def test_without_vectors_no_neighbour_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    trained = pipeline(DOUBT, NEAREST, BY_NEIGHBOURS, examples=plain())
    first = pipeline(examples=plain()).parse("失业的钱怎么领")
    monkeypatch.setattr(encoder, "available", lambda: False)

    assert trained.parse("失业的钱怎么领")["topic"] == first["topic"]
