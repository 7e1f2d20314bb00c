"""Sending labelled messages down the whole line, and noting what became of each."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from bot.ask import answered, throw_away_line
from bot.contracts import Action, Nlu, Understanding
from bot.conversation.tables import AnswerGiven
from bot.db.engine import reading
from bot.evaluation.labelled import Message
from bot.knowledge.tables import EntryVersion
from bot.line import Line
from bot.settings import Settings
from bot.understanding.standin import SOURCE as STANDIN


@dataclass(frozen=True, slots=True)
class Seen:
    """What the service did with a message that came first from a new resident."""

    understood: Understanding
    action: Action
    hits: tuple[str, ...] = ()
    """The entries that the search put first, best first."""
    answers: Mapping[str, float] = field(default_factory=dict)
    """The entries whose answer was sent, with the confidence; alone or beside a ticket."""
    ms: float = 0.0
    """Milliseconds of the whole line."""
    nlu_ms: float | None = None
    """Milliseconds of the NLU's call; None where it gave no answer."""
    has_vector: bool = False

    @property
    def by_standin(self) -> bool:
        """Whether the NLU did not answer and its stand-in read the message."""
        return self.understood.source == STANDIN


@dataclass(frozen=True, slots=True)
class Case:
    """A message, and what was done with it."""

    message: Message
    seen: Seen


@dataclass(slots=True)
class Watched:
    """An NLU, and how its last call went."""

    nlu: Nlu
    ms: float | None = None
    has_vector: bool = False

    def understand(
        self,
        text: str,
        *,
        now: datetime,
        within_ms: int | None = None,
        by_words: bool = False,
    ) -> Understanding:
        """
        Ask the NLU and note the time.

        Raises:
            NluUnavailableError: it cannot say in time.
        """
        self.ms, self.has_vector = None, False
        started = time.perf_counter()
        understood = self.nlu.understand(text, now=now, within_ms=within_ms, by_words=by_words)
        self.ms = (time.perf_counter() - started) * 1000
        self.has_vector = getattr(understood, "vector", None) is not None
        return understood


def run(settings: Settings, messages: Sequence[Message]) -> Iterator[Case]:
    """Yield each message with what the service, on its starter content, did with it."""
    watched: list[Watched] = []

    def watch(nlu: Nlu) -> Nlu:
        watched.append(Watched(nlu))
        return watched[-1]

    with throw_away_line(settings, watch=watch) as line:
        for message in messages:
            yield Case(message, _see(line, watched[-1], message))


def _see(line: Line, nlu: Watched, message: Message) -> Seen:
    turned, ms = answered(line, message.line, message.text)
    return Seen(
        understood=turned.reading.understanding,
        action=turned.outcome.action,
        hits=tuple(hit.entry_id for hit in turned.outcome.hits),
        answers=_answers(line, turned.inbound_id),
        ms=ms,
        nlu_ms=nlu.ms,
        has_vector=nlu.has_vector,
    )


def _answers(line: Line, inbound_id: int) -> dict[str, float]:
    """What was sent, as it is noted: an outcome does not tell what stands beside a ticket."""
    given = (
        select(EntryVersion.entry_id, AnswerGiven.confidence)
        .join(EntryVersion, EntryVersion.id == AnswerGiven.version_id)
        .where(AnswerGiven.inbound_id == inbound_id)
    )
    with reading(line.engine) as session:
        return dict(session.execute(given).all())
