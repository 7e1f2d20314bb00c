"""Which confidential lane a matter belongs into, by what was said (data/routing.yaml)."""

import re
from collections.abc import Mapping
from functools import cache

from bot.contracts import Urgency
from bot.people.tables import Staff
from bot.tickets.rules import LaneRules, load_rules
from bot.understanding.crisis import find_crisis, kind_of


def lane_of(text: str, *, facts: Mapping[str, object], topic: str, urgency: str) -> str:
    """Return the lane, the first in the file that fits; an empty text for most matters."""
    kind = _danger(text, topic) if urgency == Urgency.CRISIS else ""
    lanes = load_rules().lanes
    return next((key for key, it in lanes.items() if _fits(it, text, facts, topic, kind)), "")


def cleared(staff: Staff, lane: str) -> bool:
    """Say whether this person may have what runs in the lane."""
    rules = load_rules().lanes.get(lane)
    return not lane or lane in staff.lanes or (rules is not None and staff.role in rules.roles)


def lane_name(lane: str) -> str:
    """Return what staff call the lane; empty for none."""
    rules = load_rules().lanes.get(lane)
    return rules.name if rules else lane


def _fits(lane: LaneRules, text: str, facts: Mapping[str, object], topic: str, kind: str) -> bool:
    return (
        kind in lane.crisis_kinds
        or topic in lane.topics
        or (topic not in lane.unless_topics and _younger(facts.get("age"), lane.under_age))
        or any(pattern.search(text) for pattern in _patterns(lane.any))
    )


def _younger(age: object, limit: int) -> bool:
    return isinstance(age, int | float) and 0 < age < limit


def _danger(text: str, topic: str) -> str:
    return kind_of(text, sign=find_crisis(text), topic=topic)


@cache
def _patterns(texts: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(map(re.compile, texts))
