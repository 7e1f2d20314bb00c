"""Reading the published entries from the database."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.contracts import Hit
from bot.knowledge.documents import Document
from bot.knowledge.drafts import sources_of
from bot.knowledge.tables import Entry, EntryState, EntryVersion


def published(session: Session) -> list[Document]:
    """Return every entry in force or waiting for its day, as the search wants it."""
    rows = session.execute(
        select(Entry, EntryVersion)
        .join(EntryVersion, EntryVersion.id == Entry.published_version_id)
        .where(Entry.state == EntryState.PUBLISHED)
        .order_by(Entry.id)
    )
    return [_document(entry, version) for entry, version in rows]


def _document(entry: Entry, version: EntryVersion) -> Document:
    hit = Hit(
        entry_id=entry.id,
        version_id=version.id,
        topic=version.topic,
        question=version.question,
        answer=version.answer,
        sources=sources_of(version),
        score=0.0,
    )
    return Document(
        hit,
        variants=tuple(version.variants),
        subject=version.subject,
        scope=version.scope,
        valid_from=version.valid_from,
        valid_until=version.valid_until,
        variant_of=version.variant_of,
    )
