"""Intent, topic and urgency, judged on cases small enough to count."""

import pytest

from bot.contracts import Urgency
from bot.evaluation.labels import intent_rates, topic_rates, urgency_rates
from tests.bot.evaluation.builders import (
    CRISIS,
    DISPUTE,
    HELP,
    POLICY,
    a_case,
    a_message,
    a_seen,
    read_as,
)


def test_intents_are_counted_and_confused() -> None:
    cases = [read_as(POLICY, POLICY), read_as(POLICY, HELP), read_as(HELP, HELP, sure=0.5)]

    rates = intent_rates(cases)

    assert rates.overall.accuracy.rate == pytest.approx(2 / 3)
    assert rates.overall.macro_f1 == pytest.approx(2 / 3)  # both: 1 hit, 3 expected or named
    assert rates.confusions == {POLICY: {POLICY: 1, HELP: 1}, HELP: {HELP: 1}}
    assert rates.f1[POLICY] == pytest.approx(2 / 3)
    assert rates.f1[CRISIS] is None
    # two at .9, one of them right; one at .5, right
    assert rates.calibration.error == pytest.approx(2 / 3 * 0.4 + 1 / 3 * 0.5)


def test_long_and_rambling_messages_are_judged_apart() -> None:
    short = a_case(a_message(text="短" * 60))
    long = a_case(a_message(text="长" * 61), a_seen(HELP))
    rambling = a_case(a_message(rambling=True))

    rates = intent_rates([short, long, rambling])

    assert (rates.long.accuracy.hits, rates.long.accuracy.of) == (0, 1)
    assert rates.rambling is not None
    assert (rates.rambling.accuracy.hits, rates.rambling.accuracy.of) == (1, 1)


def test_what_no_line_has_is_left_out() -> None:
    without = {"rambling", "second_intent", "topic", "urgency"}
    case = a_case(a_message(without=without))

    rates = intent_rates([case])

    assert rates.rambling is None
    assert rates.second is None
    assert topic_rates([case]) is None
    assert urgency_rates([case]) is None


def test_a_second_intent_is_found_missed_or_made_up() -> None:
    cases = [
        a_case(a_message(second=DISPUTE), a_seen(second_intent=DISPUTE)),
        a_case(a_message(second=DISPUTE), a_seen(second_intent=HELP)),
        a_case(a_message(second=DISPUTE), a_seen()),
        a_case(a_message(without={"second_intent"}), a_seen(second_intent=HELP)),
        a_case(a_message()),
    ]

    second = intent_rates(cases).second

    assert second is not None
    assert (second.recall.hits, second.recall.of) == (1, 3)
    assert (second.precision.hits, second.precision.of) == (1, 3)


def test_topics_are_judged_with_and_without_those_that_have_none() -> None:
    ranking = (("land", 0.4), ("wages", 0.3), ("debt", 0.2), ("family", 0.1))
    cases = [
        a_case(a_message(topic="wages"), a_seen(topic="land", topics=ranking)),
        a_case(a_message(topic="family"), a_seen(topic="land", topics=ranking)),
        a_case(a_message(topic="land"), a_seen(topic="land", topics=ranking)),
        a_case(a_message(topic="none"), a_seen(topic="none")),
        a_case(a_message(without={"topic"}), a_seen(topic="land")),
    ]

    rates = topic_rates(cases)

    assert rates is not None
    assert (rates.with_topic.accuracy.hits, rates.with_topic.accuracy.of) == (1, 3)
    assert (rates.overall.accuracy.hits, rates.overall.accuracy.of) == (2, 4)
    assert (rates.in_first_three.hits, rates.in_first_three.of) == (2, 3)
    assert rates.confusions == [("wages", "land", 1), ("family", "land", 1)]


def test_the_most_frequent_confusion_of_topics_comes_first() -> None:
    pairs = [("a", "b"), ("c", "d"), ("c", "d"), ("c", "c")]
    cases = [a_case(a_message(topic=wanted), a_seen(topic=got)) for wanted, got in pairs]

    rates = topic_rates(cases)

    assert rates is not None
    assert rates.confusions == [("c", "d", 2), ("a", "b", 1)]


def test_each_urgency_has_its_recall() -> None:
    urgent = a_message(HELP, urgency=Urgency.URGENT)
    cases = [
        a_case(urgent, a_seen(HELP, urgency=Urgency.URGENT)),
        a_case(urgent, a_seen(HELP)),
        a_case(a_message(HELP), a_seen(HELP, urgency=Urgency.URGENT)),
        a_case(a_message(HELP, without={"urgency"}), a_seen(HELP, urgency=Urgency.CRISIS)),
    ]

    rates = urgency_rates(cases)

    assert rates is not None
    assert (rates.accuracy.hits, rates.accuracy.of) == (1, 3)
    assert rates.recall[Urgency.URGENT].rate == 0.5
    assert rates.recall[Urgency.NORMAL].rate == 0
    assert rates.recall[Urgency.CRISIS].rate is None
