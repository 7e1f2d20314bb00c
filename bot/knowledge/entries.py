"""Writing the knowledge base: new entries, new versions, putting them in force."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import audit
from bot.contracts import Source
from bot.errors import ConflictError, InvalidInputError, NotFoundError
from bot.knowledge import revision
from bot.knowledge.drafts import Draft, checked, digest, draft_of, sources_of
from bot.knowledge.listing import PENDING, Page, Row, find
from bot.knowledge.scope import check_variant
from bot.knowledge.second_reader import refuse_own
from bot.knowledge.tables import Entry, EntryState, EntryVersion

__all__ = [
    "PENDING",
    "Draft",
    "EntryView",
    "Page",
    "Row",
    "Source",
    "add_variant",
    "add_version",
    "create",
    "draft_of",
    "find",
    "get",
    "publish",
    "put_in_force",
    "revise",
    "sources_of",
    "withdraw",
]

OWN_PREFIX = "own-"


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry with all it ever said."""

    entry: Entry
    newest: EntryVersion
    published: EntryVersion | None
    """The version in force; None while the service does not answer from the entry."""
    history: tuple[EntryVersion, ...]
    """Newest first."""


def create(session: Session, draft: Draft, *, author_id: int, now: datetime) -> EntryVersion:
    """
    Keep a new entry as a draft, under the next free id such as `own-0001`.

    Raises:
        InvalidInputError: the draft cannot be an entry.
    """
    clean = checked(draft)
    revision.lock(session)
    last = session.scalar(select(func.max(Entry.id)).where(Entry.id.startswith(OWN_PREFIX)))
    number = int(last.removeprefix(OWN_PREFIX)) + 1 if last else 1
    entry = Entry(
        id=f"{OWN_PREFIX}{number:04d}", topic=clean.topic, created_at=now, updated_at=now
    )
    check_variant(session, entry.id, clean)
    session.add(entry)
    session.flush()
    version = add_version(session, entry, draft=clean, author_id=author_id, now=now)
    audit.record(session, deed="entry.create", now=now, staff_id=author_id, subject=entry.id)
    return version


def revise(
    session: Session,
    entry_id: str,
    draft: Draft,
    *,
    author_id: int,
    now: datetime,
    based_on: int,
) -> EntryVersion:
    """
    Keep a new, unpublished version; what is in force stays so until it is published.

    Raises:
        ConflictError: somebody wrote a version after number *based_on*.
        InvalidInputError: the draft cannot be an entry.
        NotFoundError: no such entry.
    """
    entry = _locked(session, entry_id)
    newest = _newest(session, entry_id)
    _refuse_stale(newest, based_on)
    clean = checked(draft)
    if newest.digest == digest(clean):
        return newest
    check_variant(session, entry_id, clean)
    version = add_version(session, entry, draft=clean, author_id=author_id, now=now)
    audit.record(session, deed="entry.revise", now=now, staff_id=author_id, subject=entry.id)
    return version


def add_variant(
    session: Session, entry_id: str, text: str, *, author_id: int, now: datetime
) -> EntryVersion:
    """
    Add one more phrasing in a new version; one already there changes nothing.

    Raises:
        InvalidInputError: the phrasing is empty or too long.
        NotFoundError: no such entry.
    """
    if not text.strip():
        msg = "请填写问法。"
        raise InvalidInputError(msg)
    _locked(session, entry_id)
    newest = _newest(session, entry_id)
    draft = draft_of(newest)
    return revise(
        session,
        entry_id,
        replace(draft, variants=(*draft.variants, text)),
        author_id=author_id,
        now=now,
        based_on=newest.number,
    )


def publish(
    session: Session, entry_id: str, *, staff_id: int, now: datetime, number: int = 0
) -> EntryVersion:
    """
    Put the newest version in force, for the next message of every process.

    *number* is the version the person has read; 0 means whichever is newest.

    Raises:
        ConflictError: a version newer than *number* has been written.
        NotAllowedError: they wrote it, and another admin should read it first.
        NotFoundError: no such entry.
    """
    entry = _locked(session, entry_id)
    version = _newest(session, entry_id)
    _refuse_stale(version, number or version.number)
    if entry.published_version_id == version.id and entry.state == EntryState.PUBLISHED:
        return version
    refuse_own(session, version, staff_id)
    put_in_force(entry, version, now=now)
    revision.raise_number(session)
    audit.record(session, deed="entry.publish", now=now, staff_id=staff_id, subject=entry.id)
    return version


def withdraw(session: Session, entry_id: str, *, staff_id: int, now: datetime) -> None:
    """
    Stop answering from the entry, from the next message on.

    Raises:
        NotFoundError: no such entry.
    """
    entry = _locked(session, entry_id)
    if entry.state == EntryState.WITHDRAWN:
        return
    entry.state, entry.published_version_id = EntryState.WITHDRAWN, None
    entry.updated_at = now
    revision.raise_number(session)
    audit.record(session, deed="entry.withdraw", now=now, staff_id=staff_id, subject=entry.id)


def get(session: Session, entry_id: str) -> EntryView:
    """
    Return the entry with all its versions.

    Raises:
        NotFoundError: no such entry.
    """
    entry = session.get(Entry, entry_id)
    if entry is None:
        raise NotFoundError(entry_id)
    versions = select(EntryVersion).where(EntryVersion.entry_id == entry_id)
    history = tuple(session.scalars(versions.order_by(EntryVersion.number.desc())))
    in_force = (one for one in history if one.id == entry.published_version_id)
    return EntryView(entry, history[0], next(in_force, None), history)


def add_version(
    session: Session, entry: Entry, *, draft: Draft, author_id: int | None, now: datetime
) -> EntryVersion:
    """Add a checked draft as the entry's next version; nobody is the author of starter content."""
    last = session.scalar(
        select(func.max(EntryVersion.number)).where(EntryVersion.entry_id == entry.id)
    )
    content = {name: getattr(draft, name) for name in draft.__dataclass_fields__}
    content |= {"variants": list(draft.variants), "hotlines": list(draft.hotlines)}
    content |= {"sources": [asdict(source) for source in draft.sources]}
    version = EntryVersion(
        entry_id=entry.id,
        number=(last or 0) + 1,
        digest=digest(draft),
        author_id=author_id,
        created_at=now,
        **content,
    )
    session.add(version)
    if entry.published_version_id is None:
        entry.topic = draft.topic
    entry.updated_at = now
    session.flush()
    return version


def put_in_force(entry: Entry, version: EntryVersion, *, now: datetime) -> None:
    """Make a version the one that answers; the caller announces the change."""
    version.published_at = now
    entry.state, entry.published_version_id = EntryState.PUBLISHED, version.id
    entry.topic, entry.updated_at = version.topic, now


def _locked(session: Session, entry_id: str) -> Entry:
    entry = session.get(Entry, entry_id, with_for_update=True)
    if entry is None:
        raise NotFoundError(entry_id)
    return entry


def _newest(session: Session, entry_id: str) -> EntryVersion:
    versions = select(EntryVersion).where(EntryVersion.entry_id == entry_id)
    return session.scalars(versions.order_by(EntryVersion.number.desc()).limit(1)).one()


def _refuse_stale(newest: EntryVersion, based_on: int) -> None:
    if newest.number != based_on:
        msg = "别人刚刚改过这一条，您的修改没有保存。请重新打开后再改。"
        raise ConflictError(msg)
