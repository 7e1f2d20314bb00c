"""Large policy documents: kept as they come, split by a chore."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.chores import ledger
from bot.errors import NotFoundError
from bot.knowledge import policies
from bot.knowledge.passages import Passage
from bot.knowledge.policies import PolicyDraft, checked
from bot.knowledge.tables import PolicyUpload, UploadState

CHORE = "policy"
LARGE = 100_000
"""Characters of a text from which it is not split while somebody waits for the page."""
SHOWN, SHOWN_FOR = 5, timedelta(days=7)
GIVEN_UP = "这份文件拆不了。请检查文件，再导入一次；还是不行就找技术人员。"


def keep(
    session: Session, draft: PolicyDraft, *, author_id: int | None, now: datetime
) -> PolicyUpload:
    """
    Keep a draft, to be split by a chore.

    Raises:
        InvalidInputError: it cannot be a document; the text says what to do.
    """
    clean = checked(draft)
    upload = PolicyUpload(
        title=clean.title,
        document_number=clean.document_number,
        scope=clean.scope,
        effective_on=clean.effective_on,
        valid_until=clean.valid_until,
        text=clean.text,
        author_id=author_id,
        asked_at=now,
    )
    session.add(upload)
    session.flush()
    ledger.ask(session, CHORE, str(upload.id), now=now)
    return upload


def get(session: Session, upload_id: int) -> PolicyUpload:
    """
    Return an upload.

    Raises:
        NotFoundError: there is none.
    """
    upload = session.get(PolicyUpload, upload_id)
    if upload is None:
        raise NotFoundError(str(upload_id))
    return upload


def without_document(session: Session, *, now: datetime) -> Sequence[PolicyUpload]:
    """Return the uploads of the last days of which no document came, or none yet."""
    open_ones = select(PolicyUpload).where(
        PolicyUpload.state != UploadState.DONE, PolicyUpload.asked_at > now - SHOWN_FOR
    )
    return session.scalars(open_ones.order_by(PolicyUpload.id.desc()).limit(SHOWN)).all()


def draft_of(session: Session, upload_id: int) -> PolicyDraft | None:
    """Return what is to be split; None where it was, or will not be."""
    upload = session.get(PolicyUpload, upload_id)
    if upload is None or upload.state != UploadState.WAITING:
        return None
    return PolicyDraft(
        upload.title,
        upload.text,
        document_number=upload.document_number,
        scope=upload.scope,
        effective_on=upload.effective_on,
        valid_until=upload.valid_until,
    )


def finish(
    session: Session,
    upload_id: int,
    draft: PolicyDraft,
    passages: Sequence[Passage],
    *,
    now: datetime,
) -> None:
    """Make a document of the passages, once."""
    upload = _waiting(session, upload_id)
    if upload is None:
        return
    kept = policies.import_document(
        session, draft, author_id=upload.author_id, now=now, passages=passages
    )
    upload.state, upload.document_id, upload.text = UploadState.DONE, kept.id, ""


def fail(session: Session, upload_id: int, problem: str) -> None:
    """Note why no document comes of it."""
    upload = _waiting(session, upload_id)
    if upload is not None:
        upload.state, upload.problem, upload.text = UploadState.FAILED, problem, ""


def _waiting(session: Session, upload_id: int) -> PolicyUpload | None:
    upload = session.get(PolicyUpload, upload_id, with_for_update=True)
    return upload if upload is not None and upload.state == UploadState.WAITING else None
