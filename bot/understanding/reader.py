"""One message in, what it means out: crisis rules, then the NLU, else the stand-in."""

import threading
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from prometheus_client import Counter

from bot.contracts import Intent, Nlu, Understanding, Urgency
from bot.errors import NluUnavailableError
from bot.understanding.crisis import (
    CLASSIFIER,
    CrisisSign,
    danger_points,
    find_crisis,
    kind_of,
)
from bot.understanding.danger import Danger, weigh
from bot.understanding.urgency import find_urgency

RULE_CONFIDENCE = 0.95
HURRY_MS = 1000
"""Milliseconds that the NLU gets where a rule fired: the reply cannot wait long."""
_MATTERS = {Intent.HELP_REQUEST, Intent.DISPUTE, Intent.POLICY_QUESTION}
_COURTESIES = {Intent.GREETING, Intent.THANKS}
_REACH_NOBODY = _COURTESIES | {Intent.OUT_OF_SCOPE, Intent.TICKET_STATUS}
_SOCIAL = _REACH_NOBODY | {Intent.FEEDBACK_COMPLAINT}
_SIGNS_THAT_TELL = 2
NO_TOPIC = "none"
log = structlog.get_logger(__name__)
_UNDERSTOOD = Counter(
    "yunqiao_messages_understood_total", "Messages understood, by what understood them", ["source"]
)
_CRISES = Counter(
    "yunqiao_crises_total", "Crises seen, by kind and by what saw them", ["kind", "seen_by"]
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message means, and why it is held to be a crisis if it is."""

    understanding: Understanding
    crisis: CrisisSign | None
    doubted: CrisisSign | None = None
    """A sign of danger that was not believed."""


@dataclass(frozen=True, slots=True)
class ReaderStatus:
    """What reads messages at present."""

    source: str
    """`nlu` or `standin`."""
    since: datetime | None
    """When that began; None before the first message."""


class Reader:
    """Reads every message; never without an answer, whatever the NLU does."""

    def __init__(self, nlu: Nlu, standin: Nlu) -> None:
        self._nlu = nlu
        self._standin = standin
        self._lock = threading.Lock()
        self._status = ReaderStatus("nlu", None)
        warm = ""
        find_crisis(warm)
        find_urgency(warm)

    def read(
        self, text: str, *, now: datetime, calm: bool = False, crowded: bool = False
    ) -> Reading:
        """
        Say what *text* means; takes at most the NLU's deadline and the stand-in's moment.

        *calm*: the caller knows that no rule of danger fires on it.  *crowded*: others wait.
        """
        sign = None if calm else find_crisis(text)
        understanding = self._understand(text, now=now, hurried=sign is not None, crowded=crowded)
        danger = weigh(text, sign=sign, odds=understanding.crisis_odds)
        if danger is not Danger.CRISIS:
            return Reading(_calm(understanding, text, danger), None, doubted=sign)
        kind = kind_of(text, sign=sign, topic=understanding.topic)
        found = replace(sign, kind=kind) if sign else CrisisSign(kind, CLASSIFIER, "")
        _CRISES.labels(kind=found.kind, seen_by="rule" if sign else CLASSIFIER).inc()
        return Reading(_as_crisis(understanding), found)

    def status(self) -> ReaderStatus:
        """Return what reads messages at present, and since when."""
        with self._lock:
            return self._status

    def _understand(
        self, text: str, *, now: datetime, hurried: bool, crowded: bool
    ) -> Understanding:
        within_ms = HURRY_MS if hurried else None
        try:
            understanding = self._nlu.understand(
                text, now=now, within_ms=within_ms, by_words=crowded
            )
        except NluUnavailableError as error:
            understanding = self._standin.understand(text, now=now)
            if not hurried:
                self._note("standin", now, reason=str(error))
        else:
            self._note("nlu", now)
        _UNDERSTOOD.labels(source=understanding.source).inc()
        return understanding

    def _note(self, source: str, now: datetime, *, reason: str = "") -> None:
        with self._lock:
            changed = self._status.source != source
            if changed or self._status.since is None:
                self._status = ReaderStatus(source, now)
        if changed:
            log.warning("reader_changed", source=source, reason=reason)


def _as_crisis(understanding: Understanding) -> Understanding:
    if understanding.intent is Intent.CRISIS:
        return replace(understanding, urgency=Urgency.CRISIS)
    return replace(
        understanding,
        intent=Intent.CRISIS,
        confidence=RULE_CONFIDENCE,
        second_intent=_question(understanding),
        urgency=Urgency.CRISIS,
    )


def _question(understanding: Understanding) -> Intent | None:
    """A quarrel or a plea that holds the danger is the crisis itself; a question is not."""
    read_as = {understanding.intent, understanding.second_intent}
    return Intent.POLICY_QUESTION if Intent.POLICY_QUESTION in read_as else None


def _matter(intent: Intent | None) -> Intent | None:
    return intent if intent in _MATTERS else None


def _calm(understanding: Understanding, text: str, danger: Danger) -> Understanding:
    """Return what a message that is no crisis means, and how soon somebody must act."""
    if understanding.intent is Intent.CRISIS:
        understanding = _without_crisis(understanding)
    if danger is Danger.SUSPECTED:
        return _suspected(understanding, text)
    pressing = understanding.urgency is Urgency.URGENT or find_urgency(text)
    urgent = bool(_matter(understanding.intent) and pressing)
    return replace(understanding, urgency=Urgency.URGENT if urgent else Urgency.NORMAL)


def _without_crisis(understanding: Understanding) -> Understanding:
    """Take the next likely intent; it can be no surer than what the crisis leaves."""
    return replace(
        understanding,
        intent=understanding.milder or Intent.HELP_REQUEST,
        confidence=1 - understanding.confidence,
        second_intent=None,
        milder=None,
    )


def _suspected(understanding: Understanding, text: str) -> Understanding:
    """A danger that the NLU only suspects makes a message urgent: a person reads it soon."""
    intent = understanding.intent
    if intent in _SOCIAL and not _something_tells_of_it(intent, text):
        return replace(understanding, urgency=Urgency.NORMAL, topic=NO_TOPIC, topics=())
    if intent in _REACH_NOBODY:
        intent = Intent.HELP_REQUEST
    return replace(understanding, intent=intent, urgency=Urgency.URGENT)


def _something_tells_of_it(intent: Intent, text: str) -> bool:
    # A child or a day alone is one point, and many who give thanks name both.
    least = _SIGNS_THAT_TELL if intent in _COURTESIES else 1
    return danger_points(text) >= least or find_urgency(text) is not None
