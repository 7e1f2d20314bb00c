"""The few shapes that cross a boundary.  Data and signatures only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, Protocol


class Intent(StrEnum):
    """What the writer wants from us (nlu/data, data/topics.yaml)."""

    POLICY_QUESTION = "policy_question"
    HELP_REQUEST = "help_request"
    DISPUTE = "dispute"
    CRISIS = "crisis"
    HUMAN_HANDOFF = "human_handoff"
    TICKET_STATUS = "ticket_status"
    FEEDBACK_COMPLAINT = "feedback_complaint"
    GREETING = "greeting"
    THANKS = "thanks"
    OUT_OF_SCOPE = "out_of_scope"


class Urgency(StrEnum):
    """How soon somebody must act."""

    NORMAL = "normal"
    URGENT = "urgent"
    CRISIS = "crisis"


class Action(StrEnum):
    """What the service did with a message."""

    ANSWER = "answer"
    OFFER = "offer"
    TICKET = "ticket"
    CRISIS = "crisis"
    HANDOFF = "handoff"
    STATUS = "status"
    CHAT = "chat"
    DECLINE = "decline"
    STAFF = "staff"
    """A caseworker did something from their own WeChat."""


@dataclass(frozen=True, slots=True)
class Push:
    """One verified call of the platform: a message or an event, in our own words."""

    key: str
    """Wide key of the message: the same for every repeat, for no two messages."""
    kind: str
    """`text`, `voice`, `image`, `video`, `location`, `link`, `event.subscribe`, …"""
    openid: str
    account_id: str
    sent_at: datetime
    msg_id: str = ""
    text: str = ""
    """What was written, the recognised speech, or the link's title; may be empty."""
    details: Mapping[str, str] = field(default_factory=dict)
    """The other fields of the message, by WeChat's names: MediaId, PicUrl, EventKey, …"""


@dataclass(frozen=True, slots=True)
class Vector:
    """What a text means, as a point: texts that mean the same lie in the same direction."""

    model: str
    """Which encoder made it; vectors of two encoders cannot be compared."""
    data: bytes
    """384 little-endian float16, of unit length."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """What the NLU, or its stand-in, made of a text."""

    intent: Intent
    confidence: float
    topic: str = "none"
    topic_confidence: float = 0.0
    second_intent: Intent | None = None
    milder: Intent | None = None
    """Beside a crisis: what the message is if it is none, however unlikely."""
    urgency: Urgency = Urgency.NORMAL
    entities: Mapping[str, Any] = field(default_factory=dict)
    """
    place, amount, date, person, employer: lists of texts, as written; place_name: official names
    of those places; date_span: days in ISO 8601, as said then; amount_yuan, people_count, age:
    numbers; quantity, phone: texts; id_number: True, never which.
    """
    topics: Sequence[tuple[str, float]] = ()
    """Topics with confidence, best first."""
    crisis_odds: float | None = None
    """The NLU's odds that it is a crisis; None where nobody weighed it."""
    source: str = "nlu"
    """`nlu` or `standin`."""
    vector: Vector | None = None
    """Of the whole text, as a query; None where nobody made one."""


@dataclass(frozen=True, slots=True)
class Source:
    """What an answer rests on."""

    title: str
    article: str = ""
    document_number: str = ""
    effective_date: str = ""
    version: str = ""


class Fit(StrEnum):
    """How well an answer fits the place where a resident lives."""

    HOLDS = "holds"
    GENERAL = "general"
    """It holds; other places have versions of their own, this one has none."""
    NEARER = "nearer"
    """It holds; a part of the resident's area has a version of its own."""
    UNKNOWN = "unknown"
    """It holds in its scope only, and nobody knows whether the resident lives there."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One entry of the knowledge base that may answer a question."""

    entry_id: str
    version_id: int
    topic: str
    question: str
    answer: str
    sources: tuple[Source, ...]
    score: float
    """Lexical score, comparable within one search only."""
    scope: str = "national"
    """`national` or the code of the area it holds for."""
    fits: Fit = Fit.HOLDS


@dataclass(frozen=True, slots=True)
class Finding:
    """What a search of the knowledge base came to."""

    band: Action
    """ANSWER, OFFER or DECLINE."""
    confidence: float
    hits: tuple[Hit, ...]
    """Best first, at most five."""
    passages: tuple[Hit, ...] = ()
    """Of policy documents, where no entry answers: to be offered, never to be answered with."""
    passage_confidence: float = 0.0
    """That one of them speaks of the matter."""
    holds: float = 1.0
    """That the right entry is among the first three."""
    named: bool = False
    """The text is a bare word, and the hits are of the subject it names."""
    several: int = 1
    """Things that are asked for: so many of the hits, the first ones, answer one each."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a resident is told; empty parts mean silence."""

    parts: tuple[str, ...] = ()
    by_machine: bool = True
    """False where a person wrote it: it does not get the AI label."""


class Nlu(Protocol):
    """Turns text into an Understanding."""

    def understand(
        self,
        text: str,
        *,
        now: datetime,
        within_ms: int | None = None,
        by_words: bool = False,
    ) -> Understanding:
        """
        Say what *text* means, in *within_ms* milliseconds where somebody is in a hurry.

        *by_words*: others wait, so what takes long (a sentence vector) is left out.

        Raises:
            NluUnavailableError: nobody can in time.
        """


class Encoder(Protocol):
    """Turns texts into vectors."""

    def embed(
        self, texts: Sequence[str], *, kind: Literal["query", "passage"], within_ms: int
    ) -> tuple[Vector, ...]:
        """
        Return a vector for each of a few texts.

        Raises:
            NluUnavailableError: nobody can in time.
        """
