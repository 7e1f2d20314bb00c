"""One turn: a stored message, what it means, and what is decided."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from bot.contracts import Action, Finding, Hit, Intent, Reply, Urgency
from bot.conversation.tables import Conversation
from bot.db.types import JsonObject
from bot.inbox import InboundMessage
from bot.knowledge.search import KnowledgeSearch
from bot.people.tables import Resident
from bot.settings import Settings
from bot.tickets.tables import Ticket
from bot.understanding.reader import Reading


@dataclass(frozen=True, slots=True)
class Tools:
    """What a turn may touch beside the database."""

    settings: Settings
    knowledge: KnowledgeSearch


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of one resident; the conversation's row is locked."""

    inbound: InboundMessage
    resident: Resident
    conversation: Conversation
    reading: Reading
    finding: Finding
    ticket: Ticket | None
    """The resident's live ticket."""
    now: datetime
    resolved: Ticket | None = None
    """The one last done of which the resident has not said whether it is solved."""
    area: str = ""
    """Code of the place whose rules are asked for; empty: unknown."""
    instead: str = ""
    """The earlier message that this one, a number or a place, goes back to."""

    @property
    def text(self) -> str:
        """What the resident wrote."""
        return self.instead or self.inbound.text

    @property
    def pressing(self) -> bool:
        """Whether a person must read it soon, however little it says."""
        return self.reading.understanding.urgency is not Urgency.NORMAL

    @property
    def as_question(self) -> JsonObject:
        """What `back_to` needs later on."""
        meant = self.reading.understanding
        return {
            "of": self.inbound.about_id or self.inbound.id,
            "text": self.text,
            "topic": meant.topic,
            "intent": meant.intent,
            "second": meant.second_intent,
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the service does with a turn."""

    action: Action
    reply: Reply
    ticket: Ticket | None = None
    hits: tuple[Hit, ...] = ()
    about_last: bool = False
    """Whether it is about the last answer, which the next half sentence is then about too."""


def back_to(turn: Turn, asked: JsonObject) -> Turn:
    """Return the turn as one about the earlier message in *asked*, if it has one; note which."""
    if "text" not in asked:
        return turn
    turn.inbound.about_id = asked.get("of")
    understood = replace(
        turn.reading.understanding,
        topic=str(asked["topic"]),
        intent=Intent(asked.get("intent") or Intent.POLICY_QUESTION),
        second_intent=Intent(asked["second"]) if asked.get("second") else None,
    )
    reading = replace(turn.reading, understanding=understood)
    return replace(turn, instead=str(asked["text"]), reading=reading)


def day_of(turn: Turn, tools: Tools) -> date:
    """Return the day of the turn where the service is."""
    return turn.now.astimezone(tools.settings.zone).date()


SILENCE = Reply()
Handler = Callable[[Session, Turn, Tools], Outcome]


def say(*parts: str) -> Reply:
    """Return a machine's reply of one or more messages."""
    return Reply(parts=parts)


def expect(turn: Turn, kind: str, tools: Tools, **what: object) -> None:
    """Let the next short answer (a number) mean *kind* for a while."""
    meaning: JsonObject = {"kind": kind, **what}
    turn.conversation.pending = meaning
    minutes = tools.settings.conversation.pending_minutes
    turn.conversation.pending_until = turn.now + timedelta(minutes=minutes)
    turn.conversation.updated_at = turn.now


def expected(turn: Turn) -> JsonObject:
    """Return what a short answer means now; empty when nothing was asked."""
    until = turn.conversation.pending_until
    if until is None or until < turn.now:
        return {}
    return turn.conversation.pending


def expect_nothing(turn: Turn) -> None:
    """Let the next number be a message like any other."""
    turn.conversation.pending = {}
    turn.conversation.pending_until = None
