"""Reading the published entries and policy passages from the database."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.contracts import Hit
from bot.knowledge.documents import Document
from bot.knowledge.drafts import sources_of
from bot.knowledge.heard import beside, shipped
from bot.knowledge.passages import JOINT
from bot.knowledge.policies import source_of
from bot.knowledge.tables import (
    Entry,
    EntryState,
    EntryVersion,
    PolicyDocument,
    PolicyPassage,
)
from bot.knowledge.topics import NO_TOPIC


def published(session: Session) -> list[Document]:
    """Return every entry in force or waiting for its day, as the search wants it."""
    rows = session.execute(
        select(Entry, EntryVersion)
        .join(EntryVersion, EntryVersion.id == Entry.published_version_id)
        .where(Entry.state == EntryState.PUBLISHED)
        .order_by(Entry.id)
    )
    return beside((_document(entry, version) for entry, version in rows), shipped())


def published_passages(session: Session) -> list[Document]:
    """Return every passage of the published policy documents, as the search wants it."""
    rows = session.execute(
        select(PolicyDocument, PolicyPassage)
        .join(PolicyPassage, PolicyPassage.document_id == PolicyDocument.id)
        .where(PolicyDocument.state == EntryState.PUBLISHED)
        .order_by(PolicyDocument.id, PolicyPassage.position)
    )
    return [_passage(document, passage) for document, passage in rows]


def _passage(document: PolicyDocument, passage: PolicyPassage) -> Document:
    heading = (document.title, *passage.path.split(JOINT), passage.article)
    hit = Hit(
        entry_id=f"passage-{passage.id}",
        version_id=passage.id,
        topic=NO_TOPIC,
        question=" ".join(part for part in dict.fromkeys(heading) if part),
        answer=passage.text,
        sources=(source_of(document, passage),),
        score=0.0,
        scope=document.scope,
    )
    return Document(
        hit,
        variants=(),
        subject="",
        scope=document.scope,
        valid_from=document.effective_on,
        valid_until=document.valid_until,
        part_of=f"policy-{document.id}",
    )


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
