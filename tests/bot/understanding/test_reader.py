"""How crisis rules, NLU and stand-in work together."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from bot.contracts import Intent, Understanding, Urgency
from bot.errors import NluUnavailableError
from bot.understanding.crisis import CLASSIFIER, CrisisKind, find_crisis
from bot.understanding.danger import SEEN_FROM, SUSPECTED_FROM
from bot.understanding.reader import HURRY_MS, Reader, ReaderStatus
from tests.conftest import NOW


@dataclass
class FakeNlu:
    """Says what the test wants, or nothing."""

    answer: Understanding | None = None
    asked: list[tuple[str, int | None]] = field(default_factory=list)

    def understand(
        self,
        text: str,
        *,
        now: datetime,
        within_ms: int | None = None,
        by_words: bool = False,
    ) -> Understanding:
        self.asked.append((text, within_ms))
        if self.answer is None:
            raise NluUnavailableError("no answer in time")
        return self.answer


def says(
    intent: Intent, confidence: float = 0.8, milder: Intent | None = None, odds: float = 0.0
) -> FakeNlu:
    return FakeNlu(
        Understanding(intent, confidence, topic="wages", milder=milder, crisis_odds=odds)
    )


def a_reader(nlu: FakeNlu) -> Reader:
    standin = Understanding(Intent.POLICY_QUESTION, 0.3, source="standin")
    return Reader(nlu, FakeNlu(standin))


def test_an_ordinary_message_is_read_by_the_nlu() -> None:
    reading = a_reader(says(Intent.DISPUTE)).read("老板不给钱", now=NOW)

    assert reading.understanding.intent is Intent.DISPUTE
    assert reading.understanding.urgency is Urgency.NORMAL
    assert reading.crisis is None


def test_a_rule_fires_while_the_nlu_is_down() -> None:
    reading = a_reader(FakeNlu()).read("我不想活了", now=NOW)

    assert reading.understanding.intent is Intent.CRISIS
    assert reading.understanding.urgency is Urgency.CRISIS
    assert reading.crisis is not None
    assert reading.crisis.kind is CrisisKind.SELF_HARM


def test_a_rule_overrules_the_nlu_and_keeps_the_topic() -> None:
    nlu = says(Intent.DISPUTE, odds=0.2)
    reading = a_reader(nlu).read("老板再不给钱我就从楼上跳下去", now=NOW)

    assert reading.understanding.intent is Intent.CRISIS
    assert reading.understanding.second_intent is None
    assert reading.understanding.topic == "wages"


def test_a_question_beside_a_crisis_is_kept() -> None:
    nlu = says(Intent.POLICY_QUESTION, odds=0.2)
    reading = a_reader(nlu).read("他拿刀砍我，我要离婚要哪些材料", now=NOW)

    assert reading.understanding.intent is Intent.CRISIS
    assert reading.understanding.second_intent is Intent.POLICY_QUESTION


def test_the_nlu_alone_may_call_a_crisis() -> None:
    nlu = says(Intent.CRISIS, SEEN_FROM, odds=SEEN_FROM)
    reading = a_reader(nlu).read("这里的人不准跟外面讲", now=NOW)

    assert reading.crisis is not None
    assert reading.crisis.rule == CLASSIFIER
    assert reading.crisis.kind is CrisisKind.CONFINED
    assert reading.understanding.urgency is Urgency.CRISIS


def test_a_crisis_the_nlu_only_suspects_is_urgent() -> None:
    nlu = says(Intent.CRISIS, 0.12, milder=Intent.DISPUTE, odds=0.12)

    reading = a_reader(nlu).read("他把门摔了", now=NOW)

    assert reading.crisis is None
    assert reading.understanding.intent is Intent.DISPUTE
    assert reading.understanding.confidence <= 1 - 0.12
    assert reading.understanding.urgency is Urgency.URGENT


def test_a_rule_alone_is_not_believed_against_the_nlu() -> None:
    text = "你们这个验证码要了我老命,气的我想把手机砸死"
    assert find_crisis(text)

    reading = a_reader(says(Intent.FEEDBACK_COMPLAINT, odds=0.01)).read(text, now=NOW)

    assert reading.crisis is None
    assert reading.understanding.intent is Intent.FEEDBACK_COMPLAINT


@pytest.mark.parametrize("text", ["辛苦辛苦,已经住进去了", "谢谢老师,娃娃笑了"])
def test_a_thank_you_the_nlu_suspects_stays_one(text: str) -> None:
    nlu = says(Intent.THANKS, odds=SUSPECTED_FROM)

    understanding = a_reader(nlu).read(text, now=NOW).understanding

    assert understanding.intent is Intent.THANKS
    assert understanding.urgency is Urgency.NORMAL
    assert understanding.second_intent is None


@pytest.mark.parametrize("intent", [Intent.THANKS, Intent.TICKET_STATUS])
def test_a_suspected_danger_with_a_sign_of_it_reaches_a_person(intent: Intent) -> None:
    nlu = says(intent, odds=SUSPECTED_FROM)

    understanding = a_reader(nlu).read("谢谢你们,我有点怕他", now=NOW).understanding

    assert understanding.intent is Intent.HELP_REQUEST
    assert understanding.urgency is Urgency.URGENT


def test_what_the_nlu_calls_urgent_is_urgent() -> None:
    nlu = says(Intent.HELP_REQUEST)
    assert nlu.answer
    nlu.answer = replace(nlu.answer, urgency=Urgency.URGENT)

    assert a_reader(nlu).read("来个人看看", now=NOW).understanding.urgency is Urgency.URGENT


def test_harm_within_days_is_urgent() -> None:
    reading = a_reader(says(Intent.HELP_REQUEST)).read("没吃的了,来下", now=NOW)

    assert reading.understanding.urgency is Urgency.URGENT


def test_chat_is_never_urgent() -> None:
    reading = a_reader(says(Intent.OUT_OF_SCOPE)).read("没饭吃哈哈", now=NOW)

    assert reading.understanding.urgency is Urgency.NORMAL


def test_the_standin_reads_when_the_nlu_does_not() -> None:
    reading = a_reader(FakeNlu()).read("低保怎么申请", now=NOW)

    assert reading.understanding.source == "standin"


def test_the_status_says_what_reads_and_since_when() -> None:
    nlu = says(Intent.DISPUTE)
    reader = a_reader(nlu)
    assert reader.status() == ReaderStatus("nlu", None)

    reader.read("一", now=NOW)
    nlu.answer = None
    later = NOW + timedelta(minutes=1)
    reader.read("二", now=later)
    reader.read("三", now=later + timedelta(minutes=1))

    assert reader.status() == ReaderStatus("standin", later)


def test_crises_are_counted_by_kind_and_by_what_saw_them() -> None:
    labels = {"kind": "self_harm", "seen_by": "rule"}
    before = REGISTRY.get_sample_value("yunqiao_crises_total", labels) or 0

    a_reader(FakeNlu()).read("我不想活了", now=NOW)

    assert REGISTRY.get_sample_value("yunqiao_crises_total", labels) == before + 1


def test_no_log_holds_what_was_written() -> None:
    reader = a_reader(FakeNlu())
    with capture_logs() as logs:
        for text in ("我不想活了", "低保怎么申请"):
            reader.read(text, now=NOW)

    assert logs == [
        {
            "event": "reader_changed",
            "source": "standin",
            "reason": "no answer in time",
            "log_level": "warning",
        }
    ]


def test_the_nlu_is_hurried_only_where_a_rule_fired() -> None:
    nlu = says(Intent.DISPUTE)
    reader = a_reader(nlu)

    reader.read("低保怎么申请", now=NOW)
    reader.read("我不想活了", now=NOW)

    assert nlu.asked == [("低保怎么申请", None), ("我不想活了", HURRY_MS)]


def test_a_hurry_that_fails_does_not_say_that_the_nlu_is_away() -> None:
    reader = a_reader(FakeNlu())

    reader.read("我不想活了", now=NOW)

    assert reader.status() == ReaderStatus("nlu", None)


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    a_reader(FakeNlu()).read(text, now=NOW)
