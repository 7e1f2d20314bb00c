"""Reading a collection of documents, questions and judgements, as benchmarks are given."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from bot.contracts import Hit
from bot.errors import InvalidInputError
from bot.knowledge.documents import Document

NATIONAL = "national"
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Query:
    """One question and the entries that answer it."""

    id: str
    text: str
    gold: frozenset[str]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A knowledge base with questions whose answers are known."""

    documents: tuple[Document, ...]
    queries: tuple[Query, ...]
    """Only those with an answer among the documents."""
    notes: tuple[str, ...]
    """What was left out, for people."""


def read_benchmark(docs: Path, queries: Path, qrels: Path) -> Benchmark:
    """
    Read three tab-separated files whose first line names the columns.

    *docs*: docid, optionally group and title, text; *queries*: qid, query (or text);
    *qrels*: qid, docid, optionally rel (or grade; 0 means: no answer).  Documents of
    one group are one entry where the judgements never part them.

    Raises:
        InvalidInputError: a file cannot be read so; the text names file, line and column.
    """
    rows = _by(list(_rows(docs, ("docid", "text"))), "docid", docs)
    asked = _by(list(_rows(queries, ("qid",), one_of=("query", "text"))), "qid", queries)
    judged: dict[str, set[str]] = {}
    strangers = 0
    for row in _rows(qrels, ("qid", "docid")):
        if _grade(row) <= 0:
            continue
        if row["qid"] in asked and row["docid"] in rows:
            judged.setdefault(row["qid"], set()).add(row["docid"])
        else:
            strangers += 1
    if not judged:
        _refuse(f"{qrels.name} joins no query of {queries.name} with a document of {docs.name}")
    return _benchmark(rows, asked, judged, strangers)


def _benchmark(
    rows: Mapping[str, Row],
    asked: Mapping[str, Row],
    judged: Mapping[str, set[str]],
    strangers: int,
) -> Benchmark:
    entry = _entries(rows, judged.values())
    members: dict[str, list[Row]] = {}
    for docid, row in rows.items():
        members.setdefault(entry[docid], []).append(row)
    found = [
        Query(qid, row.get("query") or row["text"], frozenset(entry[d] for d in judged[qid]))
        for qid, row in asked.items()
        if qid in judged
    ]
    notes = []
    if len(found) < len(asked):
        notes.append(f"{len(asked) - len(found)} queries without an answer left out")
    if strangers:
        notes.append(f"{strangers} judgements of unknown queries or documents left out")
    if len(members) < len(rows):
        notes.append(f"{len(rows)} documents are {len(members)} entries by their group")
    documents = tuple(_document(entry_id, group) for entry_id, group in members.items())
    return Benchmark(documents, tuple(found), tuple(notes))


def _entries(rows: Mapping[str, Row], golds: Iterable[set[str]]) -> Row:
    """Map each document to its entry: its group, or itself where some question parts a group."""
    sizes: dict[str, int] = {}
    for docid, row in rows.items():
        group = row.get("group") or docid
        sizes[group] = sizes.get(group, 0) + 1
    for gold in golds:
        inside: dict[str, int] = {}
        for docid in gold:
            group = rows[docid].get("group") or docid
            inside[group] = inside.get(group, 0) + 1
        if any(sizes[group] != many for group, many in inside.items()):
            return {docid: docid for docid in rows}
    return {docid: row.get("group") or docid for docid, row in rows.items()}


def _document(entry_id: str, rows: Sequence[Row]) -> Document:
    titles = list(dict.fromkeys(row["title"] for row in rows if row.get("title")))
    texts = list(dict.fromkeys(row["text"] for row in rows if row["text"]))
    question, *variants = titles or texts or [""]
    answer = "\n".join(texts) if titles else ""
    hit = Hit(entry_id, 0, "none", question, answer, (), 0.0)
    return Document(hit, variants=tuple(variants), subject="", scope=NATIONAL)


def _rows(path: Path, columns: Sequence[str], one_of: Sequence[str] = ()) -> Iterator[Row]:
    try:
        lines = path.read_text("utf-8-sig").split("\n")
    except FileNotFoundError:
        _refuse(f"{path} is not there")
    except (OSError, UnicodeDecodeError) as error:
        _refuse(f"{path.name} cannot be read as UTF-8 text ({type(error).__name__})")
    header = [name.strip().lower() for name in lines[0].rstrip("\r").split("\t")]
    missing = [name for name in columns if name not in header]
    if one_of and not set(one_of) & set(header):
        missing.append(" or ".join(one_of))
    if missing:
        _refuse(
            f"{path.name} line 1 must name the columns, by tabs; missing: {', '.join(missing)}"
        )
    for number, line in enumerate(lines[1:], 2):
        cells = line.rstrip("\r").split("\t", len(header) - 1)
        if not line.strip():
            continue
        if len(cells) < len(header):
            _refuse(f"{path.name} line {number}: {len(cells)} columns, line 1 has {len(header)}")
        yield {name: cell.strip() for name, cell in zip(header, cells, strict=True)}


def _by(rows: Sequence[Row], key: str, path: Path) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for row in rows:
        if row[key] in found:
            _refuse(f"{path.name}: {key} {row[key]} stands twice")
        found[row[key]] = row
    if not found:
        _refuse(f"{path.name} has no line after its first")
    return found


def _grade(row: Row) -> float:
    given = row.get("rel") or row.get("grade") or "1"
    try:
        return float(given)
    except ValueError:
        _refuse(f"the judgement of {row['qid']} and {row['docid']} is no number: {given}")


def _refuse(problem: str) -> NoReturn:
    raise InvalidInputError(problem) from None
