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


def test_a_policy_document_is_imported_split_and_published(
    settings: Settings, database_url: str, tmp_path: Path
) -> None:
    own = settings.model_copy(
        update={"database": settings.database.model_copy(update={"url": database_url})}
    )
    file = tmp_path / "policy.md"
    file.write_text("# 办法\n第一条 每户每年补助三百元。\n第二条 到村委会登记。\n", "utf-8")
    what = ["--title", "石桥县取暖办法", "--number", "石政发〔2026〕3号"]
    when = ["--effective", "2026-01-01"]

    done = run(own, "import-document", str(file), *what, *when, "--scope", "530111", "--publish")

    assert done.exit_code == 0, done.output
    assert "version 1, published, 2 passages" in done.stdout
    assert "第二条" in done.stdout


def test_a_policy_document_of_an_unknown_place_is_refused(
    settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "policy.txt"
    file.write_text("第一条 内容。", "utf-8")

    done = run(
        settings, "import-document", str(file), "--title", "办法", "--effective", "2026-01-01",
        "--scope", "999999",
    )  # fmt: skip

    assert done.exit_code == 1
    assert "999999" in done.stderr
