"""Harm within days, found by reviewed rules: no food, no bed, a date, somebody left alone."""

import functools

from bot.settings import ROOT
from bot.understanding.rulebook import Match, Rulebook, load_rulebook


def find_urgency(text: str) -> Match | None:
    """Return the first rule of data/urgent.yaml that fires on *text*, or nothing."""
    return urgency_rules().first(text)


@functools.cache
def urgency_rules() -> Rulebook:
    """Return the rules, read once."""
    return load_rulebook(ROOT / "data" / "urgent.yaml")
