"""
What residents asked in their own words: which entry answered it, and what none answered.

The labelled messages that the confidence is fitted to are also what a new question is
compared with: an entry is found by them as by an editor's phrasings, and a question that
nobody could answer speaks against answering the next one like it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from bot.knowledge.documents import Document

FILE = Path(__file__).parents[2] / "data" / "knowledge" / "questions.jsonl"
LONGEST = 400
"""Characters of a message that is still a way to ask; the sentence vector reads no more."""
CHAT = "none"


@dataclass(frozen=True, slots=True)
class Heard:
    """Messages by the entry that answers them, and those that no entry answers."""

    by_entry: Mapping[str, tuple[str, ...]]
    unanswered: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A resident's message with the entries that answer it, as people marked them."""

    text: str
    entries: frozenset[str]
    kind: str
    """`question`, `matter` (a worker would enclose the entry), `unanswerable` or `chat`."""
    number: int


def read_questions(path: Path, *, known: Iterable[str]) -> list[Asked]:
    """Read the labelled messages; of their entries, those that are *known*."""
    found, ids = [], frozenset(known)
    for number, line in enumerate(path.read_text("utf-8").splitlines()):
        row = json.loads(line)
        entries = ids.intersection(row["entries"])
        found.append(Asked(row["text"], entries, _kind(row, entries), number))
    return found


def heard_of(asked: Sequence[Asked]) -> Heard:
    """Return the messages as the search wants them."""
    by_entry: dict[str, list[str]] = {}
    for one in asked:
        for entry in one.entries if len(one.text) <= LONGEST else ():
            by_entry.setdefault(entry, []).append(one.text)
    unanswered = tuple(one.text for one in asked if not one.entries and one.kind != "matter")
    return Heard({entry: tuple(texts) for entry, texts in by_entry.items()}, unanswered)


def beside(documents: Iterable[Document], heard: Heard) -> list[Document]:
    """Return the documents with what was heard of each."""
    return [replace(one, heard=heard.by_entry.get(one.hit.entry_id, ())) for one in documents]


@cache
def shipped(path: Path = FILE) -> Heard:
    """Return what is shipped with the starter content, read once per process."""
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    ids = {entry for line in lines for entry in json.loads(line)["entries"]}
    return heard_of(read_questions(path, known=ids)) if lines else Heard({}, ())


def _kind(row: Mapping[str, str], entries: frozenset[str]) -> str:
    if row["topic"] == CHAT:
        return "chat"
    if row.get("intent", "policy_question") != "policy_question":
        return "matter"
    return "question" if entries else "unanswerable"
