"""Dangers, actions and answers, judged by the definition of the intents."""

import pytest

from bot.contracts import Action, Intent, Urgency
from bot.evaluation.cases import Case
from bot.evaluation.deeds import (
    acted_rightly,
    action_rates,
    answer_rates,
    answered_wrongly,
    crisis_rates,
    expected,
)
from tests.bot.evaluation.builders import (
    CRISIS,
    GREETING,
    HELP,
    a_case,
    a_message,
    a_seen,
    alarm,
    question,
)

ANSWER, OFFER, DECLINE, TICKET = Action.ANSWER, Action.OFFER, Action.DECLINE, Action.TICKET


def test_crises_are_found_and_alarms_are_false() -> None:
    cases = [
        alarm(CRISIS, seen=True),
        alarm(HELP, seen=False, urgency=Urgency.CRISIS),
        alarm(HELP, seen=True, hard_negative=True),
        alarm(HELP, seen=False, hard_negative=True),
        alarm(HELP, seen=False),
    ]

    rates = crisis_rates(cases)

    assert (rates.recall.hits, rates.recall.of) == (1, 2)
    assert (rates.false_alarms.hits, rates.false_alarms.of) == (1, 3)
    assert rates.false_alarms_hard is not None
    assert (rates.false_alarms_hard.hits, rates.false_alarms_hard.of) == (1, 2)


def test_without_hard_negatives_named_there_is_no_figure_for_them() -> None:
    case = alarm(HELP, seen=True, without={"hard_negative"})

    assert crisis_rates([case]).false_alarms_hard is None


@pytest.mark.parametrize(
    ("intent", "action"),
    [
        (Intent.CRISIS, "crisis"),
        (Intent.HELP_REQUEST, "ticket"),
        (Intent.DISPUTE, "ticket"),
        (Intent.FEEDBACK_COMPLAINT, "ticket"),
        (Intent.HUMAN_HANDOFF, "handoff"),
        (Intent.TICKET_STATUS, "status"),
        (Intent.GREETING, "chat"),
        (Intent.THANKS, "chat"),
        (Intent.OUT_OF_SCOPE, "chat"),
        (Intent.POLICY_QUESTION, None),  # nobody said whether anything answers it
    ],
)
def test_each_intent_expects_its_action(intent: Intent, action: str | None) -> None:
    assert expected(a_message(intent)) == action


def test_danger_expects_the_crisis_reply_whatever_was_wanted() -> None:
    assert expected(a_message(GREETING, urgency=Urgency.CRISIS)) == "crisis"


@pytest.mark.parametrize(
    ("case", "right"),
    [
        (question({"a"}, ANSWER, hits=("a",), sent="a"), True),
        (question({"a"}, ANSWER, hits=("b", "a"), sent="b"), False),
        (question({"a"}, OFFER, hits=("b", "c", "a")), True),
        (question({"a"}, OFFER, hits=("b", "c", "d", "a")), False),
        (question({"a"}, DECLINE, hits=("a",)), False),
        (question({"a"}, TICKET, hits=("a",), sent="a"), False),
        (question(set(), DECLINE), True),
        (question(set(), OFFER, hits=("b",)), True),
        (question(set(), ANSWER, hits=("b",), sent="b"), False),
        (question(set(), TICKET), False),
    ],
)
def test_a_question_is_answered_offered_or_declined(case: Case, *, right: bool) -> None:
    assert acted_rightly(case) is right


def test_actions_are_counted_by_what_was_expected() -> None:
    unknown = a_case(a_message(answerable=True), a_seen(action=ANSWER))
    cases = [
        a_case(a_message(HELP), a_seen(HELP, TICKET)),
        a_case(a_message(HELP), a_seen(HELP, OFFER)),
        a_case(a_message(GREETING), a_seen(GREETING, Action.CHAT)),
        unknown,
    ]

    rates = action_rates(cases)

    assert (rates.accuracy.hits, rates.accuracy.of) == (2, 3)
    assert rates.by_expected["ticket"].right.rate == 0.5
    assert rates.by_expected["ticket"].done == {"ticket": 1, "offer": 1}
    assert rates.by_expected["chat"].right.rate == 1
    assert rates.unjudged == 1


def test_answers_are_counted() -> None:
    cases = [
        question({"a"}, ANSWER, hits=("a", "b"), sent="a"),
        question({"a"}, ANSWER, hits=("b", "a"), sent="b"),
        question({"a"}, OFFER, hits=("b", "a")),
        question({"a"}, OFFER, hits=("b", "c", "d", "a")),
        question({"a"}, DECLINE),
        question(set(), ANSWER, hits=("b",), sent="b"),
        question(set(), DECLINE, hits=("b",)),
        a_case(a_message(answerable=True), a_seen(action=ANSWER, answers={"b": 0.9})),
    ]

    rates = answer_rates(cases)

    assert rates is not None
    assert (rates.hit_at_1.hits, rates.hit_at_1.of) == (1, 5)
    assert (rates.hit_at_3.hits, rates.hit_at_3.of) == (3, 5)
    assert (rates.answered.hits, rates.answered.of) == (3, 7)
    assert (rates.precision.hits, rates.precision.of) == (1, 3)
    assert (rates.coverage.hits, rates.coverage.of) == (2, 5)
    assert (rates.rightly.hits, rates.rightly.of) == (1, 5)
    assert (rates.anyway.hits, rates.anyway.of) == (1, 2)
    assert (rates.offers.hits, rates.offers.of) == (1, 2)


def test_without_labels_nothing_is_known_of_answers() -> None:
    case = a_case(a_message(), a_seen(action=ANSWER, answers={"a": 0.9}))

    assert answer_rates([case]) is None
    assert not answered_wrongly(case)


def test_an_answer_beside_a_ticket_is_an_answer() -> None:
    message = a_message(HELP, gold=frozenset({"a"}), answerable=True)
    case = a_case(message, a_seen(HELP, TICKET, hits=("b",), answers={"b": 0.9}))

    assert answered_wrongly(case)
    assert acted_rightly(case)
