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
STARTS_AT = datetime(2026, 9, 20, 16, 0, tzinfo=UTC)
"""Midnight in Kunming before a Monday; the holidays of October are in the month."""
DAY = timedelta(days=1)
POLICY_DAY_FACTOR = 8
MESSAGES_A_RESIDENT = 1.0
"""First messages of each resident in thirty days; answers come on top."""
BY_HOUR = (1, 1, 0, 0, 0, 1, 2, 4, 8, 9, 9, 8, 7, 6, 6, 7, 7, 7, 8, 9, 9, 7, 4, 2)
"""How much people write in each hour of the day."""


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
        moments = sorted(_moment(chance) for _ in range(number))
        for moment in moments:
            row = chance.choices(rows, shares)[0]
            yield Written(
                STARTS_AT + day * DAY + moment,
                chance.randrange(scenario.residents),
                chance.choice(row["texts"]),
            )


def _moment(chance: random.Random) -> timedelta:
    hour = chance.choices(range(24), BY_HOUR)[0]
    return timedelta(hours=hour, seconds=chance.randrange(3600))
