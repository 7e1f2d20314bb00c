"""How a label is learnt: by margins or by squares, and what an overlooked message weighs."""

import pytest

from nlu.training.examples import Labelled, training_data
from nlu.training.pipeline import Pipeline

LEXICAL = [
    {"name": "nlu.components.normaliser.Normaliser"},
    {"name": "nlu.components.features.TfidfFeaturizer", "least": 1},
    {"name": "nlu.components.intent.IntentClassifier"},
]
URGENCY = "nlu.components.urgency.UrgencyClassifier"
TOPIC = "nlu.components.topic.TopicClassifier"
EXAMPLES = [
    *(
        Labelled(text, "policy_question", "wages", urgency="normal")
        for text in ("居住证怎么办", "低保要啥条件", "失业金能领多久", "工伤怎么认定")
    ),
    *(
        Labelled(text, "dispute", "land", urgency="normal")
        for text in ("老板不发钱还骂人", "邻居占我家地", "房东扣押金不退", "村上把地分走")
    ),
    *(
        Labelled(text, "help_request", "assistance", urgency="urgent")
        for text in ("今晚没地方睡", "断粮两天了", "明天就要被赶走")
    ),
]


def learnt(step: dict[str, object]) -> Pipeline:
    """Return what the lexical steps and *step* learnt from EXAMPLES."""
    made = Pipeline([*LEXICAL, step])
    made.train(training_data(EXAMPLES))
    return made


def test_urgency_is_learnt_beside_the_intent() -> None:
    made = learnt({"name": URGENCY, "strength": 1.0})

    assert made.parse("今晚又没地方睡了")["urgency"]["name"] == "urgent"
    assert made.parse("居住证怎么办")["urgency"]["name"] == "normal"


def test_an_urgent_message_overlooked_weighs_as_some_false_alarms() -> None:
    told = []
    for heed in (1.0, 3.0):
        answer = learnt({"name": URGENCY, "heed": heed}).parse("今晚老板不发钱")
        told.append({entry["name"]: entry["confidence"] for entry in answer["urgency_ranking"]})

    odds = [one["urgent"] / one["normal"] for one in told]
    assert odds[1] == pytest.approx(3 * odds[0])
    assert sum(told[1].values()) == pytest.approx(1)


@pytest.mark.parametrize("squares", [True, False])
def test_topics_are_learnt_by_squares_as_by_margins(*, squares: bool) -> None:
    made = learnt({"name": TOPIC, "squares": squares, "strength": 1.0})

    told = [made.parse(text)["topic"]["name"] for text in ("房东把地占了", "今晚没地方住")]

    assert told == ["land", "assistance"]
