"""A benchmark of files is measured with the service's own search."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.errors import InvalidInputError
from bot.knowledge.benchmark import read_benchmark
from bot.knowledge.confidence import load_confidence
from bot.knowledge.evaluate import evaluate
from bot.knowledge.vectors import Text, Vectors, digest
from tests.bot.knowledge.builders import vector_of

DOCS = (
    "docid\tgroup\ttitle\ttext\n"
    "d1\td1\t老板拖欠工资怎么办\t可以打12333投诉。\n"
    "d2\td2\t孩子在城里上学要什么材料\t居住证和户口本。\n"
    "d3\td3\t承包地能不能转给别人种\t可以，要签书面合同。\n"
)
QUERIES = "qid\tquery\nq1\t拖欠工资怎么办\nq2\t孩子上学要材料吗\nq3\t没人答的问题\n"
QRELS = "qid\tdocid\trel\nq1\td1\t1\nq2\td2\t1\nq3\td1\t0\n"
Files = tuple[Path, Path, Path]


def written(folder: Path, docs: str = DOCS, queries: str = QUERIES, qrels: str = QRELS) -> Files:
    paths = (folder / "docs.tsv", folder / "queries.tsv", folder / "qrels.tsv")
    for path, text in zip(paths, (docs, queries, qrels), strict=True):
        path.write_text(text, "utf-8")
    return paths


def test_what_is_found_is_counted_by_words_and_by_meaning(tmp_path: Path) -> None:
    def encoded(texts: Sequence[Text]) -> Vectors:
        return {digest(text): vector_of(text[1]) for text in texts}

    found = evaluate(read_benchmark(*written(tmp_path)), encoded, confidence=load_confidence())

    assert (found.entries, found.queries) == (3, 2)
    assert found.figures["words"]["hit@1"] == found.figures["meaning"]["hit@1"] == 1.0
    assert found.figures["words"]["MRR@10"] == 1.0
    assert "1 queries without an answer left out" in found.as_table()
    assert found.as_json()["queries"] == 2


def test_without_an_encoder_words_alone_are_measured_and_that_is_said(tmp_path: Path) -> None:
    found = evaluate(
        read_benchmark(*written(tmp_path)), lambda texts: {}, confidence=load_confidence(), limit=1
    )

    assert list(found.figures) == ["words"]
    assert found.queries == 1
    assert "the encoder does not answer" in found.as_table()


def test_documents_of_a_group_are_one_entry_where_no_question_parts_them(tmp_path: Path) -> None:
    docs = "docid\tgroup\ttext\na\tg\t工资拖欠怎么办\nb\tg\t老板不给钱\nc\tc\t孩子上学\n"
    together = written(tmp_path, docs, qrels="qid\tdocid\nq1\ta\nq1\tb\n")

    as_one = read_benchmark(*together)
    parted = read_benchmark(*written(tmp_path, docs, qrels="qid\tdocid\nq1\ta\n"))

    assert [one.phrasings for one in as_one.documents] == [
        ("工资拖欠怎么办", "老板不给钱"),
        ("孩子上学",),
    ]
    assert as_one.queries[0].gold == {"g"}
    assert len(parted.documents) == 3


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"docs": "id\ttext\n1\t工资\n"}, "missing: docid"),
        ({"queries": "qid\tq\n1\t工资\n"}, "missing: query or text"),
        ({"docs": "docid\ttitle\ttext\nd1\t工资\n"}, "line 2: 2 columns, line 1 has 3"),
        ({"docs": "docid\ttext\nd1\t工资\nd1\t上学\n"}, "d1 stands twice"),
        ({"queries": "qid\tquery\n"}, "has no line after its first"),
        ({"qrels": "qid\tdocid\tgrade\nq1\td1\tyes\n"}, "no number: yes"),
        ({"qrels": "qid\tdocid\nx\ty\n"}, "joins no query"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_its_place(
    tmp_path: Path, files: dict[str, str], told: str
) -> None:
    with pytest.raises(InvalidInputError, match=told):
        read_benchmark(*written(tmp_path, **files))


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    docs, queries, qrels = written(tmp_path)
    docs.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(InvalidInputError, match=r"docs\.tsv cannot be read as UTF-8"):
        read_benchmark(docs, queries, qrels)
    with pytest.raises(InvalidInputError, match="is not there"):
        read_benchmark(tmp_path / "none.tsv", queries, qrels)
