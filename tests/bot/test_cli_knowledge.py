"""The commands of the knowledge base, as they are typed."""

import json
from pathlib import Path

from click.testing import CliRunner, Result
from sqlalchemy import Engine

from bot.cli import Commands
from bot.cli_knowledge import CARDS, QUESTIONS, knowledge_group
from bot.db.engine import transaction
from bot.knowledge import entries, wordings
from bot.knowledge.heard import read_questions
from bot.knowledge.load import read_cards
from bot.settings import Settings
from tests.bot.knowledge.builders import a_draft, an_entry
from tests.bot.knowledge.test_evaluate import written
from tests.builders import a_caseworker
from tests.conftest import NOW


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


def test_ones_own_base_is_exported_so_that_it_can_be_measured(
    settings: Settings, stocked_engine: Engine, tmp_path: Path
) -> None:
    url = stocked_engine.url.render_as_string(hide_password=False)
    own = settings.model_copy(
        update={"database": settings.database.model_copy(update={"url": url})}
    )
    with transaction(stocked_engine) as session:
        staff = a_caseworker(session).id
        entry = an_entry(session, a_draft("快递放在哪里拿", topic="hotlines"))
        gone = an_entry(session, a_draft("垃圾几点收", topic="hotlines"))
        for text, entry_id in (
            ("包裹搁哪点", entry),
            ("垃圾车几点来", gone),
            ("快递丢了赔不赔", ""),
        ):
            wordings.keep(session, text, entry_id=entry_id, staff_id=staff, now=NOW)
        entries.withdraw(session, gone, staff_id=staff, now=NOW)

    done = run(own, "export", str(tmp_path / "out"))

    assert done.exit_code == 0, done.output
    cards = read_cards(tmp_path / "out" / "cards.jsonl")
    starter = read_cards(CARDS)
    assert cards.keys() == starter.keys() | {entry}
    assert {key: card.question for key, card in cards.items() if key != entry} == {
        key: card.question for key, card in starter.items()
    }
    asked = read_questions(tmp_path / "out" / "questions.jsonl", known=cards)
    shipped = read_questions(QUESTIONS, known=starter)
    assert [(one.text, one.entries, one.kind) for one in asked[: len(shipped)]] == [
        (one.text, one.entries, one.kind) for one in shipped
    ]
    assert [(one.text, one.entries, one.kind) for one in asked[len(shipped) :]] == [
        ("包裹搁哪点", frozenset([entry]), "question"),
        ("快递丢了赔不赔", frozenset(), "unanswerable"),
    ]


def test_a_base_without_starter_content_exports_only_its_own(
    settings: Settings, engine: Engine, tmp_path: Path
) -> None:
    own = settings.model_copy(
        update={"database": settings.database.model_copy(update={"url": str(engine.url)})}
    )
    with transaction(engine) as session:
        entry = an_entry(session)
        other = an_entry(session, a_draft("垃圾几点收", topic="hotlines"))
        kept = {"血汗钱卡着没见影": entry, "垃圾车几点来": other, "垃圾要分类吗": ""}
        for text, entry_id in kept.items():
            wordings.keep(session, text, entry_id=entry_id, staff_id=1, now=NOW)

    run(own, "export", str(tmp_path))

    rows = [json.loads(row) for row in (tmp_path / "questions.jsonl").read_text().splitlines()]
    assert rows[0] == {"text": "血汗钱卡着没见影", "entries": [entry], "topic": "wages"}
    assert [row["text"] for row in rows] == [*kept]
    files = ("--cards", str(tmp_path / "cards.jsonl"))
    asked = ("--questions", str(tmp_path / "questions.jsonl"))
    done = run(own, "check", *files, *asked, "--no-vectors")
    assert "by words" in done.stdout
