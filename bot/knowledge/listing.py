"""Looking through the entries, as the admin pages list them."""

import json
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, Text, and_, cast, func, or_, select
from sqlalchemy.orm import Session

from bot.knowledge.tables import Entry, EntryState, EntryVersion

PENDING = "pending"
"""State asked for in a search: the newest version is not in force yet."""
LONE = "lone"
"""The same: published, and nobody wrote another way to ask for it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One entry in a list."""

    entry: Entry
    newest: EntryVersion

    @property
    def pending(self) -> bool:
        """Whether the newest version still waits to be published."""
        return self.entry.published_version_id != self.newest.id


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list."""

    rows: tuple[Row, ...]
    total: int
    """Entries on all pages."""
    page: int
    """From 1."""
    pages: int
    """At least 1."""


def find(
    session: Session,
    *,
    text: str = "",
    topic: str = "",
    state: str = "",
    page: int = 1,
    per_page: int = 30,
) -> Page:
    """
    Return the entries whose newest version holds every word of *text*, last changed first.

    *state* is one of EntryState, PENDING or LONE; a page past the end is the last one.
    """
    wanted = _newest().where(*map(_holds, text.split()), *_filters(topic, state))
    total = session.scalar(wanted.with_only_columns(func.count())) or 0
    pages = max(1, -(-total // per_page))
    page = min(max(page, 1), pages)
    found = session.execute(
        wanted.order_by(Entry.updated_at.desc(), Entry.id)
        .limit(per_page)
        .offset((page - 1) * per_page)
    )
    rows = tuple(Row(entry, newest) for entry, newest in found)
    return Page(rows, total, page, pages)


def questions_of(session: Session, ids: Collection[str]) -> dict[str, str]:
    """Return the question of each of these entries that is published."""
    rows = session.execute(
        select(Entry.id, EntryVersion.question)
        .join(EntryVersion, EntryVersion.id == Entry.published_version_id)
        .where(Entry.id.in_(ids))
    )
    return {entry_id: question for entry_id, question in rows}  # noqa: C416 (rows are no pairs)


def _newest() -> Select[Entry, EntryVersion]:
    last = (
        select(func.max(EntryVersion.number))
        .where(EntryVersion.entry_id == Entry.id)
        .correlate(Entry)
        .scalar_subquery()
    )
    return select(Entry, EntryVersion).join(
        EntryVersion, and_(EntryVersion.entry_id == Entry.id, EntryVersion.number == last)
    )


def _holds(word: str) -> ColumnElement[bool]:
    # SQLite keeps the phrasings as JSON with each Chinese character written \uXXXX,
    # PostgreSQL as characters: each form is looked for.
    escaped = json.dumps(word)[1:-1]
    plain = (Entry.id, EntryVersion.question, EntryVersion.answer, EntryVersion.subject)
    lists = cast(EntryVersion.variants, Text)
    return or_(
        *(column.icontains(word, autoescape=True) for column in plain),
        lists.icontains(word, autoescape=True),
        lists.icontains(escaped, autoescape=True),
    )


def _filters(topic: str, state: str) -> list[ColumnElement[bool]]:
    filters: list[ColumnElement[bool]] = []
    if topic:
        filters.append(EntryVersion.topic == topic)
    if state == PENDING:
        filters.append(Entry.published_version_id.is_distinct_from(EntryVersion.id))
        filters.append(Entry.state != EntryState.WITHDRAWN)
    elif state == LONE:
        filters.append(cast(EntryVersion.variants, Text) == "[]")
        filters.append(Entry.state == EntryState.PUBLISHED)
    elif state:
        filters.append(Entry.state == state)
    return filters
