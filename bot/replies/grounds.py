"""Policy answers put into a caseworker's reply, and what such a reply rests on."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.contracts import Fit, Hit
from bot.errors import NotFoundError
from bot.knowledge.citation import cite
from bot.knowledge.drafts import sources_of
from bot.knowledge.search import KnowledgeSearch
from bot.knowledge.tables import EntryVersion
from bot.people.areas import place_meant
from bot.replies.tables import ReplyGround

MOST_GROUNDS = 5
UNSURE = frozenset({Fit.NEARER, Fit.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Insert:
    """An answer of the knowledge base, ready to be put into a reply."""

    version_id: int
    entry_id: str
    question: str
    answer: str
    source: str
    """The line that names what it rests on."""
    scope: str
    local: bool
    """Other places have other rules, and nobody knows whether this one holds for the resident."""

    @property
    def text(self) -> str:
        """What is inserted."""
        return f"{self.answer}\n{self.source}"


def find(
    session: Session, search: KnowledgeSearch, words: str, *, area: str, today: date
) -> list[Insert]:
    """Return the answers that may fit, for people of *area* or of a place the words name."""
    if not words.strip():
        return []
    place = place_meant(words, area)
    found = search.find(session, words, today=today, area=place)
    return [_insert(hit) for hit in found.hits]


def get(
    session: Session, search: KnowledgeSearch, entry_id: str, *, area: str, today: date
) -> Insert:
    """
    Return the version of an entry that is in force for people of *area*.

    Raises:
        NotFoundError: there is none.
    """
    hit = search.entry(session, entry_id, today=today, area=area)
    if hit is None:
        raise NotFoundError(entry_id)
    return _insert(hit)


def keep(
    session: Session,
    outbound_id: int,
    version_ids: Collection[int],
    *,
    text: str,
    now: datetime,
) -> int:
    """
    Note what the reply rests on and return how much; a source the reply no longer names is none.

    Who takes an answer out again, or its source, does not send it.
    """
    versions = session.scalars(
        select(EntryVersion)
        .where(
            EntryVersion.id.in_(list(version_ids)[:MOST_GROUNDS]),
            EntryVersion.published_at.is_not(None),
        )
        .order_by(EntryVersion.id)
    ).all()
    kept = [version for version in versions if _named(version, text)]
    session.add_all(
        ReplyGround(
            outbound_id=outbound_id,
            version_id=version.id,
            clauses=[asdict(source) for source in sources_of(version)],
            at=now,
        )
        for version in kept
    )
    session.flush()
    return len(kept)


def _insert(hit: Hit) -> Insert:
    return Insert(
        version_id=hit.version_id,
        entry_id=hit.entry_id,
        question=hit.question,
        answer=hit.answer,
        source=cite(hit),
        scope=hit.scope,
        local=hit.fits in UNSURE,
    )


def _named(version: EntryVersion, text: str) -> bool:
    # A title is written in its marks, marks inside it single, and a part of the law after them.
    titles = [source.title.partition(" ")[0].strip("《》") for source in sources_of(version)]
    return any(_single(title) in _single(text) for title in titles)


def _single(text: str) -> str:
    return text.replace("《", "〈").replace("》", "〉")
