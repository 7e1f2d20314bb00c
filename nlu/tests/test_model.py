"""What the trained model answers, as the bot will get it."""

import json
import statistics
import time
from pathlib import Path

import pytest
import yaml

from nlu.labels import SOCIAL_INTENTS
from nlu.serving.model import Model, ModelError, load

HERE = Path(__file__).resolve().parents[1]
CONTRACT = json.loads((HERE / "contract.json").read_text("utf-8"))
INTENTS = yaml.safe_load((HERE / "domain.yml").read_text("utf-8"))["intents"]
TOPICS = yaml.safe_load((HERE / "topics.yml").read_text("utf-8"))


def test_the_contract_is_what_the_model_answers(model: Model) -> None:
    promised = CONTRACT["response"]

    answer = model.parse(CONTRACT["request"]["text"])

    assert set(answer) == set(promised)
    assert answer["text"] == promised["text"]
    assert answer["entities"] == promised["entities"]
    for label in ("intent", "topic"):
        assert answer[label]["name"] == promised[label]["name"]
        assert answer[label].keys() == promised[label].keys()


def test_every_label_is_ranked_and_the_odds_sum_to_one(model: Model) -> None:
    answer = model.parse("房东不退押金还骂人")

    for kind, names in (("intent", INTENTS), ("topic", TOPICS)):
        ranking = answer[f"{kind}_ranking"]
        assert sorted(entry["name"] for entry in ranking) == sorted(names)
        assert sum(entry["confidence"] for entry in ranking) == pytest.approx(1)
        assert answer[kind] == ranking[0]


@pytest.mark.parametrize("text", ["", "😂😂", "……", "ꆈꌠꉙ"])
def test_what_cannot_be_read_is_no_confident_guess(model: Model, text: str) -> None:
    answer = model.parse(text)

    assert answer["intent"]["name"] == "out_of_scope"
    assert answer["topic"]["name"] == "none"
    assert answer["intent"]["confidence"] < 0.5


def test_a_typed_command_sets_nothing(model: Model) -> None:
    answer = model.parse('/thanks{"place": "河内"}')

    assert answer["intent"]["confidence"] < 1
    assert answer["entities"] == []


@pytest.mark.parametrize(
    ("text", "intent", "topic"),
    [
        ("我不想活了 药就在手边", "crisis", "mental_health"),
        ("他拿刀要砍我和娃 我们躲在屋头", "crisis", "domestic_violence"),
        ("转人工", "human_handoff", "none"),
        ("你好 有人在吗", "greeting", "none"),
        ("谢谢老师", "thanks", "none"),
        ("上周登记的那个单子办到哪步了", "ticket_status", "none"),
        ("老板差我们五个人三个月工资 电话也不接", "dispute", "wages"),
        ("居住证要住满好久才给办", "policy_question", "residence"),
    ],
)
def test_plain_cases_are_read_right(model: Model, text: str, intent: str, topic: str) -> None:
    answer = model.parse(text)

    assert (answer["intent"]["name"], answer["topic"]["name"]) == (intent, topic)


def test_traditional_and_full_width_writing_change_nothing(model: Model) -> None:
    plain = model.parse("老板欠我工资3500元不给")
    other = model.parse("老闆欠我工資３５００元不給")

    assert other["intent"]["name"] == plain["intent"]["name"]
    assert other["intent"]["confidence"] == pytest.approx(plain["intent"]["confidence"], abs=0.02)


def test_social_intents_are_intents() -> None:
    assert set(INTENTS) >= SOCIAL_INTENTS


def test_parsing_takes_milliseconds_of_a_processor(model: Model) -> None:
    took = []
    for _ in range(50):
        began = time.thread_time()
        model.parse("我们在官渡一个楼盘贴瓷砖 带我们的小老板联系不上了 工资要找哪个要")
        took.append(time.thread_time() - began)

    # The aim is 5 ms; the bound leaves room for a slow machine.
    assert statistics.median(took) < 0.05


def test_a_broken_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "nlu-broken.tar.gz"
    path.write_bytes(b"no archive")

    with pytest.raises(ModelError, match="nlu-broken"):
        load(path)
