"""What answers rested on, the machine's and people's, as it was when they were sent."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.contracts import Source
from bot.conversation.tables import AnswerGiven
from bot.knowledge.tables import EntryVersion
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


def basis_of(session: Session, inbound_ids: Collection[int]) -> Mapping[int, Basis]:
    """Return what the answers to these messages rested on, by message."""
    rows = session.execute(
        select(AnswerGiven, EntryVersion)
        .join(EntryVersion, EntryVersion.id == AnswerGiven.version_id)
        .where(AnswerGiven.inbound_id.in_(inbound_ids))
        .order_by(AnswerGiven.id)
    )
    return {
        given.inbound_id: Basis(
            version.entry_id,
            version.number,
            version.question,
            tuple(Source(**clause) for clause in given.clauses),
            given.quote,
            given.useful,
        )
        for given, version in rows
    }


def grounds_of(session: Session, outbound_ids: Collection[int]) -> Mapping[int, tuple[Basis, ...]]:
    """Return what a person put into their replies, by message."""
    rows = session.execute(
        select(ReplyGround, EntryVersion)
        .join(EntryVersion, EntryVersion.id == ReplyGround.version_id)
        .where(ReplyGround.outbound_id.in_(outbound_ids))
        .order_by(ReplyGround.id)
    )
    found: dict[int, tuple[Basis, ...]] = {}
    for ground, version in rows:
        basis = Basis(
            version.entry_id,
            version.number,
            version.question,
            tuple(Source(**clause) for clause in ground.clauses),
            quote="",
            useful=None,
        )
        found[ground.outbound_id] = (*found.get(ground.outbound_id, ()), basis)
    return found
