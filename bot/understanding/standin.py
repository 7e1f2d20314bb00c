"""Understanding a text without the NLU: intent by rules, topic by the knowledge index."""

import functools
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog

from bot.contracts import Intent, Understanding
from bot.settings import ROOT
from bot.understanding.entities import read_entities
from bot.understanding.rulebook import Match, Rulebook, load_rulebook

log = structlog.get_logger(__name__)

FindTopics = Callable[[str], Sequence[tuple[str, float]]]
SURE = 0.6
"""A rule matched; right about as often as this on the messages it was measured with."""
UNSURE = 0.3
SOURCE = "standin"
_SHORT = 12
_WITHOUT_TOPIC = {
    Intent.HUMAN_HANDOFF,
    Intent.TICKET_STATUS,
    Intent.FEEDBACK_COMPLAINT,
    Intent.GREETING,
    Intent.THANKS,
    Intent.OUT_OF_SCOPE,
}


class StandIn:
    """What reads messages while the NLU cannot; it depends on nothing outside this process."""

    def __init__(self, find_topics: FindTopics) -> None:
        self._find_topics = find_topics

    def understand(
        self,
        text: str,
        *,
        now: datetime,
        within_ms: int | None = None,
        by_words: bool = False,
    ) -> Understanding:
        """Say what *text* most likely means; the confidence never exceeds SURE."""
        del now, within_ms, by_words
        matches = list(_book().each(text))
        intent = Intent(matches[0].kind) if matches else _guess(text)
        topics = () if intent in _WITHOUT_TOPIC else self._topics(text)
        topic, topic_confidence = topics[0] if topics else ("none", 0.0)
        return Understanding(
            intent=intent,
            confidence=SURE if matches else UNSURE,
            topic=topic,
            topic_confidence=min(topic_confidence, SURE),
            second_intent=_second(intent, matches),
            entities=read_entities(text),
            topics=topics,
            source=SOURCE,
        )

    def _topics(self, text: str) -> tuple[tuple[str, float], ...]:
        try:
            return tuple(self._find_topics(text))[:5]
        except Exception as error:  # noqa: BLE001 (nobody else is left to read the message)
            log.warning("topics_not_found", error=type(error).__name__)
            return ()


def _guess(text: str) -> Intent:
    """A scrap is most often a question; a story without one is most often a quarrel."""
    return Intent.POLICY_QUESTION if len(text) <= _SHORT else Intent.DISPUTE


def _second(first: Intent, matches: Sequence[Match]) -> Intent | None:
    others = {Intent(match.kind) for match in matches} - {first}
    if first is Intent.POLICY_QUESTION and Intent.DISPUTE in others:
        return Intent.DISPUTE
    needs = {Intent.HELP_REQUEST, Intent.DISPUTE}
    if first in needs and Intent.POLICY_QUESTION in others:
        return Intent.POLICY_QUESTION
    return None


@functools.cache
def _book() -> Rulebook:
    return load_rulebook(ROOT / "data" / "standin.yaml")
