"""What answers rested on, the machine's and people's, as it was when they were sent."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from bot.contracts import Source
from bot.conversation.tables import AnswerGiven, PassageOffered
from bot.db.types import JsonList
from bot.knowledge.tables import EntryVersion, PolicyPassage
from bot.replies.tables import ReplyGround


@dataclass(frozen=True, slots=True)
class Basis:
    """The version of the entry that an answer was taken from, and its sources."""

    entry_id: str
    number: int
    """Of the version."""
    question: str
    clauses: tuple[Source, ...]
    quote: str
    """The sentences that a follow-up was answered with; empty: the whole answer was sent."""
    useful: bool | None


@dataclass(frozen=True, slots=True)
class Named:
    """A passage of a policy document that was named to the resident."""

    document_id: int
    clause: Source
    read: bool
    """They picked it, and its text was sent."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """What the messages of a conversation rested on."""

    of_inbound: Mapping[int, Basis]
    """What the machine's answer to a message was taken from."""
    of_outbound: Mapping[int, Sequence[Basis]]
    """What a person put into a reply."""
    named: Mapping[int, Sequence[Named]]
    """The passages that the machine named in answer to a message."""


def grounds_of(
    session: Session,
    *,
    inbound_ids: Collection[int],
    offered_ids: Collection[int],
    outbound_ids: Collection[int],
) -> Grounds:
    """
    Return what was taken from the knowledge base, in one query: a page has few.

    Of *offered_ids*, what the machine offered something to, another tells the passages.
    """
    answered = and_(
        AnswerGiven.version_id == EntryVersion.id, AnswerGiven.inbound_id.in_(inbound_ids)
    )
    put_in = and_(
        ReplyGround.version_id == EntryVersion.id, ReplyGround.outbound_id.in_(outbound_ids)
    )
    rows = session.execute(
        select(EntryVersion, AnswerGiven, ReplyGround)
        .outerjoin(AnswerGiven, answered)
        .outerjoin(ReplyGround, put_in)
        .where(or_(AnswerGiven.id.is_not(None), ReplyGround.id.is_not(None)))
    ).all()
    # A version that has several of both comes once for each pair of them.
    given = {one.id: (one, version) for version, one, _ in rows if one is not None}
    added = {one.id: (one, version) for version, _, one in rows if one is not None}
    of_outbound: dict[int, list[Basis]] = {}
    for _, (ground, version) in sorted(added.items()):
        basis = _basis(version, ground.clauses)
        of_outbound.setdefault(ground.outbound_id, []).append(basis)
    return Grounds(
        {
            answer.inbound_id: _basis(version, answer.clauses, answer.quote, useful=answer.useful)
            for _, (answer, version) in sorted(given.items())
        },
        of_outbound,
        _named(session, offered_ids) if offered_ids else {},
    )


def _named(session: Session, offered_ids: Collection[int]) -> dict[int, list[Named]]:
    rows = session.execute(
        select(PassageOffered, PolicyPassage.document_id)
        .join(PolicyPassage, PolicyPassage.id == PassageOffered.passage_id)
        .where(PassageOffered.inbound_id.in_(offered_ids))
        .order_by(PassageOffered.id)
    )
    found: dict[int, list[Named]] = {}
    for one, document_id in rows:
        named = Named(document_id, Source(**one.clause), one.shown_at is not None)
        found.setdefault(one.inbound_id, []).append(named)
    return found


def _basis(
    version: EntryVersion, clauses: JsonList, quote: str = "", *, useful: bool | None = None
) -> Basis:
    return Basis(
        version.entry_id,
        version.number,
        version.question,
        tuple(Source(**clause) for clause in clauses),
        quote,
        useful,
    )
