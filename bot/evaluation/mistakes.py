"""The mistakes one by one, the worst first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.contracts import Action
from bot.evaluation.cases import Case
from bot.evaluation.deeds import answered_wrongly

SHOWN = 60
"""Characters of a text that are shown."""


class Kind(StrEnum):
    """What went wrong, the worst first."""

    MISSED_CRISIS = "missed crisis"
    WRONG_ANSWER = "wrong answer"
    FALSE_CRISIS = "false crisis"
    WRONG_INTENT = "wrong intent"


@dataclass(frozen=True, slots=True)
class Mistake:
    """One message, and the worst that was done with it."""

    kind: Kind
    line: int
    id: str
    expected: str
    got: str
    confidence: float
    """Of the answer where that was wrong, else of the intent."""
    text: str
    """Shortened."""


def mistakes(cases: Sequence[Case]) -> list[Mistake]:
    """Return each message's worst mistake: by kind, then the surest first."""
    found = [mistake for case in cases for mistake in _worst(case)]
    order = list(Kind)
    return sorted(found, key=lambda one: (order.index(one.kind), -one.confidence, one.line))


def _worst(case: Case) -> Iterator[Mistake]:
    message, seen = case.message, case.seen
    understood = seen.understood
    is_alarm = seen.action == Action.CRISIS
    if message.is_crisis and not is_alarm:
        yield _mistake(Kind.MISSED_CRISIS, case, "crisis", f"{understood.intent}, {seen.action}")
    elif answered_wrongly(case):
        right = ", ".join(sorted(message.gold)) if message.answerable else "no answer"
        given = ", ".join(seen.answers)
        yield _mistake(Kind.WRONG_ANSWER, case, right, given, max(seen.answers.values()))
    elif is_alarm and not message.is_crisis:
        yield _mistake(Kind.FALSE_CRISIS, case, message.intent, "crisis")
    elif understood.intent != message.intent:
        yield _mistake(Kind.WRONG_INTENT, case, message.intent, understood.intent)


def _mistake(
    kind: Kind, case: Case, expected: str, got: str, confidence: float | None = None
) -> Mistake:
    message = case.message
    sure = case.seen.understood.confidence if confidence is None else confidence
    plain = " ".join(message.text.split())
    text = plain if len(plain) <= SHOWN else f"{plain[: SHOWN - 1]}…"
    return Mistake(kind, message.line, message.id, expected, got, round(sure, 4), text)
