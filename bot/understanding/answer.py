"""Reading what the NLU answered, and believing none of it unseen (nlu/contract.json)."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.contracts import Intent, Understanding, Urgency, Vector
from bot.errors import NluUnavailableError
from bot.understanding.dates import interval
from bot.understanding.vectors import read_vector

SECOND_FROM = 0.25
"""Least confidence at which a second matter is believed."""
URGENT_FROM = 0.5
"""Least confidence at which the NLU is believed that a message is urgent."""
TOPICS_KEPT = 5
_TOPIC = re.compile(r"[a-z][a-z_]{0,39}")
_ASKS = {Intent.POLICY_QUESTION}
_NEEDS = {Intent.HELP_REQUEST, Intent.DISPUTE}
_LISTS = ("place", "amount", "date", "person", "employer")
_TEXTS = ("phone", "quantity")
_NUMBERS = {"people_count": 100_000, "age": 150}
_LONGEST_VALUE = 60
_ROUNDING = 1e-5
"""A sum of rounded parts comes out a little above 1 where it stands for certainty, or below 0."""


def read_answer(body: bytes, now: datetime | None = None) -> Understanding:
    """
    Return the understanding in *body*, the JSON of `POST /model/parse`.

    Dates are understood as said at *now*; without it they stay words.

    Raises:
        NluUnavailableError: it is not what the contract says.
    """
    try:
        return _understanding(json.loads(body, parse_constant=_refuse), now)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        msg = f"unreadable answer ({type(error).__name__})"
        raise NluUnavailableError(msg) from None


def _understanding(answer: Mapping[str, Any], now: datetime | None) -> Understanding:
    intent, confidence = _ranked(answer["intent"])
    topics = _topics(answer)
    topic, topic_confidence = topics[0] if topics else ("none", 0.0)
    return Understanding(
        intent=Intent(intent),
        confidence=confidence,
        topic=topic,
        topic_confidence=topic_confidence,
        second_intent=_second(answer, Intent(intent)),
        milder=_milder(answer, Intent(intent)),
        entities=_entities(answer.get("entities") or (), now),
        topics=topics,
        urgency=_urgency(answer.get("urgency")),
        crisis_odds=_crisis_odds(answer),
        vector=_vector(answer.get("vector")),
    )


def _vector(given: Any) -> Vector | None:  # noqa: ANN401  (read from JSON)
    """Return the vector that came along; an unreadable one is no reason to doubt the rest."""
    try:
        return read_vector(given["model"], given["data"]) if given else None
    except (TypeError, ValueError, KeyError):
        return None


def _ranked(entry: Mapping[str, Any]) -> tuple[str, float]:
    name, confidence = entry["name"], entry["confidence"]
    if isinstance(confidence, bool) or not isinstance(confidence, int | float):
        raise TypeError
    if not isinstance(name, str) or not -_ROUNDING <= confidence <= 1 + _ROUNDING:
        raise ValueError
    return name, min(max(float(confidence), 0.0), 1.0)


def _topics(answer: Mapping[str, Any]) -> tuple[tuple[str, float], ...]:
    best = answer.get("topic")
    ranking = answer.get("topic_ranking") or ([best] if best else [])
    named = [_ranked(entry) for entry in ranking]
    if best and _ranked(best)[0] != (named[0][0] if named else ""):
        named.insert(0, _ranked(best))
    if not all(_TOPIC.fullmatch(name) for name, _ in named):
        raise ValueError
    return tuple(named[:TOPICS_KEPT])


def _second(answer: Mapping[str, Any], first: Intent) -> Intent | None:
    given = answer.get("second")
    if given:
        name, _ = _ranked(given)
        return Intent(name)
    if "second" in answer:
        return None
    return next(
        (
            intent
            for intent, confidence in _ranking(answer).items()
            if confidence >= SECOND_FROM and _another_kind(first, intent)
        ),
        None,
    )


def _milder(answer: Mapping[str, Any], first: Intent) -> Intent | None:
    if first is not Intent.CRISIS:
        return None
    others = {one: odds for one, odds in _ranking(answer).items() if one is not first}
    return max(others, key=others.__getitem__, default=None)


def _ranking(answer: Mapping[str, Any]) -> dict[Intent, float]:
    ranked = (_ranked(entry) for entry in answer.get("intent_ranking") or ())
    return {Intent(name): confidence for name, confidence in ranked}


def _crisis_odds(answer: Mapping[str, Any]) -> float:
    ranked = [answer["intent"], *(answer.get("intent_ranking") or ())]
    odds = dict(_ranked(entry) for entry in ranked)
    return odds.get(Intent.CRISIS, 0.0)


def _urgency(given: Mapping[str, Any] | None) -> Urgency:
    """Urgent or not; whether it is a crisis is a matter of the intent."""
    if not given:
        return Urgency.NORMAL
    name, confidence = _ranked(given)
    return (
        Urgency.URGENT if name == Urgency.URGENT and confidence >= URGENT_FROM else Urgency.NORMAL
    )


def _another_kind(first: Intent, second: Intent) -> bool:
    return (first in _ASKS and second in _NEEDS) or (first in _NEEDS and second in _ASKS)


def _entities(found: Sequence[Mapping[str, Any]], now: datetime | None) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for entity in found:
        _keep(kept, entity["entity"], entity)
    spans = [interval(said, now) for said in kept.get("date", [])] if now else []
    if any(spans):
        kept["date_span"] = [span for span in spans if span]
    return kept


def _keep(kept: dict[str, Any], name: str, entity: Mapping[str, Any]) -> None:
    value, surface = entity.get("value"), str(entity.get("text") or entity.get("value") or "")
    if name == "id_number":
        kept["id_number"] = True  # that there is one, never which
    elif name in _LISTS:
        _add(kept, name, surface)
    elif name in _TEXTS:
        kept.setdefault(name, str(value or surface)[:_LONGEST_VALUE])
    elif name in _NUMBERS:
        _keep_number(kept, name, value, most=_NUMBERS[name])
    if name == "amount":
        _keep_number(kept, "amount_yuan", value, most=10**12)
    if name == "place" and isinstance(value, str) and value != surface:
        _add(kept, "place_name", value)


def _add(kept: dict[str, Any], name: str, text: str) -> None:
    """Keep what was said, each wording once."""
    texts = kept.setdefault(name, [])
    if text[:_LONGEST_VALUE] not in texts:
        texts.append(text[:_LONGEST_VALUE])


def _keep_number(kept: dict[str, Any], name: str, value: object, *, most: int) -> None:
    """Keep the first; a text that is no number is left out rather than refused."""
    try:
        number = float(str(value))
    except ValueError:
        return
    if math.isfinite(number) and 0 <= number <= most:
        kept.setdefault(name, int(number) if number.is_integer() else number)


def _refuse(constant: str) -> float:
    raise ValueError(constant)
