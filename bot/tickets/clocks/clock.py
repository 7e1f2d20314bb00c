"""One clock as a value, and what an event may do to it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

Pause = tuple[datetime, datetime | None]


class ClockLike(Protocol):
    """A row of ticket_clock."""

    kind: str
    started_at: datetime
    due_at: datetime
    rule: str
    paused: list[Any]
    adjusted: dict[str, Any]
    stopped_at: datetime | None
    look_at: datetime | None
    warned_at: datetime | None
    breached_at: datetime | None
    rung: int


@dataclass(frozen=True, slots=True)
class Clock:
    """A promise: since when it runs, when it must be kept, by which rule."""

    kind: str
    started_at: datetime
    due_at: datetime
    rule: str
    paused: tuple[Pause, ...] = ()
    since: datetime | None = None
    """What the rule counts from, where that is not the start: the level changed then."""
    extended: tuple[int, ...] = ()
    """Working days that were granted."""
    not_after: datetime | None = None
    """An earlier promise of another, merged, ticket, or of the level before."""
    stopped_at: datetime | None = None
    look_at: datetime | None = None
    """When the timetable has to see to it."""
    warned_at: datetime | None = None
    breached_at: datetime | None = None
    rung: int = 0

    @property
    def running(self) -> bool:
        """Say whether it is neither stopped nor paused."""
        return self.stopped_at is None and not self.pausing

    @property
    def pausing(self) -> bool:
        """Say whether it waits for the resident."""
        return bool(self.paused) and self.paused[-1][1] is None


def from_row(row: ClockLike) -> Clock:
    """Return the clock a row holds."""
    adjusted = row.adjusted or {}
    return Clock(
        kind=row.kind,
        started_at=row.started_at,
        due_at=row.due_at,
        rule=row.rule,
        paused=tuple((_time(start), _moment(end)) for start, end in row.paused),
        since=_moment(adjusted.get("since")),
        extended=tuple(adjusted.get("extended", ())),
        not_after=_moment(adjusted.get("not_after")),
        stopped_at=row.stopped_at,
        look_at=row.look_at,
        warned_at=row.warned_at,
        breached_at=row.breached_at,
        rung=row.rung,
    )


def columns(clock: Clock) -> dict[str, Any]:
    """Return the columns of the clock's row."""
    adjusted: dict[str, Any] = {}
    if clock.since:
        adjusted["since"] = clock.since.isoformat()
    if clock.extended:
        adjusted["extended"] = list(clock.extended)
    if clock.not_after:
        adjusted["not_after"] = clock.not_after.isoformat()
    return {
        "kind": clock.kind,
        "started_at": clock.started_at,
        "due_at": clock.due_at,
        "rule": clock.rule,
        "paused": [
            [start.isoformat(), end.isoformat() if end else None] for start, end in clock.paused
        ],
        "adjusted": adjusted,
        "stopped_at": clock.stopped_at,
        "look_at": clock.look_at,
        "warned_at": clock.warned_at,
        "breached_at": clock.breached_at,
        "rung": clock.rung,
    }


def applied(
    clocks: tuple[Clock, ...], effects: list[Mapping[str, Any]], at: datetime
) -> tuple[Clock, ...]:
    """Return the clocks after what one event says of them."""
    found = list(clocks)
    for effect in effects:
        kind = effect["kind"]
        if effect["do"] == "start":
            due, rule = _time(effect["due"]), str(effect["rule"])
            since = _moment(effect.get("at"))
            look = _moment(effect.get("look"))
            found.append(Clock(kind, since or at, due, rule, look_at=look))
            continue
        places = [place for place, clock in enumerate(found) if clock.kind == kind]
        found[places[-1]] = _changed(found[places[-1]], effect, at)
    return tuple(found)


def _changed(clock: Clock, effect: Mapping[str, Any], at: datetime) -> Clock:
    due = _moment(effect.get("due")) or clock.due_at
    look = _moment(effect["look"]) if "look" in effect else clock.look_at
    changed = _CHANGES[effect["do"]](clock, effect, at)
    return replace(changed, due_at=due, look_at=look)


def _resume(clock: Clock, effect: Mapping[str, Any], at: datetime) -> Clock:
    del at
    return replace(clock, paused=_ended(clock, _time(effect["until"])))


def _rebase(clock: Clock, effect: Mapping[str, Any], at: datetime) -> Clock:
    del at
    since, not_after = _moment(effect.get("since")), _moment(effect.get("not_after"))
    rule = str(effect["rule"])
    return replace(clock, since=since, not_after=not_after, rule=rule, **_AFRESH)


def _extend(clock: Clock, effect: Mapping[str, Any], at: datetime) -> Clock:
    del at
    return replace(clock, extended=(*clock.extended, int(effect["days"])), **_AFRESH)


def _breach(clock: Clock, effect: Mapping[str, Any], at: datetime) -> Clock:
    return replace(clock, breached_at=clock.breached_at or at, rung=int(effect["rung"]))


_AFRESH: dict[str, Any] = {"warned_at": None, "breached_at": None, "rung": 0}


def _ended(clock: Clock, at: datetime) -> tuple[Pause, ...]:
    if not clock.pausing:
        return clock.paused
    return (*clock.paused[:-1], (clock.paused[-1][0], at))


def _time(said: str) -> datetime:
    return datetime.fromisoformat(said)


def _moment(said: str | None) -> datetime | None:
    return datetime.fromisoformat(said) if said else None


_CHANGES: dict[str, Callable[[Clock, Mapping[str, Any], datetime], Clock]] = {
    "stop": lambda it, _, at: replace(it, stopped_at=at, paused=_ended(it, at)),
    "unstop": lambda it, _, __: replace(it, stopped_at=None),
    "pause": lambda it, _, at: replace(it, paused=(*it.paused, (at, None))),
    "resume": _resume,
    "rebase": _rebase,
    "extend": _extend,
    "sooner": lambda it, to, _: replace(it, not_after=_moment(to.get("not_after"))),
    "recount": lambda it, _, __: it,
    "warn": lambda it, _, at: replace(it, warned_at=at),
    "breach": _breach,
}
