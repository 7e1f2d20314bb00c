"""One message in, what it means out: crisis rules, then the NLU, else the stand-in."""

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from prometheus_client import Counter

from bot.contracts import Intent, Nlu, Understanding, Urgency
from bot.errors import NluUnavailableError
from bot.understanding.crisis import (
    CLASSIFIER,
    CrisisSign,
    find_crisis,
    guess_kind,
    sounds_past_or_unreal,
)
from bot.understanding.urgency import find_urgency

CRISIS_FROM = 0.4
"""Least confidence at which the NLU alone may call a crisis; below it the message is urgent."""
CALM_CRISIS_FROM = 0.8
"""The same for a text that tells of a film, of long ago, or asks for the rule."""
RULE_CONFIDENCE = 0.95
_LOG = logging.getLogger(__name__)
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

    def read(self, text: str, *, now: datetime) -> Reading:
        """Say what *text* means; takes at most the NLU's deadline and the stand-in's moment."""
        sign = find_crisis(text)
        understanding = self._understand(text, now=now)
        if sign is None and _classifier_is_sure(understanding, text):
            sign = CrisisSign(guess_kind(text), CLASSIFIER, "")
        if sign:
            seen_by = CLASSIFIER if sign.rule == CLASSIFIER else "rule"
            _CRISES.labels(kind=sign.kind, seen_by=seen_by).inc()
            return Reading(_as_crisis(understanding), sign)
        return Reading(_with_urgency(understanding, text), None)

    def status(self) -> ReaderStatus:
        """Return what reads messages at present, and since when."""
        with self._lock:
            return self._status

    def _understand(self, text: str, *, now: datetime) -> Understanding:
        try:
            understanding = self._nlu.understand(text, now=now)
        except NluUnavailableError as error:
            understanding = self._standin.understand(text, now=now)
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
            _LOG.warning("messages are now read by %s %s", source, reason)


def _classifier_is_sure(understanding: Understanding, text: str) -> bool:
    if understanding.intent is not Intent.CRISIS:
        return False
    least = CALM_CRISIS_FROM if sounds_past_or_unreal(text) else CRISIS_FROM
    return understanding.confidence >= least


def _as_crisis(understanding: Understanding) -> Understanding:
    if understanding.intent is Intent.CRISIS:
        return replace(understanding, urgency=Urgency.CRISIS)
    return replace(
        understanding,
        intent=Intent.CRISIS,
        confidence=RULE_CONFIDENCE,
        second_intent=_matter(understanding.intent),
        urgency=Urgency.CRISIS,
    )


def _matter(intent: Intent) -> Intent | None:
    matters: Sequence[Intent] = (Intent.HELP_REQUEST, Intent.DISPUTE, Intent.POLICY_QUESTION)
    return intent if intent in matters else None


def _with_urgency(understanding: Understanding, text: str) -> Understanding:
    """A danger that the NLU only suspects makes a message urgent: a person reads it soon."""
    if understanding.intent is Intent.CRISIS:
        intent = understanding.second_intent or Intent.HELP_REQUEST
        return replace(understanding, intent=intent, second_intent=None, urgency=Urgency.URGENT)
    suspected = understanding.second_intent is Intent.CRISIS
    second = None if suspected else understanding.second_intent
    matter = _matter(understanding.intent) is not None
    urgent = suspected or (matter and find_urgency(text) is not None)
    return replace(
        understanding,
        second_intent=second,
        urgency=Urgency.URGENT if urgent else Urgency.NORMAL,
    )
