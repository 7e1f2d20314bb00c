"""How often intent, topic and urgency are right, and how right the confidence is."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.contracts import Intent, Urgency
from bot.evaluation.cases import Case
from bot.evaluation.entities import Found
from bot.evaluation.shares import (
    Bin,
    Share,
    bins,
    calibration_error,
    f1,
    label_f1,
    macro_f1,
    part,
    share,
)
from bot.knowledge.topics import NO_TOPIC

LONG = 60
"""Characters beyond which a message is long."""
FIRST = 3
MOST_CONFUSIONS = 15
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Rates:
    """How right a label is over some of the messages."""

    accuracy: Share
    macro_f1: float | None
    """Mean over the labels that were expected."""


@dataclass(frozen=True, slots=True)
class Confidence:
    """How near confidence is to being right."""

    error: float | None
    """Expected calibration error."""
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class IntentRates:
    """How well the writer's wish is read."""

    overall: Rates
    long: Rates
    """Over messages of more than LONG characters."""
    rambling: Rates | None
    calibration: Confidence
    second: Found | None
    f1: dict[str, float | None]
    confusions: dict[str, dict[str, int]]
    """By expected intent: how often each was answered."""


@dataclass(frozen=True, slots=True)
class TopicRates:
    """How well it is read what a message is about."""

    with_topic: Rates
    """Over messages that have one."""
    overall: Rates
    in_first_three: Share
    """Over messages that have one."""
    calibration: Confidence
    confusions: list[tuple[str, str, int]]
    """(expected, answered, how often), the most frequent first."""


@dataclass(frozen=True, slots=True)
class UrgencyRates:
    """How well it is read how soon somebody must act."""

    accuracy: Share
    recall: dict[str, Share]


def having(cases: Iterable[Case], field: str) -> list[Case]:
    """Return the cases whose line has *field*."""
    return [case for case in cases if field in case.message.given]


def intent_rates(cases: Sequence[Case]) -> IntentRates:
    """Judge the intents."""
    pairs = _intents(cases)
    rambling = [case for case in cases if case.message.rambling]
    sure = [
        (case.seen.understood.confidence, wanted == got)
        for case, (wanted, got) in zip(cases, pairs, strict=True)
    ]
    table = {label: Counter(got for wanted, got in pairs if wanted == label) for label in Intent}
    return IntentRates(
        overall=_rates(pairs),
        long=_rates(_intents([case for case in cases if len(case.message.text) > LONG])),
        rambling=_rates(_intents(rambling)) if having(cases, "rambling") else None,
        calibration=_confidence(sure),
        second=_second(cases) if having(cases, "second_intent") else None,
        f1={intent: label_f1(pairs, intent) for intent in Intent},
        confusions={intent: dict(row) for intent, row in table.items() if row},
    )


def topic_rates(cases: Sequence[Case]) -> TopicRates | None:
    """Judge the topics; None where no line has one."""
    known = having(cases, "topic")
    if not known:
        return None
    pairs = [(case.message.topic, case.seen.understood.topic) for case in known]
    sure = [
        (case.seen.understood.topic_confidence, wanted == got)
        for case, (wanted, got) in zip(known, pairs, strict=True)
    ]
    wrong = Counter(pair for pair in pairs if pair[0] != pair[1])
    return TopicRates(
        with_topic=_rates([pair for pair in pairs if pair[0] != NO_TOPIC]),
        overall=_rates(pairs),
        in_first_three=share(
            case.message.topic in _first_topics(case)
            for case in known
            if case.message.topic != NO_TOPIC
        ),
        calibration=_confidence(sure),
        confusions=[(*pair, number) for pair, number in wrong.most_common(MOST_CONFUSIONS)],
    )


def urgency_rates(cases: Sequence[Case]) -> UrgencyRates | None:
    """Judge the urgencies; None where no line has one."""
    known = having(cases, "urgency")
    if not known:
        return None
    pairs = [(case.message.urgency, case.seen.understood.urgency) for case in known]
    return UrgencyRates(
        accuracy=share(wanted == got for wanted, got in pairs),
        recall={
            urgency: share(got == urgency for wanted, got in pairs if wanted == urgency)
            for urgency in Urgency
        },
    )


def _intents(cases: Sequence[Case]) -> Pairs:
    return [(case.message.intent, case.seen.understood.intent) for case in cases]


def _rates(pairs: Pairs) -> Rates:
    return Rates(share(wanted == got for wanted, got in pairs), macro_f1(pairs))


def _confidence(judged: Sequence[tuple[float, bool]]) -> Confidence:
    return Confidence(calibration_error(judged), bins(judged))


def _second(cases: Sequence[Case]) -> Found:
    """Over all lines: where some name a second intent, a line without one has none."""
    pairs = [(case.message.second, case.seen.understood.second_intent) for case in cases]
    hits = sum(wanted is not None and wanted == got for wanted, got in pairs)
    expected = sum(wanted is not None for wanted, _ in pairs)
    named = sum(got is not None for _, got in pairs)
    return Found(part(hits, named), part(hits, expected), f1(hits, expected, named))


def _first_topics(case: Case) -> list[str]:
    """The topic that was acted upon leads, whatever the ranking says."""
    understood = case.seen.understood
    ranked = [name for name, _ in understood.topics]
    return list(dict.fromkeys([understood.topic, *ranked]))[:FIRST]
