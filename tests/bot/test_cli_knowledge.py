"""The commands of the knowledge base, as they are typed."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from bot.cli import Commands
from bot.cli_knowledge import knowledge_group
from bot.settings import Settings
from tests.bot.knowledge.test_evaluate import written


def run(settings: Settings, *arguments: str) -> Result:
    group = Commands(name="bot", commands={"knowledge": knowledge_group})
    return CliRunner().invoke(group, ["knowledge", *arguments], obj=settings)


def files(folder: Path, **texts: str) -> list[str]:
    docs, queries, qrels = written(folder, **texts)
    return ["--docs", str(docs), "--queries", str(queries), "--qrels", str(qrels)]


def test_a_benchmark_is_measured_and_told_as_json(settings: Settings, tmp_path: Path) -> None:
    done = run(settings, "evaluate", *files(tmp_path), "--json", "--no-vectors")

    told = json.loads(done.stdout)
    assert told["words"]["hit@1"] == 1.0
    assert told["entries"] == 3
    assert "meaning" not in told


def test_a_file_that_is_wrong_ends_with_one_plain_line(settings: Settings, tmp_path: Path) -> None:
    done = run(settings, "evaluate", *files(tmp_path, docs="id\ttext\n"), "--no-vectors")

    assert done.exit_code == 1
    assert done.stderr.startswith("Error: docs.tsv line 1 must name the columns")
