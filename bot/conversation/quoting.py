"""Naming passages of policy documents to a resident, and showing the one they pick."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy.orm import Session

from bot import wording
from bot.contracts import Action, Hit, Source
from bot.conversation.tables import PassageOffered
from bot.conversation.turn import Outcome, Turn, say
from bot.knowledge.citation import name
from bot.knowledge.scope import NATIONAL
from bot.knowledge.tables import EntryState, PolicyDocument, PolicyPassage
from bot.people.areas import area_name


def note_offered(session: Session, turn: Turn, passages: Sequence[Hit]) -> list[int]:
    """Note that the passages were named, and return the ids of the notes."""
    rows = [
        PassageOffered(
            resident_id=turn.resident.id,
            inbound_id=turn.inbound.id,
            passage_id=hit.version_id,
            confidence=turn.finding.passage_confidence,
            clause=asdict(hit.sources[0]),
            at=turn.now,
        )
        for hit in passages
    ]
    session.add_all(rows)
    session.flush()
    return [row.id for row in rows]


def named(hit: Hit) -> str:
    """Return the choice that stands for a passage."""
    choice = wording.PASSAGE_CHOICE.format(cited=name(hit.sources[0]))
    return choice if hit.scope == NATIONAL else f"{choice}（{area_name(hit.scope)}）"


def show_passage(session: Session, turn: Turn, offered_id: int) -> Outcome | None:
    """Send the text of a passage that was named; None: its document is withdrawn by now."""
    offered = session.get_one(PassageOffered, offered_id)
    passage = session.get_one(PolicyPassage, offered.passage_id)
    document = session.get_one(PolicyDocument, passage.document_id)
    if document.state != EntryState.PUBLISHED:
        return None
    offered.shown_at = turn.now
    cited = name(Source(**offered.clause))
    return Outcome(Action.OFFER, say(wording.PASSAGE.format(cited=cited, text=passage.text)))
