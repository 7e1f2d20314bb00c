"""What is promised for each level, as data/clocks.yaml says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

import yaml

from bot.errors import SettingsError
from bot.sections import ROOT
from bot.tickets.tables import ClockKind, Level

FILE = ROOT / "data" / "clocks.yaml"
WALL = {"seconds", "minutes", "hours"}
WORK = {"work_minutes": "minutes", "work_hours": "hours"}


@dataclass(frozen=True, slots=True)
class Span:
    """How long something may take: by the wall clock, in working time, or in working days."""

    wall: timedelta | None = None
    work: timedelta | None = None
    days: int | None = None
    rounded: bool = False
    """Up to ten minutes, which is how people say and remember a time."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder: after so many spans of the clock these are told."""

    at: float
    tell: tuple[str, ...]
    supervise: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that data/clocks.yaml says."""

    version: int
    spans: Mapping[tuple[str, str], Span]
    """By kind and level."""
    pause: Mapping[str, timedelta]
    """The most that waiting for the resident may stop a clock, by level."""
    extend: Mapping[str, int]
    """How many working days an extension gives, by level; 0: none."""
    warn: Mapping[str, float]
    ladder: tuple[Rung, ...]
    desks: int
    """On how many desks a ticket may lie unaccepted one after another before it stays."""
    page: timedelta
    reopen_work_days: int
    unconfirmed: timedelta

    def span(self, kind: str, level: str) -> Span:
        """Return what is promised."""
        return self.spans[kind, level]

    def name(self, kind: str, level: str) -> str:
        """Return how a clock names the rule that set it."""
        return f"{kind}/{level}/{self.version}"


@cache
def load_rules() -> Rules:
    """
    Return the rules, read once.

    Raises:
        SettingsError: a level lacks a clock, or a span says nothing.
    """
    read: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
    levels = read["levels"]
    common = {kind: _span(said) for kind, said in read["every_level"].items()}
    spans: dict[tuple[str, str], Span] = {}
    for level in Level:
        own = {kind: _span(levels[level][kind]) for kind in ClockKind if kind in levels[level]}
        for kind, span in {**common, **own}.items():
            spans[str(kind), str(level)] = span
    missing = [
        f"{level}.{kind}"
        for level in Level
        for kind in ClockKind
        if kind != ClockKind.RIGHTS and (kind, level) not in spans
    ]
    if missing:
        msg = f"{FILE.name}: no time for {', '.join(missing)}"
        raise SettingsError(msg)
    return Rules(
        version=int(read["version"]),
        spans=spans,
        pause={level: timedelta(hours=levels[level]["pause"]) for level in Level},
        extend={level: int(levels[level]["extend"]) for level in Level},
        warn=read["warn"],
        ladder=tuple(
            Rung(float(step["at"]), tuple(step["tell"]), bool(step.get("supervise")))
            for step in read["ladder"]
        ),
        desks=int(read["desks"]),
        page=timedelta(**read["page"]),
        reopen_work_days=int(read["reopen_work_days"]),
        unconfirmed=timedelta(hours=read["unconfirmed_hours"]),
    )


def _span(said: Mapping[str, Any]) -> Span:
    rounded = bool(said.get("rounded"))
    for unit, amount in said.items():
        if unit in WALL:
            return Span(wall=timedelta(**{unit: amount}), rounded=rounded)
        if unit in WORK:
            return Span(work=timedelta(**{WORK[unit]: amount}), rounded=rounded)
        if unit == "work_days":
            return Span(days=int(amount), rounded=rounded)
    msg = f"{FILE.name}: no span: {dict(said)}"
    raise SettingsError(msg)
