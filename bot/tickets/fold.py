"""
Where a ticket stands, as nothing but the fold of its events.

An event says everything that follows from it: whoever writes one decides, by
calendar and rules, when a clock is due (bot/tickets/clocks/policy.py), and the
fold only adds it up.  So it needs no database, no calendar and no time of day.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from functools import reduce

from bot.tickets.clocks.clock import Clock, applied
from bot.tickets.machine import TARGETS
from bot.tickets.standing import CHANGES, COLUMNS, Event, Standing, entered
from bot.tickets.tables import ClockKind, Level, State

_LEVELS_BEFORE = {"normal": "ordinary", "urgent": "urgent", "crisis": "crisis"}


def fold(events: Iterable[Event]) -> Standing:
    """
    Return where the ticket stands after these events, oldest first.

    Raises:
        ValueError: there is none, or the first is not how a ticket begins.
    """
    first, *rest = events
    if first.kind not in _BEGINNINGS:
        msg = f"a ticket does not begin with {first.kind}"
        raise ValueError(msg)
    return reduce(step, rest, _BEGINNINGS[first.kind](first))


def step(standing: Standing, event: Event) -> Standing:
    """Return where it stands after one more event."""
    if event.kind in _BEGINNINGS:
        return _BEGINNINGS[event.kind](event)
    after = entered(standing, TARGETS.get(event.kind), event.at)
    change = CHANGES.get(event.kind)
    after = change(after, event) if change else after
    return with_clocks(after, event)


def begun(event: Event) -> Standing:
    """Return where a ticket stands when it is opened."""
    data, at = event.data, event.at
    level = Level(data.get("level") or _LEVELS_BEFORE[data.get("urgency", "normal")])
    standing = Standing(State.TRIAGE, at, level, at, at)
    return with_clocks(standing, event)


def with_clocks(standing: Standing, event: Event) -> Standing:
    """Return it with its clocks as the event leaves them."""
    effects = event.data.get("clocks")
    if not effects:
        return standing
    return dues(replace(standing, clocks=applied(standing.clocks, effects, event.at)))


def dues(standing: Standing) -> Standing:
    """Return it with the promised times its clocks say: of the last answer, and of the first."""
    found = {clock.kind: clock.due_at for clock in standing.clocks}
    reply = found.get(ClockKind.REPLY, standing.reply_due_at)
    first = found.get(ClockKind.FIRST_REPLY, standing.first_due_at)
    return replace(standing, reply_due_at=reply, first_due_at=first)


def running(standing: Standing, kind: str) -> Clock | None:
    """Return the clock of this kind that has not been stopped."""
    found = [it for it in standing.clocks if it.kind == kind and it.stopped_at is None]
    return found[-1] if found else None


def _snapshot(event: Event) -> Standing:
    """Take over a ticket from before there was a log that says everything."""
    said = {name: event.data.get(name) for name in COLUMNS if name in event.data}
    for name, value in said.items():
        if name.endswith("_at") and isinstance(value, str):
            said[name] = datetime.fromisoformat(value)
    said["state"], said["level"] = State(str(said["state"])), Level(str(said["level"]))
    clocks = applied((), event.data.get("clocks", []), event.at)
    return dues(Standing(**said, clocks=clocks))  # type: ignore[arg-type]


_BEGINNINGS: dict[str, Callable[[Event], Standing]] = {"opened": begun, "baseline": _snapshot}
