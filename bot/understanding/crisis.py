"""Danger in a text, found by reviewed rules: before everything else, and without the NLU."""

import enum
import functools
from collections.abc import Mapping
from dataclasses import dataclass

from bot import wording
from bot.settings import ROOT
from bot.understanding.patterns import squeeze
from bot.understanding.rulebook import SIGNS, Book, Match, Rule, Rulebook, load_rulebook

CLASSIFIER = "classifier"
BRIEF = 8
"""Characters up to which a message says so little that the NLU has nothing to weigh."""
SHOUTED = 20
"""Characters up to which data/crisis_brief.yaml may know the whole message."""


class CrisisKind(enum.StrEnum):
    """What kind of danger, which decides the first words and numbers a resident gets."""

    SELF_HARM = "self_harm"
    VIOLENCE = "violence"
    CHILD_ABUSE = "child_abuse"
    SEXUAL = "sexual"
    MISSING = "missing"
    CONFINED = "confined"
    THREAT = "threat"
    MEDICAL = "medical"
    OTHER = "other"


FIRST_WORDS: Mapping[CrisisKind, str] = {
    CrisisKind.SELF_HARM: wording.CRISIS_SELF_HARM,
    CrisisKind.VIOLENCE: wording.CRISIS_VIOLENCE,
    CrisisKind.CHILD_ABUSE: wording.CRISIS_CHILD,
    CrisisKind.SEXUAL: wording.CRISIS_SEXUAL,
    CrisisKind.MISSING: wording.CRISIS_MISSING,
    CrisisKind.CONFINED: wording.CRISIS_CONFINED,
    CrisisKind.THREAT: wording.CRISIS_THREAT,
    CrisisKind.MEDICAL: wording.CRISIS_MEDICAL,
    CrisisKind.OTHER: wording.CRISIS_OTHER,
}

_BY_TOPIC = {
    "mental_health": CrisisKind.SELF_HARM,
    "domestic_violence": CrisisKind.VIOLENCE,
    "children": CrisisKind.CHILD_ABUSE,
    "health": CrisisKind.MEDICAL,
    "work_injury": CrisisKind.MEDICAL,
}
"""What the danger of a topic (data/topics.yaml) mostly is."""


@dataclass(frozen=True, slots=True)
class CrisisSign:
    """Why a message is held to be a crisis."""

    kind: CrisisKind
    rule: str
    """The rule's id in data/crisis*.yaml, or `classifier` where only the NLU saw it."""
    matched_span: str
    """The words the rule fired on, normalised: content, never for a log."""
    firm: bool = False
    """A rule fired that is believed even where the NLU sees no danger."""


def find_crisis(text: str) -> CrisisSign | None:
    """
    Return what is dangerous in *text*, or nothing.

    The rule that fits best names the kind: one that says which danger before one that hears
    only a cry, then a firm one, then the first of the files.
    """
    shouted = _shouted(text)
    found = [*([shouted] if shouted else []), *_book().each(text)]
    if not found:
        return None
    best = min(found, key=lambda match: (match.gives_way, not match.firm))
    firm = any(match.firm for match in found)
    return CrisisSign(CrisisKind(best.kind), best.rule, best.span, firm)


def is_brief(text: str) -> bool:
    """Say whether *text* is so short that odds of the NLU mean little."""
    return len(squeeze(text)) <= BRIEF


def _shouted(text: str) -> Match | None:
    return _brief().first(text) if len(squeeze(text)) <= SHOUTED else None


def why_crisis(text: str) -> str:
    """Say, for staff, what the rules of today see in a message that was held to be a crisis."""
    sign = find_crisis(text)
    if sign is None:
        return "语言模型判断，没有规则命中" if text else ""
    if sign.rule == SIGNS:
        return f"几处小迹象加在一起：{sign.matched_span}"
    says = next(rule.says for rule in all_rules() if rule.id == sign.rule)
    return f"规则“{says}”：{sign.matched_span}"


def sounds_past_or_unreal(text: str) -> bool:
    """Say whether *text* tells of a film, of long ago, of animals, or asks for the rule."""
    return bool(excuses(text))


def excuses(text: str) -> frozenset[str]:
    """Return the names of what softens *text*: a film, long ago, a rule asked for."""
    return _book().excuses(text)


def danger_points(text: str) -> int:
    """Return how much the small signs of danger in *text* weigh, where no rule fired."""
    return _book().points(text)


def kind_of(text: str, *, sign: CrisisSign | None, topic: str) -> CrisisKind:
    """Return the kind of danger in *text*: its rule says so, or words and topic hint at it."""
    if sign and sign.kind is not CrisisKind.OTHER:
        return sign.kind
    hints = list(_hints().each(text))
    plain = next((CrisisKind(hint.kind) for hint in hints if not hint.gives_way), None)
    vague = CrisisKind(hints[0].kind) if hints else CrisisKind.OTHER
    return plain or _BY_TOPIC.get(topic, vague)


def crisis_rules() -> Book:
    """Return the rules as they are written, in the order in which they are tried."""
    return _book().book


def all_rules() -> tuple[Rule, ...]:
    """Return every rule in the order in which they are tried: those for a few words first."""
    return (*_brief().book.rules, *crisis_rules().rules)


@functools.cache
def _brief() -> Rulebook:
    return load_rulebook(ROOT / "data" / "crisis_brief.yaml")


@functools.cache
def _book() -> Rulebook:
    return load_rulebook(ROOT / "data" / "crisis.yaml")


@functools.cache
def _hints() -> Rulebook:
    return load_rulebook(ROOT / "data" / "crisis_hints.yaml")
