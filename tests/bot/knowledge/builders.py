"""Entries for the tests of the knowledge base."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
from sqlalchemy.orm import Session

from bot.contracts import Source, Vector
from bot.errors import NluUnavailableError
from bot.knowledge import entries
from bot.knowledge.drafts import Draft
from bot.knowledge.tables import EntryVersion
from bot.knowledge.vectors import DIMENSIONS, MODEL, Halves
from tests.builders import a_caseworker
from tests.conftest import NOW

CARDS = Path(__file__).parents[3] / "data" / "knowledge" / "cards.jsonl"
TODAY = date(2026, 11, 21)
LAW = Source("保障农民工工资支付条例", "第三条", effective_date="2020年5月1日")


def a_draft(question: str = "老板拖欠工资怎么办", **fields: object) -> Draft:
    content: dict[str, object] = {
        "variants": ("工钱拿不到找谁", "干了活不给钱"),
        "answer": "可以打12333投诉，也可以申请劳动仲裁。",
        "sources": (LAW,),
        "topic": "wages",
        "subject": "欠薪",
    }
    return Draft(question=question, **(content | fields))  # type: ignore[arg-type]


def an_entry(session: Session, draft: Draft | None = None, *, published: bool = True) -> str:
    author = a_caseworker(session)
    version = entries.create(session, draft or a_draft(), author_id=author.id, now=NOW)
    if published:
        entries.publish(session, version.entry_id, staff_id=author.id, now=NOW)
    return version.entry_id


def newest(session: Session, entry_id: str) -> EntryVersion:
    return entries.get(session, entry_id).newest


def vector_of(text: str) -> Halves:
    """A vector of unit length; texts that share characters have vectors that are alike."""
    numbers = np.full(DIMENSIONS, 0.2)
    for character in text:
        numbers[zlib.crc32(character.encode()) % DIMENSIONS] += 1
    unit: Halves = (numbers / np.linalg.norm(numbers)).astype(np.float16)
    return unit


@dataclass
class FakeEncoder:
    """Encodes by characters; may be down, or another model."""

    model: str = MODEL
    down: bool = False
    asked: list[str] = field(default_factory=list)

    def embed(self, texts: Sequence[str], *, kind: str, within_ms: int) -> tuple[Vector, ...]:
        assert kind in {"query", "passage"}
        assert within_ms > 0
        if self.down:
            raise NluUnavailableError("down")
        self.asked += texts
        return tuple(Vector(self.model, vector_of(text).tobytes()) for text in texts)
