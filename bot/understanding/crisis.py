"""Danger in a text, found by reviewed rules: before everything else, and without the NLU."""

import enum
import functools
from collections.abc import Mapping
from dataclasses import dataclass

from bot import wording
from bot.settings import ROOT
from bot.understanding.rulebook import SIGNS, Book, Rulebook, load_rulebook

CLASSIFIER = "classifier"


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


@dataclass(frozen=True, slots=True)
class CrisisSign:
    """Why a message is held to be a crisis."""

    kind: CrisisKind
    rule: str
    """The rule's id in data/crisis.yaml, or `classifier` where only the NLU saw it."""
    matched_span: str
    """The words the rule fired on, normalised: content, never for a log."""
    firm: bool = False
    """A rule fired that is believed even where the NLU sees no danger."""


def find_crisis(text: str) -> CrisisSign | None:
    """Return the first sign of danger in *text*, a firm one before others, or nothing."""
    found = list(_book().each(text))
    match = next((match for match in found if match.firm), found[0] if found else None)
    if match is None:
        return None
    return CrisisSign(CrisisKind(match.kind), match.rule, match.span, match.firm)


def why_crisis(text: str) -> str:
    """Say, for staff, what the rules of today see in a message that was held to be a crisis."""
    sign = find_crisis(text)
    if sign is None:
        return "语言模型判断，没有规则命中" if text else ""
    if sign.rule == SIGNS:
        return f"几处小迹象加在一起：{sign.matched_span}"
    says = next(rule.says for rule in crisis_rules().rules if rule.id == sign.rule)
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


def guess_kind(text: str) -> CrisisKind:
    """Return the likeliest kind of a danger that no rule named."""
    match = _hints().first(text)
    return CrisisKind(match.kind) if match else CrisisKind.OTHER


def crisis_rules() -> Book:
    """Return the rules as they are written, in the order in which they are tried."""
    return _book().book


@functools.cache
def _book() -> Rulebook:
    return load_rulebook(ROOT / "data" / "crisis.yaml")


@functools.cache
def _hints() -> Rulebook:
    return load_rulebook(ROOT / "data" / "crisis_hints.yaml")
