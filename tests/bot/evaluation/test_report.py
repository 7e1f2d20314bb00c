"""The whole report: nothing that is missing goes unsaid."""

import json
from typing import Any

from bot.evaluation.cases import Case
from bot.evaluation.labelled import Labelled
from bot.evaluation.report import Report, judge
from bot.evaluation.table import MOST_MISTAKES, table
from tests.bot.evaluation.builders import CRISIS, HELP, POLICY, a_case, a_message, a_seen, alarm

EVERYTHING_BUT_THE_TEXT = {
    *("id", "topic", "urgency", "gold_fact_ids", "answerable", "second_intent"),
    *("entities", "hard_negative", "rambling"),
}


def report_of(*cases: Case, unread: tuple[str, ...] = ()) -> Report:
    labelled = Labelled(tuple(case.message for case in cases), unread)
    return judge(cases, labelled, entries=frozenset({"a"}), topics=frozenset({"none", "wages"}))


def a_full_case(**seen: Any) -> Case:
    message = a_message(
        topic="wages", gold=frozenset({"a"}), answerable=True, entities={"age": frozenset({5.0})}
    )
    plain: dict[str, Any] = {"topic": "wages", "hits": ("a",), "entities": {"age": 5}, "ms": 12.5}
    return a_case(message, a_seen(**{**plain, **seen}))


def test_a_file_with_texts_and_intents_only_says_what_it_leaves_out() -> None:
    case = a_case(a_message(without=EVERYTHING_BUT_THE_TEXT))

    report = report_of(case)

    assert report.intent.overall.accuracy.rate == 1
    assert (report.topic, report.urgency, report.entities) == (None, None, None)
    assert report.answers.all_messages is None
    assert [what.partition(":")[0] for what in report.left_out] == [
        *("topic", "urgency", "gold_fact_ids", "entities"),
        *("second_intent", "hard_negative", "rambling"),
    ]
    assert "no topics given" in table(report)
    assert "not judged: 1 questions" in table(report)


def test_lines_without_a_field_are_counted() -> None:
    report = report_of(a_full_case(), a_case(a_message(without={"topic"})))

    assert "topic: 1 of 2 lines have none, left out of the topic figures" in report.left_out


def test_fields_that_nobody_reads_are_named() -> None:
    report = report_of(a_full_case(), unread=("subject",))

    assert "fields that nothing here reads: subject" in report.left_out


def test_kinds_of_facts_that_no_line_has_are_named() -> None:
    report = report_of(a_full_case())

    [named] = [what for what in report.left_out if what.startswith("entities:")]
    assert "place" in named
    assert "age" not in named


def test_readings_by_the_stand_in_are_a_warning() -> None:
    report = report_of(a_full_case(source="standin"), a_full_case())

    assert report.running.by_standin == 1
    assert report.warnings[0].startswith("1 of 2 messages were read by the stand-in")
    assert "WARNING  1 of 2" in table(report)


def test_labels_that_can_never_be_hit_are_a_warning() -> None:
    message = a_message(topic="wage", gold=frozenset({"a", "zz9"}), answerable=True)

    entries, topics = report_of(a_case(message)).warnings

    assert entries == (
        "gold_fact_ids: 1 are no entries of data/knowledge/cards.jsonl and can never be hit: zz9"
    )
    assert topics.endswith("can never be hit: wage")


def test_times_and_vectors_are_counted_where_there_were_any() -> None:
    report = report_of(a_full_case(nlu_ms=4.0, has_vector=True), a_full_case())

    assert (report.running.line_ms.number, report.running.line_ms.p50) == (2, 12.5)
    assert (report.running.nlu_ms.number, report.running.nlu_ms.p50) == (1, 4.0)
    assert report.running.with_vector.rate == 0.5


def test_json_can_write_it_whole() -> None:
    written = json.loads(json.dumps(report_of(a_full_case()).as_json()))

    assert written["intent"]["overall"]["accuracy"] == {"hits": 1, "of": 1, "rate": 1.0}
    assert len(written["intent"]["calibration"]["bins"]) == 10
    assert written["answers"]["policy_questions"]["hit_at_1"]["rate"] == 1.0
    assert written["entities"]["micro"]["f1"] == 1.0


def test_the_table_has_every_part() -> None:
    shown = table(report_of(a_full_case(), a_case(a_message(POLICY), a_seen(HELP, sure=0.7))))

    heads = ("CRISES", "ACTIONS", "INTENT ", "TOPIC ", "URGENCY", "ANSWERS", "ENTITIES")
    assert all(f"\n{head}" in shown for head in (*heads, "MILLISECONDS", "INTENTS", "MISTAKES: 1"))
    assert "wrong intent  m          0.70 policy_question -> help_request" in shown


def test_every_missed_crisis_is_shown_and_other_mistakes_up_to_a_number() -> None:
    missed = [alarm(CRISIS, seen=False) for _ in range(MOST_MISTAKES + 2)]

    shown = table(report_of(*missed, a_case(a_message(POLICY), a_seen(HELP))))

    assert shown.count("missed crisis") == MOST_MISTAKES + 2
    assert "and 1 more: --json has them all" in shown
