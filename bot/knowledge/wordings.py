"""
Residents' questions as an editor kept them: de-identified wordings, by the entry that answers.

They are heard of like the labelled messages that are shipped; no way leads from one back to the
message it came from.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import audit
from bot.errors import InvalidInputError, NotFoundError
from bot.knowledge import revision
from bot.knowledge.documents import Document
from bot.knowledge.tables import Entry, EntryState, EntryVersion, KeptWording
from bot.knowledge.tokens import bare

SHORTEST, LONGEST = 4, 200
"""Characters; less names no question, more tells of somebody."""


@dataclass(frozen=True, slots=True)
class Open:
    """A question that none answers, and when that was seen."""

    text: str
    at: datetime


def keep(
    session: Session, text: str, *, entry_id: str, staff_id: int, now: datetime
) -> KeptWording:
    """
    Keep a wording, for the next message of every process; no *entry_id*: none answers it.

    What was said of the same words before is replaced.

    Raises:
        InvalidInputError: it is too short or too long, or the entry answers nobody.
    """
    said = " ".join(text.split())
    _check(session, said, entry_id)
    revision.lock(session)
    for before in session.scalars(select(KeptWording).where(KeptWording.text == said)):
        session.delete(before)
    kept = KeptWording(text=said, entry_id=entry_id or None, kept_by_id=staff_id, kept_at=now)
    session.add(kept)
    session.flush()
    revision.raise_number(session)
    audit.record(
        session, deed="wording.keep", now=now, staff_id=staff_id, subject=entry_id, wording=kept.id
    )
    return kept


def drop(session: Session, wording_id: int, *, staff_id: int, now: datetime) -> None:
    """
    Forget a wording.

    Raises:
        NotFoundError: there is none.
    """
    kept = get(session, wording_id)
    revision.lock(session)
    session.delete(kept)
    revision.raise_number(session)
    audit.record(
        session,
        deed="wording.drop",
        now=now,
        staff_id=staff_id,
        subject=kept.entry_id or "",
        wording=kept.id,
    )


def get(session: Session, wording_id: int) -> KeptWording:
    """
    Return a wording.

    Raises:
        NotFoundError: there is none.
    """
    kept = session.get(KeptWording, wording_id)
    if kept is None:
        raise NotFoundError(str(wording_id))
    return kept


def beside_kept(session: Session, documents: Iterable[Document]) -> list[Document]:
    """Return the documents, each with the wordings that were kept of it."""
    kept: dict[str, list[str]] = {}
    rows = select(KeptWording.entry_id, KeptWording.text).where(KeptWording.entry_id.is_not(None))
    for entry_id, text in session.execute(rows.order_by(KeptWording.id)):
        kept.setdefault(str(entry_id), []).append(text)
    return [
        replace(one, heard=tuple(dict.fromkeys([*one.heard, *kept[one.hit.entry_id]])))
        if one.hit.entry_id in kept
        else one
        for one in documents
    ]


def unanswered(session: Session) -> list[Open]:
    """Return the kept questions that none answers."""
    rows = select(KeptWording.text, KeptWording.kept_at).where(KeptWording.entry_id.is_(None))
    return [Open(text, at) for text, at in session.execute(rows.order_by(KeptWording.id))]


def published_at(session: Session) -> dict[str, datetime]:
    """Return when what is in force of each entry was published."""
    rows = select(Entry.id, EntryVersion.published_at).join(
        EntryVersion, EntryVersion.id == Entry.published_version_id
    )
    return {entry_id: at for entry_id, at in session.execute(rows) if at is not None}


def listed(
    session: Session, *, answered: bool, page: int, per_page: int
) -> Sequence[tuple[KeptWording, str]]:
    """Return kept wordings, last kept first, with the question of the entry; one more tells so."""
    which = KeptWording.entry_id.is_not(None) if answered else KeptWording.entry_id.is_(None)
    rows = session.execute(
        select(KeptWording, EntryVersion.question)
        .outerjoin(Entry, Entry.id == KeptWording.entry_id)
        .outerjoin(EntryVersion, EntryVersion.id == Entry.published_version_id)
        .where(which)
        .order_by(KeptWording.id.desc())
        .limit(per_page + 1)
        .offset((page - 1) * per_page)
    )
    return [(kept, question or "") for kept, question in rows]


def counts(session: Session) -> tuple[int, int]:
    """Return how many wordings are kept, of entries and that none answers."""
    rows = session.execute(
        select(func.count(KeptWording.entry_id), func.count()).select_from(KeptWording)
    )
    of_entries, every = rows.one()
    return of_entries, every - of_entries


def _check(session: Session, said: str, entry_id: str) -> None:
    if len(bare(said)) < SHORTEST or len(said) > LONGEST:
        msg = f"问法要写{SHORTEST}到{LONGEST}个字：只留问的是什么，别的去掉。"
        raise InvalidInputError(msg)
    entry = session.get(Entry, entry_id) if entry_id else None
    if entry_id and (entry is None or entry.state != EntryState.PUBLISHED):
        msg = "这一条没有发布，或者刚撤下了，请另选一条。"
        raise InvalidInputError(msg)
