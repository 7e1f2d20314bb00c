"""Policy documents: importing, publishing and withdrawing them."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bot import audit
from bot.contracts import Source
from bot.errors import InvalidInputError, NotFoundError
from bot.knowledge import revision
from bot.knowledge.passages import Passage, split
from bot.knowledge.scope import NATIONAL
from bot.knowledge.second_reader import refuse_own
from bot.knowledge.tables import EntryState, PolicyDocument, PolicyPassage

LONGEST_TITLE = 200
LONGEST_NUMBER = 80
LONGEST_FILE = 900_000
"""Bytes; the longest statute has half of it, and a form of the console may hold 1 MB."""


@dataclass(frozen=True, slots=True)
class PolicyDraft:
    """A policy document, as an admin gives it."""

    title: str
    text: str
    document_number: str = ""
    scope: str = NATIONAL
    effective_on: date | None = None
    valid_until: date | None = None
    """Last day on which it holds."""


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """One document in a list."""

    document: PolicyDocument
    passages: int


def read_text(content: bytes) -> str:
    """
    Return the text of a file that an admin uploads.

    Raises:
        InvalidInputError: it is too large, or no UTF-8 or GB 18030 text.
    """
    if len(content) > LONGEST_FILE:
        msg = "文件太大，最大 900 KB。"
        raise InvalidInputError(msg)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    msg = "文件不是纯文本。请把 Word 文档另存为“纯文本 .txt”（UTF-8）再上传。"
    raise InvalidInputError(msg)


def import_document(
    session: Session,
    draft: PolicyDraft,
    *,
    author_id: int | None,
    now: datetime,
    passages: Sequence[Passage] = (),
) -> PolicyDocument:
    """
    Keep a document as a draft, split into its passages; the next version of its title.

    What the newest version of the title says already is not kept again.  *passages*: those
    of the text, where it was split before the transaction.

    Raises:
        InvalidInputError: the draft cannot be a document; the text says what to do.
    """
    clean = checked(draft)
    passages = passages or split(clean.text)
    revision.lock(session)
    newest = _newest(session, clean.title)
    if newest is not None and newest.digest == _digest(clean):
        return newest
    document = PolicyDocument(
        title=clean.title,
        version=(newest.version if newest else 0) + 1,
        state=EntryState.DRAFT,
        document_number=clean.document_number,
        scope=clean.scope,
        effective_on=clean.effective_on,
        valid_until=clean.valid_until,
        digest=_digest(clean),
        author_id=author_id,
        created_at=now,
    )
    session.add(document)
    session.flush()
    session.add_all(_rows(document, passages))
    _record(session, "policy.import", document, staff_id=author_id, now=now)
    return document


def publish(
    session: Session, document_id: int, *, staff_id: int | None, now: datetime
) -> PolicyDocument:
    """
    Offer the document's passages from the next message on, and no other version's.

    Raises:
        NotAllowedError: they imported it, and another admin should read it first.
        NotFoundError: no such document.
    """
    document = _locked(session, document_id)
    if document.state == EntryState.PUBLISHED:
        return document
    refuse_own(session, document, staff_id)
    for other in session.scalars(_versions(document.title)):
        if other.state == EntryState.PUBLISHED:
            other.state = EntryState.WITHDRAWN
    document.state, document.published_at = EntryState.PUBLISHED, now
    revision.raise_number(session)
    _record(session, "policy.publish", document, staff_id=staff_id, now=now)
    return document


def withdraw(session: Session, document_id: int, *, staff_id: int | None, now: datetime) -> None:
    """
    Offer nothing of the document from the next message on.

    Raises:
        NotFoundError: no such document.
    """
    document = _locked(session, document_id)
    if document.state == EntryState.WITHDRAWN:
        return
    document.state = EntryState.WITHDRAWN
    revision.raise_number(session)
    _record(session, "policy.withdraw", document, staff_id=staff_id, now=now)


def listed(session: Session) -> Sequence[PolicyRow]:
    """Return every version of every document, the last imported first."""
    rows = session.execute(
        select(PolicyDocument, func.count(PolicyPassage.id))
        .join(PolicyPassage, PolicyPassage.document_id == PolicyDocument.id)
        .group_by(PolicyDocument.id)
        .order_by(PolicyDocument.id.desc())
    )
    return [PolicyRow(document, many) for document, many in rows]


def get(session: Session, document_id: int) -> tuple[PolicyDocument, Sequence[PolicyPassage]]:
    """
    Return a document and its passages in order.

    Raises:
        NotFoundError: no such document.
    """
    document = session.get(PolicyDocument, document_id)
    if document is None:
        raise NotFoundError(str(document_id))
    of_it = select(PolicyPassage).where(PolicyPassage.document_id == document_id)
    return document, session.scalars(of_it.order_by(PolicyPassage.position)).all()


def source_of(document: PolicyDocument, passage: PolicyPassage) -> Source:
    """Return how the passage is cited."""
    day = document.effective_on
    since = f"{day.year}年{day.month}月{day.day}日" if day else ""
    return Source(document.title, passage.article, document.document_number, since)


def checked(draft: PolicyDraft) -> PolicyDraft:
    """
    Return the draft as it is kept.

    Raises:
        InvalidInputError: it cannot be a document; the text says what to do.
    """
    clean = replace(
        draft,
        title=draft.title.strip().removeprefix("《").removesuffix("》"),
        document_number=draft.document_number.strip(),
        scope=draft.scope.strip(),
    )
    starts, ends = clean.effective_on, clean.valid_until
    problems = {
        "请填写文件标题。": not clean.title,
        f"文件标题最多 {LONGEST_TITLE} 个字。": len(clean.title) > LONGEST_TITLE,
        f"文号最多 {LONGEST_NUMBER} 个字。": len(clean.document_number) > LONGEST_NUMBER,
        "请填写施行日期：居民要知道这份文件从哪天起算数。": starts is None,
        "失效日期在施行日期前面，请核对。": bool(starts and ends and ends < starts),
    }
    problem = next((text for text, wrong in problems.items() if wrong), "")
    if problem:
        raise InvalidInputError(problem)
    return clean


def _digest(draft: PolicyDraft) -> str:
    content = json.dumps(asdict(draft), ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(content.encode()).hexdigest()


def _rows(document: PolicyDocument, passages: Sequence[Passage]) -> list[PolicyPassage]:
    return [
        PolicyPassage(document_id=document.id, position=position, **asdict(passage))
        for position, passage in enumerate(passages, 1)
    ]


def _versions(title: str) -> Select[PolicyDocument]:
    return select(PolicyDocument).where(PolicyDocument.title == title)


def _newest(session: Session, title: str) -> PolicyDocument | None:
    newest = _versions(title).order_by(PolicyDocument.version.desc()).limit(1)
    return session.scalars(newest).first()


def _locked(session: Session, document_id: int) -> PolicyDocument:
    # One writer at a time: two versions of a title must not be published at once.
    revision.lock(session)
    document = session.get(PolicyDocument, document_id, with_for_update=True)
    if document is None:
        raise NotFoundError(str(document_id))
    return document


def _record(
    session: Session, deed: str, document: PolicyDocument, *, staff_id: int | None, now: datetime
) -> None:
    subject = f"policy-{document.id}"
    audit.record(session, deed=deed, now=now, staff_id=staff_id, subject=subject)
