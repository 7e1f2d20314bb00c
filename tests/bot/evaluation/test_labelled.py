"""Labelled messages are read whole, or the file is refused with every wrong line named."""

from pathlib import Path
from typing import Any

import pytest

from bot.contracts import Intent, Urgency
from bot.errors import InvalidInputError
from bot.evaluation.labelled import read_labelled
from tests.bot.evaluation.builders import a_file

PLAIN = {"text": "低保咋个办", "intent": "policy_question"}


def test_every_field_is_read(tmp_path: Path) -> None:
    row = {
        "id": "ev1",
        "text": "找不到我弟",
        "intent": "help_request",
        "topic": "family",
        "urgency": "crisis",
        "gold_fact_ids": ["hot110"],
        "answerable": True,
        "second_intent": "dispute",
        "entities": {"age": 9, "place": ["官渡"]},
        "hard_negative": True,
        "rambling": True,
    }

    [message] = read_labelled(a_file(tmp_path, row)).messages

    assert (message.line, message.id, message.text) == (1, "ev1", "找不到我弟")
    assert (message.intent, message.second) == (Intent.HELP_REQUEST, Intent.DISPUTE)
    assert (message.topic, message.urgency) == ("family", Urgency.CRISIS)
    assert message.is_crisis
    assert message.gold == frozenset({"hot110"})
    assert message.answerable
    assert message.entities == {"age": {9.0}, "place": {"官渡"}}
    assert message.hard_negative
    assert message.rambling
    assert message.given == set(row)


def test_text_and_intent_are_enough(tmp_path: Path) -> None:
    labelled = read_labelled(a_file(tmp_path, "", PLAIN))

    [message] = labelled.messages
    assert (message.line, message.id) == (2, "line 2")
    assert message.given == {"text", "intent"}
    assert message.answerable is None
    assert labelled.unread == ()


def test_gold_entries_say_whether_it_can_be_answered(tmp_path: Path) -> None:
    rows = ({**PLAIN, "gold_fact_ids": []}, {**PLAIN, "gold_fact_ids": ["aid01"]})

    no, yes = read_labelled(a_file(tmp_path, *rows)).messages

    assert (no.answerable, yes.answerable) == (False, True)


def test_a_second_intent_of_null_says_that_there_is_none(tmp_path: Path) -> None:
    [message] = read_labelled(a_file(tmp_path, {**PLAIN, "second_intent": None})).messages

    assert message.second is None
    assert "second_intent" in message.given


def test_a_line_may_hold_any_character_of_unicode(tmp_path: Path) -> None:
    path = tmp_path / "messages.jsonl"
    line = '{"text": "一行\u2028还是这一行", "intent": "greeting"}'
    path.write_bytes(b"\xef\xbb\xbf" + line.encode() + b"\r\n")

    assert [message.text for message in read_labelled(path).messages] == ["一行\u2028还是这一行"]


def test_fields_that_are_not_read_are_named(tmp_path: Path) -> None:
    row = {**PLAIN, "urgencey": "normal", "entities": {"phone": "1"}}

    assert read_labelled(a_file(tmp_path, row)).unread == ("urgencey", "entities.phone")


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("not json", "not a JSON object"),
        ("[]", "not a JSON object"),
        ({"intent": "greeting"}, "text is missing or empty"),
        ({**PLAIN, "text": " "}, "text is missing or empty"),
        ({"text": "x"}, "intent is missing"),
        ({**PLAIN, "intent": "policy"}, "intent is 'policy'; it must be one of policy_question,"),
        ({**PLAIN, "intent": []}, "intent is []; it must be one of"),
        ({**PLAIN, "urgency": "high"}, "urgency is 'high'; it must be one of normal, urgent"),
        ({**PLAIN, "second_intent": 1}, "second_intent is 1"),
        ({**PLAIN, "topic": 3}, "topic is 3; it must be a key of data/topics.yaml"),
        ({**PLAIN, "answerable": "yes"}, "answerable is 'yes'; it must be true or false"),
        ({**PLAIN, "gold_fact_ids": "a"}, "gold_fact_ids must be a list of the ids"),
        ({**PLAIN, "entities": []}, "entities must be an object"),
        ({**PLAIN, "entities": {"age": "9"}}, "entities.age must be a number"),
    ],
)
def test_a_wrong_line_is_named_with_what_to_do(
    tmp_path: Path, row: dict[str, Any] | str, problem: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read_labelled(a_file(tmp_path, PLAIN, row))

    assert f"messages.jsonl line 2: {problem}" in str(refused.value)
    assert "correct these lines or take them out" in str(refused.value)


def test_every_wrong_line_is_named_at_once_but_not_hundreds(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read_labelled(a_file(tmp_path, *["x"] * 12))

    assert "line 10:" in str(refused.value)
    assert "line 11:" not in str(refused.value)
    assert "and 2 more lines" in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"\n\n"])
def test_a_file_without_a_message_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "messages.jsonl"
    path.write_bytes(content)

    with pytest.raises(InvalidInputError, match="holds no message"):
        read_labelled(path)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "messages.jsonl"
    path.write_bytes("你好".encode("gbk"))

    with pytest.raises(InvalidInputError, match="cannot be read as UTF-8"):
        read_labelled(path)
