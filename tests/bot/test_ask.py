"""Asking from the command line: one object in, one object out, in order."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot import ask
from bot.errors import InvalidInputError
from bot.settings import Nlu, Settings

KEYS = {
    *("id", "intent", "confidence", "topic", "urgency", "action", "entries", "entities"),
    *("reply", "ms"),
}


@pytest.fixture(autouse=True)
def _nobody_serves_the_nlu(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def away(settings: Settings) -> Iterator[Nlu]:
        yield settings.nlu.model_copy(update={"urls": ("http://127.0.0.1:9",)})

    monkeypatch.setattr(ask, "running_nlu", away)


def asked(settings: Settings, *texts: str) -> list[dict[str, object]]:
    lines = [json.dumps({"id": f"q{n}", "text": text}) for n, text in enumerate(texts)]
    return list(ask.ask_all(settings, lines))


def test_each_message_is_answered_in_order(settings: Settings) -> None:
    answers = asked(settings, "老板拖欠工资咋个办", "我不想活了 药都买好了", "")

    assert [answer["id"] for answer in answers] == ["q0", "q1", "q2"]
    assert [answer["action"] for answer in answers] == ["answer", "crisis", "chat"]
    assert all(answer.keys() == KEYS for answer in answers)


def test_entries_come_best_first_with_their_scores(settings: Settings) -> None:
    [answer] = asked(settings, "老板拖欠工资咋个办")

    entries = answer["entries"]
    assert isinstance(entries, list)
    assert entries[0]["id"] == "wage01"
    assert 0 < len(entries) <= 5


def test_every_message_is_the_first_of_a_new_resident(settings: Settings) -> None:
    help_me = "帮我去找老板要工钱 我们五个人在官渡"

    first, second = asked(settings, help_me, help_me)

    assert first["reply"] != second["reply"]
    assert "已经登记" in str(second["reply"])


@pytest.mark.parametrize(
    "line", ["not json", "[]", '{"id": 1}', '{"text": "x"}', '{"id":1,"text":2}']
)
def test_a_line_that_is_no_message_is_named(settings: Settings, line: str) -> None:
    with pytest.raises(InvalidInputError, match="line 1"):
        list(ask.ask_all(settings, [line]))
