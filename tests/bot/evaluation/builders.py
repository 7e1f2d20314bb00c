"""Cases as they come from the line, with what a test cares about set by hand."""

import json
from pathlib import Path
from typing import Any

from bot.contracts import Action, Intent, Understanding
from bot.evaluation.cases import Case, Seen
from bot.evaluation.labelled import FIELDS, Message

POLICY, HELP, DISPUTE = Intent.POLICY_QUESTION, Intent.HELP_REQUEST, Intent.DISPUTE
CRISIS, GREETING = Intent.CRISIS, Intent.GREETING


def a_message(intent: Intent = POLICY, *, without: set[str] | None = None, **more: Any) -> Message:
    """A message whose line has every field but those in *without*."""
    given = frozenset(FIELDS) - (without or set())
    plain = {"line": 1, "id": "m", "text": "你好", "given": given}
    return Message(**{**plain, "intent": intent, **more})


def a_seen(
    intent: Intent = POLICY, action: Action = Action.DECLINE, *, sure: float = 0.9, **more: Any
) -> Seen:
    """What was done: fields of Seen and of Understanding by their names."""
    own = {name: more.pop(name) for name in Seen.__dataclass_fields__ if name in more}
    return Seen(Understanding(intent, sure, **more), action, **own)


def a_case(message: Message, seen: Seen | None = None) -> Case:
    """A message, and what was done with it."""
    return Case(message, seen or a_seen(message.intent))


def read_as(wanted: Intent, got: Intent, *, sure: float = 0.9) -> Case:
    """A message of one intent, read as another."""
    return a_case(a_message(wanted), a_seen(got, sure=sure))


def alarm(intent: Intent, *, seen: bool, **more: Any) -> Case:
    """A message that was held to be a crisis, or not."""
    action = Action.CRISIS if seen else Action.TICKET
    return a_case(a_message(intent, **more), a_seen(CRISIS if seen else HELP, action))


def question(
    gold: set[str], action: Action, *, hits: tuple[str, ...] = (), sent: str = "", **more: Any
) -> Case:
    """A policy question that *gold* answers (nothing: unanswerable), and what was done."""
    message = a_message(gold=frozenset(gold), answerable=bool(gold), **more)
    return a_case(message, a_seen(POLICY, action, hits=hits, answers={sent: 0.8} if sent else {}))


def a_file(folder: Path, *rows: dict[str, Any] | str) -> Path:
    """A file with these lines; a text is written as it is."""
    lines = (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    path = folder / "messages.jsonl"
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return path
