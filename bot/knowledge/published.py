"""Reading the published entries and policy passages from the database."""

from collections.abc import Sequence

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
from bot.knowledge.wordings import beside_kept

AT_A_TIME = 500


def published(session: Session) -> list[Document]:
    """Return every entry in force or waiting for its day, as the search wants it."""
    found = versions(session, published_ids(session))
    return beside_kept(session, found.values())


def published_passages(session: Session) -> list[Document]:
    """Return every passage of the published policy documents, as the search wants it."""
    ids = published_policies(session)
    return [passage for number in ids for passage in passages_of(session, number)]


def published_ids(session: Session) -> Sequence[int]:
    """Return the versions that are published, by the ids of their entries."""
    wanted = (Entry.state == EntryState.PUBLISHED, Entry.published_version_id.is_not(None))
    found = session.scalars(select(Entry.published_version_id).where(*wanted).order_by(Entry.id))
    return [number for number in found if number is not None]


def versions(session: Session, ids: Sequence[int]) -> dict[int, Document]:
    """Return these versions, with what is shipped as heard of them, in this order."""
    rows = {
        row.id: row
        for at in range(0, len(ids), AT_A_TIME)
        for row in session.scalars(
            select(EntryVersion).where(EntryVersion.id.in_(ids[at : at + AT_A_TIME]))
        )
    }
    found = [number for number in ids if number in rows]
    documents = beside((_document(rows[number]) for number in found), shipped())
    return dict(zip(found, documents, strict=True))


def published_policies(session: Session) -> Sequence[int]:
    """Return the policy documents that are published."""
    ours = select(PolicyDocument.id).where(PolicyDocument.state == EntryState.PUBLISHED)
    return session.scalars(ours.order_by(PolicyDocument.id)).all()


def passages_of(session: Session, document_id: int) -> list[Document]:
    """Return the passages of a policy document, as the search wants them."""
    rows = session.execute(
        select(PolicyDocument, PolicyPassage)
        .join(PolicyPassage, PolicyPassage.document_id == PolicyDocument.id)
        .where(PolicyDocument.id == document_id)
        .order_by(PolicyPassage.position)
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


def _document(version: EntryVersion) -> Document:
    hit = Hit(
        entry_id=version.entry_id,
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
