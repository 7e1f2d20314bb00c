"""What the rules make of a message while the NLU is away."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.contracts import Intent, Understanding
from bot.understanding.standin import SURE, StandIn
from tests.conftest import NOW


def topics(text: str) -> Sequence[tuple[str, float]]:
    return [("wages", 0.9), ("labour_contract", 0.2)]


def understand(text: str) -> Understanding:
    return StandIn(topics).understand(text, now=NOW)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("你好", Intent.GREETING),
        ("老师好,在吗", Intent.GREETING),
        ("谢谢你们", Intent.THANKS),
        ("转人工", Intent.HUMAN_HANDOFF),
        ("有没有会说彝语的老师", Intent.HUMAN_HANDOFF),
        ("我上周登记的事到哪一步了", Intent.TICKET_STATUS),
        ("你们发的链接打不开", Intent.FEEDBACK_COMPLAINT),
        ("请帮我写一份起诉状", Intent.HELP_REQUEST),
        ("没吃的了,来下", Intent.HELP_REQUEST),
        ("老板欠我们三个月工资不发", Intent.DISPUTE),
        ("楼上天天吵,说了也不改", Intent.DISPUTE),
        ("低保怎么申请", Intent.POLICY_QUESTION),
        ("加班费要给多少?", Intent.POLICY_QUESTION),
        ("明天昆明天气怎么样", Intent.OUT_OF_SCOPE),
        ("居住证", Intent.POLICY_QUESTION),
    ],
)
def test_the_intent_is_read_by_rules(text: str, intent: Intent) -> None:
    assert understand(text).intent is intent


def test_the_topic_comes_from_the_knowledge_index() -> None:
    understanding = understand("老板欠我们三个月工资不发")

    assert understanding.topic == "wages"
    assert understanding.topics == (("wages", 0.9), ("labour_contract", 0.2))


def test_chat_has_no_topic() -> None:
    assert understand("谢谢").topic == "none"


def test_it_never_claims_to_be_sure() -> None:
    understanding = understand("低保怎么申请")

    assert understanding.confidence <= SURE
    assert understanding.topic_confidence <= SURE
    assert understanding.source == "standin"


def test_a_quarrel_that_ends_in_a_question_is_a_question_first() -> None:
    understanding = understand("老板不给钱,这种要怎么告")

    assert understanding.intent is Intent.POLICY_QUESTION
    assert understanding.second_intent is Intent.DISPUTE


def test_it_goes_on_without_topics_when_the_index_is_broken() -> None:
    def broken(text: str) -> Sequence[tuple[str, float]]:
        raise OSError(text)

    with capture_logs() as logs:
        understanding = StandIn(broken).understand("老板欠我们三个月工资不发", now=NOW)

    assert understanding.intent is Intent.DISPUTE
    assert understanding.topic == "none"
    assert logs == [{"event": "topics_not_found", "error": "OSError", "log_level": "warning"}]


@given(st.text())
def test_any_text_is_understood_somehow(text: str) -> None:
    assert understand(text).intent in set(Intent)
