"""What is taken over from the NLU's answer."""

import base64
import json
import struct
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts import Intent, Understanding, Urgency
from bot.errors import NluUnavailableError
from bot.settings import ROOT
from bot.understanding.answer import read_answer
from tests.bot.understanding.a_server import GOOD


def read(**changes: object) -> Understanding:
    return read_answer(json.dumps({**GOOD, **changes}).encode())


def ranking(**intents: float) -> list[dict[str, Any]]:
    return [{"name": name, "confidence": confidence} for name, confidence in intents.items()]


def test_the_agreed_example_is_understood() -> None:
    contract = json.loads((ROOT / "nlu" / "contract.json").read_text("utf-8"))

    understanding = read_answer(json.dumps(contract["response"]).encode())

    assert understanding.intent is Intent.DISPUTE
    assert understanding.topic == "wages"
    assert understanding.entities["place"] == ["呈贡马金铺"]
    assert understanding.entities["amount_yuan"] == 35000
    assert understanding.entities["phone"] == "13888812345"


def test_topics_come_best_first() -> None:
    assert read().topics == (("wages", 0.7), ("labour_contract", 0.2))


def test_an_answer_without_topic_has_none() -> None:
    answer = {key: value for key, value in GOOD.items() if "topic" not in key}

    assert read_answer(json.dumps(answer).encode()).topic == "none"


def test_a_question_beside_a_quarrel_is_the_second_intent() -> None:
    answer = read(intent_ranking=ranking(dispute=0.6, policy_question=0.3))

    assert answer.second_intent is Intent.POLICY_QUESTION


def test_help_beside_a_quarrel_is_no_second_intent() -> None:
    assert read(intent_ranking=ranking(dispute=0.6, help_request=0.35)).second_intent is None


def test_a_weak_second_is_left_out() -> None:
    assert read(intent_ranking=ranking(dispute=0.7, policy_question=0.2)).second_intent is None


def test_a_second_that_the_nlu_names_is_taken() -> None:
    answer = read(second={"name": "policy_question", "confidence": 0.4})

    assert answer.second_intent is Intent.POLICY_QUESTION


def test_the_odds_of_a_crisis_are_passed_on_from_any_place() -> None:
    answer = read(intent_ranking=ranking(dispute=0.5, policy_question=0.3, crisis=0.2))

    assert answer.crisis_odds == 0.2
    assert answer.second_intent is Intent.POLICY_QUESTION


def test_where_the_nlu_looked_for_a_second_matter_its_ranking_tells_of_none() -> None:
    answer = read(intent_ranking=ranking(dispute=0.6, policy_question=0.4), second={})

    assert answer.second_intent is None


def test_the_nlu_may_call_a_message_urgent() -> None:
    assert read(urgency={"name": "urgent", "confidence": 0.7}).urgency is Urgency.URGENT
    assert read(urgency={"name": "normal", "confidence": 0.7}).urgency is Urgency.NORMAL


def test_a_certainty_that_rounding_spoilt_is_still_read() -> None:
    none = {"name": "none", "confidence": 1.0000002}
    wages = {"name": "wages", "confidence": -3e-11}

    answer = read(topic=none, topic_ranking=[none, wages])

    assert answer.topics == (("none", 1.0), ("wages", 0.0))


def test_beside_a_crisis_the_next_likely_intent_is_kept_and_no_second_matter() -> None:
    answer = read(
        intent={"name": "crisis", "confidence": 0.6},
        intent_ranking=ranking(crisis=0.6, thanks=0.1, dispute=0.05),
        second={},
    )

    assert answer.milder is Intent.THANKS
    assert answer.second_intent is None


def test_entities_take_the_judged_form() -> None:
    entities = [
        {"entity": "place", "value": "官渡", "text": "官渡"},
        {"entity": "amount", "value": 35000, "text": "三万五"},
        {"entity": "amount", "value": 200, "text": "两百"},
        {"entity": "people_count", "value": "12", "text": "十二个人"},
        {"entity": "age", "value": 61, "text": "六十一"},
        {"entity": "date", "value": "2026-03-01", "text": "昨天"},
        {"entity": "phone", "value": "13800004412", "text": "1380000 4412"},
    ]

    assert read(entities=entities).entities == {
        "place": ["官渡"],
        "amount": ["三万五", "两百"],
        "amount_yuan": 35000,
        "people_count": 12,
        "age": 61,
        "date": ["昨天"],
        "phone": "13800004412",
    }


def test_a_date_is_understood_as_said_on_that_day() -> None:
    entities = [{"entity": "date", "value": said, "text": said} for said in ("上个月", "有一天")]
    body = json.dumps({**GOOD, "entities": entities}).encode()

    understanding = read_answer(body, datetime.fromisoformat("2026-07-15T10:00+08:00"))

    assert understanding.entities["date"] == ["上个月", "有一天"]
    assert understanding.entities["date_span"] == ["2026-06-01/2026-06-30"]


def test_a_place_keeps_its_wording_and_its_official_name() -> None:
    entities = [
        {"entity": "place", "value": "昆明市官渡区矣六街道", "text": "矣六"},
        {"entity": "place", "value": "四川", "text": "四川"},
    ]

    assert read(entities=entities).entities == {
        "place": ["矣六", "四川"],
        "place_name": ["昆明市官渡区矣六街道"],
    }


def test_who_and_how_much_are_kept_as_they_were_said() -> None:
    entities = [
        {"entity": "person", "value": "母亲", "text": "我妈"},
        {"entity": "person", "value": "母亲", "text": "我妈"},
        {"entity": "employer", "value": "水泥厂", "text": "水泥厂"},
        {"entity": "quantity", "value": "五亩", "text": "五亩"},
        {"entity": "quantity", "value": "三头牛", "text": "三头牛"},
    ]

    assert read(entities=entities).entities == {
        "person": ["我妈"],
        "employer": ["水泥厂"],
        "quantity": "五亩",
    }


def test_an_identity_number_is_never_kept() -> None:
    number = "530102199001011234"
    entities = [{"entity": "id_number", "value": number, "text": number}]

    assert read(entities=entities).entities == {"id_number": True}


def test_a_number_that_is_none_is_left_out() -> None:
    entities = [{"entity": "amount", "value": "很多", "text": "很多钱"}]

    assert read(entities=entities).entities == {"amount": ["很多钱"]}


@given(
    st.binary(max_size=200)
    | st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["intent", "topic", "name", "confidence", "entities"]), inner
            )
        ),
        max_leaves=8,
    ).map(lambda document: json.dumps(document).encode())
)
def test_rubbish_is_refused_in_one_way(body: bytes) -> None:
    with pytest.raises(NluUnavailableError):
        read_answer(body)


def test_a_vector_that_came_along_is_kept_and_a_broken_one_left_out() -> None:
    point = base64.b64encode(struct.pack("<384e", 1.0, *[0.0] * 383)).decode()

    whole = read(vector={"model": "e5", "data": point})

    assert whole.vector is not None
    assert whole.vector.model == "e5"
    assert read(vector={"model": "e5", "data": point[:8]}).vector is None
    assert read(vector={"data": 7}).vector is None
    assert read(vector="none").vector is None
