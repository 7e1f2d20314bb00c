"""One's own knowledge base in the form of the files that are shipped, to calibrate by it."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.types import JsonObject
from bot.knowledge.drafts import draft_of
from bot.knowledge.heard import FILE
from bot.knowledge.published import published_ids
from bot.knowledge.tables import EntryVersion, KeptWording


def cards(session: Session) -> Iterator[JsonObject]:
    """Yield what is published, a card an entry."""
    ids = published_ids(session)
    for version in session.scalars(
        select(EntryVersion).where(EntryVersion.id.in_(ids)).order_by(EntryVersion.entry_id)
    ):
        draft = draft_of(version)
        yield {
            "id": version.entry_id,
            "topic": draft.topic,
            "subject": draft.subject,
            "question": draft.question,
            "variants": list(draft.variants),
            "answer": draft.answer,
            "sources": version.sources,
            "scope": draft.scope,
            "variant_of": draft.variant_of,
            "audience": draft.audience,
            "hotlines": list(draft.hotlines),
            "valid_from": str(draft.valid_from) if draft.valid_from else None,
            "valid_until": str(draft.valid_until) if draft.valid_until else None,
            "note": draft.editor_note,
        }


def questions(session: Session, path: Path = FILE) -> Iterator[JsonObject]:
    """Yield what is shipped of the published entries, then the wordings that were kept."""
    topics = {card["id"]: card["topic"] for card in cards(session)}
    yield from _shipped(path, topics.keys())
    for kept in session.scalars(select(KeptWording).order_by(KeptWording.id)):
        if kept.entry_id is None or kept.entry_id in topics:
            entries = [kept.entry_id] if kept.entry_id else []
            yield {"text": kept.text, "entries": entries, "topic": topics.get(kept.entry_id, "")}


def write(rows: Iterable[JsonObject], path: Path) -> int:
    """Write rows as lines of JSON; return how many."""
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return len(lines)


def _shipped(path: Path, published: Iterable[str]) -> Iterator[JsonObject]:
    ids = frozenset(published)
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    rows: list[JsonObject] = [json.loads(line) for line in lines]
    if not any(ids.intersection(row["entries"]) for row in rows):
        return
    for row in rows:
        if not row["entries"] or ids.intersection(row["entries"]):
            yield row | {"entries": [one for one in row["entries"] if one in ids]}
