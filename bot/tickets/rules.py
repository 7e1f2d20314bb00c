"""Rules of who gets what, as reviewed data: data/routing.yaml, read and checked."""

import re
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from bot.errors import SettingsError
from bot.people.tables import Role
from bot.tickets.tables import Level

FILE = Path(__file__).parents[2] / "data" / "routing.yaml"
StepId = Literal[
    "lane", "lane_own", "organisation", "own_organisation", "crisis_roster", "language",
    "service", "area", "room", "steer", "specialist", "local", "roster",
]  # fmt: skip
Kind = Literal["must", "prefer", "skip"]
_SPAN = re.compile(r"(\d+)([mh])")


def _span(value: object) -> object:
    found = _SPAN.fullmatch(str(value))
    if not found:
        return value
    unit = {"m": "minutes", "h": "hours"}[found[2]]
    return timedelta(**{unit: int(found[1])})


Span = Annotated[timedelta, BeforeValidator(_span)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Step(_Strict):
    """One rule: whom it leaves, how strictly, and the sentence it is given as a reason with."""

    id: StepId
    kind: Literal["must", "prefer"]
    says: str
    none: str = ""
    """What is said where nobody meets what must be met."""
    crisis: Kind | None = None
    until: float = Field(1.0, gt=0, le=1)
    """Share of somebody's capacity above which they are not preferred any more."""
    relaxed_by: StepId | None = None

    @model_validator(mode="after")
    def _has_words(self) -> "Step":
        if self.kind == "must" and not self.none:
            msg = f"{self.id}: a must needs `none`"
            raise ValueError(msg)
        return self


class Fairness(_Strict):
    """How what somebody got lately is counted."""

    days: int = Field(ge=1, le=90)


class When(_Strict):
    """What a matter must be for an arrangement to hold; what is empty says nothing."""

    services: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    lanes: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()


class To(_Strict):
    """Who gets it: people of these teams, or these people by login."""

    teams: tuple[str, ...] = ()
    logins: tuple[str, ...] = ()


class Steer(_Strict):
    """An arrangement of one organisation: such matters go to such people."""

    id: str
    says: str
    when: When
    to: To
    only: bool = False


class LaneRules(_Strict):
    """A confidential lane: what belongs into it, and who may have it beside those cleared."""

    name: str
    says: str
    roles: tuple[Role, ...]
    crisis_opens: bool
    crisis_kinds: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    under_age: int = 0
    unless_topics: tuple[str, ...] = ()
    any: tuple[str, ...] = ()


class Rules(_Strict):
    """All of data/routing.yaml."""

    about: str
    changed_by: str
    version: str
    weights: dict[Level, int]
    fairness: Fairness
    steps: tuple[Step, ...]
    steer: tuple[Steer, ...]
    lanes: dict[str, LaneRules]
    unassigned_alarm: dict[Level, tuple[Span, ...]]

    @model_validator(mode="after")
    def _is_whole(self) -> "Rules":
        missing = set(Level) - self.weights.keys() | set(Level) - self.unassigned_alarm.keys()
        if missing:
            msg = f"nothing for {sorted(missing)}"
            raise ValueError(msg)
        ids = [step.id for step in self.steps]
        if len(ids) != len(set(ids)):
            msg = "a step stands there twice"
            raise ValueError(msg)
        return self

    def weight(self, level: str) -> int:
        """Return how heavy a ticket of this level is."""
        return self.weights[Level(level)]


@cache
def load_rules(path: Path = FILE) -> Rules:
    """
    Read the rules once per process.

    Raises:
        SettingsError: the file does not fit; the text names the place.
    """
    try:
        return Rules.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        msg = f"{path.name}: {where}: {first['msg']}"
        raise SettingsError(msg) from None
