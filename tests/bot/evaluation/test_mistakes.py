"""The worst mistakes come first."""

from dataclasses import replace

from bot.contracts import Action
from bot.evaluation.mistakes import Kind, mistakes
from tests.bot.evaluation.builders import CRISIS, DISPUTE, HELP, POLICY, alarm, question, read_as


def test_the_worst_come_first_and_the_surest_of_each_kind() -> None:
    cases = [
        read_as(POLICY, HELP, sure=0.4),
        read_as(POLICY, DISPUTE, sure=0.7),
        alarm(HELP, seen=True),
        question(set(), Action.ANSWER, sent="b"),
        alarm(CRISIS, seen=False),
        read_as(POLICY, POLICY),
    ]

    found = mistakes(cases)

    assert [one.kind for one in found] == [
        *(Kind.MISSED_CRISIS, Kind.WRONG_ANSWER, Kind.FALSE_CRISIS),
        *(Kind.WRONG_INTENT, Kind.WRONG_INTENT),
    ]
    assert [one.confidence for one in found[-2:]] == [0.7, 0.4]
    assert [(one.expected, one.got) for one in found[:4]] == [
        *(("crisis", "help_request, ticket"), ("no answer", "b")),
        *(("help_request", "crisis"), ("policy_question", "dispute")),
    ]


def test_a_message_is_listed_once_with_its_worst_mistake() -> None:
    case = question({"a"}, Action.ANSWER, sent="b")
    as_dispute = replace(case.seen, understood=replace(case.seen.understood, intent=DISPUTE))

    [mistake] = mistakes([replace(case, seen=as_dispute)])

    assert mistake.kind is Kind.WRONG_ANSWER
    assert (mistake.expected, mistake.got, mistake.confidence) == ("a", "b", 0.8)


def test_a_long_text_is_shortened_to_one_line() -> None:
    [mistake] = mistakes([alarm(CRISIS, seen=False, text="救命\n" + "长" * 80)])

    assert mistake.text == "救命 " + "长" * 56 + "…"
