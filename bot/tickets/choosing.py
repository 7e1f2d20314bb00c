"""The rules of data/routing.yaml applied: of these people, who gets this, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.db.types import JsonObject
from bot.people.areas import area_name
from bot.tickets.candidates import Candidate, shares
from bot.tickets.fitting import STEPS, People, steering, used
from bot.tickets.rules import Kind, Rules, Step, load_rules
from bot.tickets.tables import Level
from bot.tickets.wanted import Pick, Wanted

WAITS = "等督导分派"
EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True)
class _Choice:
    """A choice in the making: which rules held, and whom each left out."""

    wanted: Wanted
    rules: Rules
    out: dict[int, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    met: set[str] = field(default_factory=set)

    @property
    def crisis(self) -> bool:
        return self.wanted.level == Level.CRISIS


def choose(people: People, wanted: Wanted, rules: Rules | None = None) -> Pick:
    """
    Return who of *people* is to get it; the same people in another order give the same.

    Each rule leaves those it fits; of those left at the end it goes to who got
    the least lately, then has the least in hand, then waited longest, then to
    the lowest id.
    """
    choice = _Choice(wanted, rules or load_rules())
    pool = [it for it in people if it.id not in wanted.exclude and _may_be_called(it, choice)]
    choice.out.update({it.id: EXCLUDED for it in people if it not in pool})
    if not pool:
        return _nobody(choice, people, "现在没有人在班")
    for step in choice.rules.steps:
        left = _left(step, pool, choice)
        if not left:
            return _nobody(choice, people, step.none or f"{_says(step, choice)}的人现在没有")
        pool = list(left)
    got = shares(sorted(pool, key=lambda it: it.id))
    best = min(pool, key=lambda it: _order(it, got[it.id]))
    return Pick(best.id, _reason(best, pool, choice), _basis(choice, people, got))


def _may_be_called(person: Candidate, choice: _Choice) -> bool:
    return person.on_duty or (choice.crisis and person.crisis_rung > 0)


def _left(step: Step, pool: People, choice: _Choice) -> People:
    """Return whom a rule leaves: everybody where it does not matter, nobody where it is unmet."""
    kind = _kind(step, choice)
    matters, fitting = STEPS[step.id]
    wanted, rules = choice.wanted, choice.rules
    if kind == "skip" or not matters(wanted, rules):
        return pool
    calm = [it for it in pool if step.until == 1 or used(it, wanted, rules) <= step.until]
    fit = fitting(calm, wanted, rules)
    if not fit:
        return pool if kind == "prefer" else ()
    choice.met.add(step.id)
    kept = {person.id for person in fit}
    if len(kept) < len(pool):
        choice.out.update({it.id: step.id for it in pool if it.id not in kept})
        if step.kind == "prefer" or step.id == "lane":
            choice.said.append(_says(step, choice))
    return fit


def _kind(step: Step, choice: _Choice) -> Kind:
    """Return how strictly a rule is to be taken here."""
    if step.id == "lane" and choice.crisis:
        lane = choice.rules.lanes.get(choice.wanted.lane)
        return "prefer" if lane is not None and lane.crisis_opens else "must"
    if step.relaxed_by in choice.met:
        return "prefer"
    if choice.crisis:
        return step.crisis or step.kind
    steer = steering(choice.wanted, choice.rules) if step.id == "steer" else None
    return "must" if steer is not None and steer.only else step.kind


def _says(step: Step, choice: _Choice) -> str:
    steer = steering(choice.wanted, choice.rules) if step.id == "steer" else None
    return steer.says if steer is not None else step.says


def _order(person: Candidate, share: float) -> tuple[object, ...]:
    load = person.load
    return share, load.weight, load.last_assigned_at, person.id


def _matter(wanted: Wanted) -> str:
    place = area_name(wanted.area_code) or wanted.area_code or "地点不明"
    matter = f"{wanted.service or '各项'}·{place}"
    if wanted.languages:
        matter = f"{matter}，写的是{'、'.join(wanted.languages)}"
    return f"危机，{matter}" if wanted.level == Level.CRISIS else matter


def _reason(best: Candidate, pool: Sequence[Candidate], choice: _Choice) -> str:
    parts = [_matter(choice.wanted), *choice.said]
    if len(pool) == 1:
        parts.append(f"合适的只有1人（手上{best.load.count}件）")
    else:
        days = choice.rules.fairness.days
        parts.append(f"{len(pool)}人合适，近{days}天分到最少（手上{best.load.count}件）")
    return "，".join(parts)


def _nobody(choice: _Choice, people: People, why: str) -> Pick:
    return Pick(None, f"{_matter(choice.wanted)}，{why}，{WAITS}", _basis(choice, people, {}))


def _basis(choice: _Choice, people: People, got: Mapping[int, float]) -> JsonObject:
    """
    Return what the choice rested on.

    `out` is the rule that left somebody out; `share` is what the others got lately,
    made comparable (candidates.shares).
    """
    return {
        "rules": choice.rules.version,
        "level": str(choice.wanted.level),
        "lane": choice.wanted.lane,
        "considered": [
            {
                "staff": person.id,
                "open": person.load.weight,
                "recent": person.load.recent,
                "share": round(got[person.id], 2) if person.id in got else None,
                "out": choice.out.get(person.id, ""),
            }
            for person in sorted(people, key=lambda it: it.id)
        ],
    }
