"""A few words that ask nothing and tell nothing yet: hello, yes, later, wrong number, a name."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.orm import Session

from bot import wording_talk
from bot.contracts import Action, Urgency
from bot.conversation.turn import Outcome, Tools, Turn, expect_nothing, say
from bot.conversation.withdrawing import withdraw
from bot.knowledge.tokens import bare

FILE = Path(__file__).parents[2] / "data" / "small_talk.yaml"
_PAUSE = re.compile(r"[，。,.!！；;~～\s]+")
DROPPED = "dropped"
LONGEST_SCRAP = 8
"""Characters up to which a message that asks nothing is only the beginning of one."""


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    whole: re.Pattern[str]
    beside_ticket: bool


def small_talk(session: Session, turn: Turn, tools: Tools) -> Outcome | None:
    """Answer a message that is nothing but such words; None where it says more, or may."""
    kind = kind_of(turn.text)
    if kind is None or turn.pressing or (turn.ticket is not None and not kind.beside_ticket):
        return None
    if kind.name == DROPPED and turn.ticket is not None:
        # Whoever was in danger and wants nothing any more is heard by a person.
        in_danger = turn.ticket.urgency == Urgency.CRISIS
        return None if in_danger else withdraw(session, turn, tools)
    if kind.name == DROPPED:
        expect_nothing(turn)
    return Outcome(Action.CHAT, say(wording_talk.SMALL_TALK[kind.name]), ticket=turn.ticket)


def kind_of(text: str) -> _Kind | None:
    """Return which kind of small talk a whole text is."""
    clauses = [said for clause in _PAUSE.split(text) if (said := bare(clause))]
    # 没事了，不用管了 is two of them, and the last is what is meant.
    whole, each = _one(bare(text)), [_one(clause) for clause in clauses]
    return whole or (each[-1] if each and all(each) else None)


def _one(said: str) -> _Kind | None:
    kinds = load_small_talk()[0]
    return next((one for one in kinds if said and one.whole.fullmatch(said)), None)


def is_scrap(text: str) -> bool:
    """Say whether a text is a name, a place, a time, a role: too little to act on."""
    said = bare(text)
    return 0 < len(said) <= LONGEST_SCRAP and load_small_talk()[1].search(said) is None


@cache
def load_small_talk(path: Path = FILE) -> tuple[tuple[_Kind, ...], re.Pattern[str]]:
    """Read the kinds of it, and what a scrap does not hold, once per process."""
    content = yaml.safe_load(path.read_text("utf-8"))
    lead, end = _any(content["lead"]), _any(content["end"])
    kinds = (_kind(name, words, lead, end) for name, words in content["kinds"].items())
    return tuple(kinds), re.compile(_any(content["asks"]))


def _kind(name: str, words: dict[str, Any], lead: str, end: str) -> _Kind:
    whole = re.compile(f"{lead}{{0,2}}{_any(words['any'])}{end}{{0,3}}", re.IGNORECASE)
    return _Kind(name, whole, bool(words.get("beside_ticket", False)))


def _any(words: list[str]) -> str:
    longest_first = sorted(words, key=len, reverse=True)
    return "(?:" + "|".join(longest_first) + ")"
