"""Reading labelled messages: one JSON object a line, every field but text and intent optional."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from bot.contracts import Intent, Urgency
from bot.errors import InvalidInputError
from bot.evaluation.entities import KINDS, Facts, comparable

MOST_SHOWN = 10
_Label = TypeVar("_Label", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Message:
    """One message with what careful readers made of it."""

    line: int
    """Where it stands in its file, from 1."""
    id: str
    text: str
    intent: Intent
    topic: str = "none"
    urgency: Urgency = Urgency.NORMAL
    gold: frozenset[str] = frozenset()
    """The entries that answer it."""
    answerable: bool | None = None
    """Whether the knowledge base answers it; None: nobody said."""
    second: Intent | None = None
    entities: Facts = field(default_factory=dict)
    hard_negative: bool = False
    """It looks like a crisis and is none."""
    rambling: bool = False
    given: frozenset[str] = frozenset()
    """The fields that its line has."""

    @property
    def is_crisis(self) -> bool:
        """Whether somebody is in danger, whatever the writer wants."""
        return self.urgency == Urgency.CRISIS or self.intent is Intent.CRISIS


@dataclass(frozen=True, slots=True)
class Labelled:
    """The messages of a file, and the fields in it that nothing here reads."""

    messages: tuple[Message, ...]
    unread: tuple[str, ...]


FIELDS = (
    *("id", "text", "intent", "topic", "urgency", "gold_fact_ids", "answerable"),
    *("second_intent", "entities", "hard_negative", "rambling"),
)


def read_labelled(path: Path) -> Labelled:
    """
    Read a JSONL file of labelled messages.

    Raises:
        InvalidInputError: a line is malformed; the text names each such line and what to do.
    """
    try:
        lines = path.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path.name} cannot be read as UTF-8 text ({type(error).__name__})"
        raise InvalidInputError(msg) from None
    rows = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    messages, unread, problems = [], dict[str, None](), []
    for number, line in rows:
        try:
            row = _object(line)
            messages.append(_message(number, row))
            unread |= dict.fromkeys(_unread(row))
        except ValueError as problem:
            problems.append(f"{path.name} line {number}: {problem}")
    if problems:
        raise InvalidInputError(_listed(problems))
    if not messages:
        msg = f"{path.name} holds no message: write one JSON object a line"
        raise InvalidInputError(msg)
    return Labelled(tuple(messages), tuple(unread))


def _listed(problems: Sequence[str]) -> str:
    more = len(problems) - MOST_SHOWN
    tail = [f"and {more} more lines"] if more > 0 else []
    advice = "nothing was evaluated: correct these lines or take them out"
    return "\n".join([*problems[:MOST_SHOWN], *tail, advice])


def _object(line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError:
        row = None
    if not isinstance(row, dict):
        _wrong('not a JSON object; write {"text": "…", "intent": "…", …}')
    return row


def _message(number: int, row: Mapping[str, Any]) -> Message:
    gold = _ids(row.get("gold_fact_ids"))
    answerable = _flag(row, "answerable")
    if answerable is None and gold is not None:
        answerable = bool(gold)
    text = row.get("text")
    if not isinstance(text, str) or not text.strip():
        _wrong("text is missing or empty")
    intent = _label(row, "intent", Intent)
    if intent is None:
        _wrong("intent is missing")
    return Message(
        line=number,
        id=f"line {number}" if row.get("id") is None else str(row["id"]),
        text=text,
        intent=intent,
        topic=_topic(row.get("topic")),
        urgency=_label(row, "urgency", Urgency) or Urgency.NORMAL,
        gold=gold or frozenset(),
        answerable=answerable,
        second=None if row.get("second_intent") == "" else _label(row, "second_intent", Intent),
        entities=_facts(row.get("entities")),
        hard_negative=_flag(row, "hard_negative") or False,
        rambling=_flag(row, "rambling") or False,
        given=frozenset(name for name in FIELDS if _is_given(row, name)),
    )


def _is_given(row: Mapping[str, Any], name: str) -> bool:
    """A second intent may be null: there is none, and somebody looked."""
    return name in row if name == "second_intent" else row.get(name) is not None


def _label(row: Mapping[str, Any], name: str, labels: type[_Label]) -> _Label | None:
    given = row.get(name)
    if given is None:
        return None
    try:
        return labels(given)
    except ValueError:
        _wrong(f"{name} is {given!r}; it must be one of {', '.join(labels)}")


def _flag(row: Mapping[str, Any], name: str) -> bool | None:
    given = row.get(name)
    if given is not None and not isinstance(given, bool):
        _wrong(f"{name} is {given!r}; it must be true or false")
    return given


def _topic(given: object) -> str:
    if given is None:
        return "none"
    if not isinstance(given, str) or not given:
        _wrong(f"topic is {given!r}; it must be a key of data/topics.yaml")
    return given


def _ids(given: object) -> frozenset[str] | None:
    if given is None:
        return None
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        _wrong("gold_fact_ids must be a list of the ids of entries")
    return frozenset(given)


def _facts(given: object) -> Facts:
    if given is None:
        return {}
    if not isinstance(given, dict):
        _wrong(f"entities must be an object with any of {', '.join(KINDS)}")
    return comparable(given)


def _unread(row: Mapping[str, Any]) -> Iterable[str]:
    yield from (name for name in row if name not in FIELDS)
    yield from (f"entities.{kind}" for kind in row.get("entities") or () if kind not in KINDS)


def _wrong(problem: str) -> NoReturn:
    raise ValueError(problem) from None
