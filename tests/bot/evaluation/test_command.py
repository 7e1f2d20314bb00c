"""The command, through the whole line, read by the stand-in: no NLU is served here."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot import ask
from bot.contracts import Action, Intent, Understanding, Vector
from bot.errors import NluUnavailableError
from bot.evaluation.cases import Watched, run
from bot.settings import ROOT, Nlu, Settings
from tests.bot.evaluation.builders import a_file, a_message
from tests.conftest import NOW
from tests.fakes import FakeNlu

NOBODY = "http://127.0.0.1:9"
ROWS: tuple[dict[str, Any], ...] = (
    {"text": "老板拖欠工资咋个办", "intent": "policy_question", "gold_fact_ids": ["wage01"]},
    {"text": "我不想活了 药都买好了", "intent": "crisis", "urgency": "crisis"},
    {"text": "帮我去找老板要工钱 我们五个人在官渡", "intent": "help_request"},
)


def evaluate(folder: Path, file: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the command as people do."""
    # Without a file of secrets the command makes one in its data folder.
    plain = {name: value for name, value in os.environ.items() if not name.startswith("YUNQIAO_")}
    env = plain | {
        "YUNQIAO_SERVICE__DATA_DIR": str(folder / "var"),
        "YUNQIAO_NLU__SERVE": "false",
        "YUNQIAO_NLU__URLS": NOBODY,
    }
    command = [sys.executable, "-m", "bot", "evaluate", "messages", str(file), *options]
    return subprocess.run(
        command, env=env, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
    )


def test_the_figures_are_all_that_standard_output_holds(tmp_path: Path) -> None:
    done = evaluate(tmp_path, a_file(tmp_path, *ROWS), "--json", "--limit", "2")

    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["messages"] == 2
    assert report["crisis"]["recall"] == {"hits": 1, "of": 1, "rate": 1.0}
    assert report["answers"]["policy_questions"]["rightly"]["hits"] == 1
    assert report["running"]["by_standin"] == 2
    assert "the stand-in reads the messages" in done.stderr


def test_a_wrong_line_is_named_before_anything_runs(tmp_path: Path) -> None:
    done = evaluate(tmp_path, a_file(tmp_path, *ROWS, {"text": "x", "intent": "nonsense"}))

    assert done.returncode == 1
    assert done.stdout == ""
    assert "messages.jsonl line 4: intent is 'nonsense'" in done.stderr
    assert "the stand-in reads" not in done.stderr
    assert "Traceback" not in done.stderr


def test_each_message_is_seen_as_the_line_left_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def away(settings: Settings) -> Iterator[Nlu]:
        yield settings.nlu.model_copy(update={"urls": (NOBODY,)})

    monkeypatch.setattr(ask, "running_nlu", away)
    messages = [
        a_message(Intent(row["intent"]), text=row["text"], line=at) for at, row in enumerate(ROWS)
    ]

    asked, crisis, helped = (case.seen for case in run(settings, messages))

    assert asked.action == Action.ANSWER
    assert list(asked.answers) == ["wage01"] == [asked.hits[0]]
    assert 0 < asked.answers["wage01"] <= 1
    assert asked.ms > 0
    assert (crisis.action, crisis.answers) == (Action.CRISIS, {})
    assert helped.action == Action.TICKET
    assert all(one.by_standin and one.nlu_ms is None for one in (asked, crisis, helped))


def test_the_nlu_is_timed_and_its_failures_have_no_time() -> None:
    fake = FakeNlu()
    watched = Watched(fake)

    watched.understand("你好", now=NOW)
    assert watched.ms is not None

    fake.down = True
    with pytest.raises(NluUnavailableError):
        watched.understand("你好", now=NOW)
    assert watched.ms is None


def test_a_reading_with_a_vector_is_noticed() -> None:
    class Seer:
        def understand(
            self,
            text: str,
            *,
            now: datetime,
            within_ms: int | None = None,
            by_words: bool = False,
        ) -> Understanding:
            return cast("Understanding", SimpleNamespace(vector=Vector("model", b"")))

    watched = Watched(Seer())

    watched.understand("你好", now=NOW)

    assert watched.has_vector
