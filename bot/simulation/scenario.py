"""What happens in the month: who is there, who is away, and who writes when."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from bot.contracts import Intent, Understanding, Urgency
from bot.settings import ROOT

FILE = ROOT / "data" / "simulation.yaml"
STARTS_AT = datetime(2026, 9, 13, 16, 0, tzinfo=UTC)
"""
Midnight in Kunming before a Monday.  In thirty days from then are two holidays, of three
and of seven days, and two days at weekends that are worked instead.  The day of eight
times as much is the last before the first holiday, the dead one a Tuesday.
"""
DAY = timedelta(days=1)
POLICY_DAY_FACTOR = 8
MESSAGES_A_RESIDENT = 1.0
"""First messages of each resident in thirty days; answers come on top."""
BY_HOUR = (1, 1, 0, 0, 0, 1, 2, 4, 8, 9, 9, 8, 7, 6, 6, 7, 7, 7, 8, 9, 9, 7, 4, 2)
"""How much people write in each hour of the day; who is in danger writes at any."""
SILENT = 7
"""Of so many residents one never answers anything."""
SUDDEN_LEAVES = ((1, 50), (4, 12), (11, 30), (21, 60))
"""Of what nobody expected: the day it begins, and the hours until they are back."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """How large a month, and by which chances."""

    days: int = 30
    residents: int = 2000
    staff: int = 12
    seed: int = 7

    @property
    def policy_day(self) -> int:
        """The day on which eight times as many write."""
        return self.days // 3

    @property
    def dead_day(self) -> int:
        """The day on which nobody keeps the timetable."""
        return self.days // 2

    @property
    def starts_at(self) -> datetime:
        """When it begins."""
        return STARTS_AT

    @property
    def ends_at(self) -> datetime:
        """When nothing new happens any more."""
        return STARTS_AT + self.days * DAY


@dataclass(frozen=True, slots=True)
class Written:
    """One message of a resident, out of the blue."""

    at: datetime
    resident: int
    text: str


def load_script(file: Path = FILE) -> dict[str, Any]:
    """Return what people write and how they behave."""
    script: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))
    return script


def understood(script: dict[str, Any]) -> dict[str, Understanding]:
    """Return what the NLU makes of each text, so that the month needs no NLU process."""
    return {
        text: Understanding(
            Intent(row["intent"]),
            0.95,
            topic=row["topic"],
            topic_confidence=0.9,
            urgency=Urgency(row.get("urgency", "normal")),
        )
        for row in script["messages"]
        for text in row["texts"]
    }


def first_messages(scenario: Scenario, script: dict[str, Any]) -> Iterator[Written]:
    """Yield what residents write of their own accord, in order of time."""
    chance = random.Random(scenario.seed)  # noqa: S311 (a repeatable month, no secret)
    rows = script["messages"]
    shares = [row["share"] for row in rows]
    a_day = scenario.residents * MESSAGES_A_RESIDENT / 30
    for day in range(scenario.days):
        number = round(a_day * (POLICY_DAY_FACTOR if day == scenario.policy_day else 1))
        written = [
            _written(chance, scenario, day, row) for row in chance.choices(rows, shares, k=number)
        ]
        yield from sorted(written, key=lambda it: it.at)


def name_of(number: int) -> str:
    """Return the openid of a resident."""
    return f"o-sim-{number:05d}"


def is_silent(openid: str) -> bool:
    """Say whether this resident is one who never answers."""
    return int(openid.rpartition("-")[2]) % SILENT == 0


def _written(chance: random.Random, scenario: Scenario, day: int, row: dict[str, Any]) -> Written:
    moment = _moment(chance, any_hour=row["intent"] == Intent.CRISIS)
    who, text = chance.randrange(scenario.residents), chance.choice(row["texts"])
    return Written(STARTS_AT + day * DAY + moment, who, text)


def _moment(chance: random.Random, *, any_hour: bool) -> timedelta:
    hour = chance.randrange(24) if any_hour else chance.choices(range(24), BY_HOUR)[0]
    return timedelta(hours=hour, seconds=chance.randrange(3600))
