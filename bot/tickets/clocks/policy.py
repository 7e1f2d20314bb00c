"""
What an event does to the clocks of its ticket.

bot/tickets/machine.py says it in words (`start reply`, `pause resolve`); here
the words become effects with their times, which are written into the event.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from bot.tickets.clocks import timing
from bot.tickets.clocks.clock import Clock, applied
from bot.tickets.clocks.rules import Rules, load_rules
from bot.tickets.hours import Office
from bot.tickets.machine import EFFECTS
from bot.tickets.standing import Event, Standing
from bot.tickets.tables import ClockKind, Level, State

Effect = dict[str, Any]
_HEARD = frozenset({"heard", "added"})
RANK = {Level.CRISIS: 2, Level.URGENT: 1}
LEVELLED = frozenset(
    {
        ClockKind.DISPATCH,
        ClockKind.ACCEPT,
        ClockKind.FIRST_REPLY,
        ClockKind.REPLY,
        ClockKind.RESOLVE,
    }
)
"""Clocks whose time is another at another level."""


@dataclass
class Clockwork:
    """The rules, and the calendar once it is asked for: many events need none."""

    find_office: Callable[[], Office]
    rules: Rules

    @cached_property
    def office(self) -> Office:
        """When people are at work."""
        return self.find_office()


def clockwork(find_office: Callable[[], Office]) -> Clockwork:
    """Return the clockwork of today's rules."""
    return Clockwork(find_office, load_rules())


def touches_clocks(state: str, event: Event) -> bool:
    """Say whether an event in this state could change a clock, so that clocks have to be read."""
    if state == State.WAITING_RESIDENT:
        return True
    # The clock of an answer that was owed before runs already.
    more = event.kind in _HEARD and event.data.get("owed") is False
    return bool(EFFECTS.get(event.kind)) and not more


def effects(before: Standing, after: Standing, event: Event, work: Clockwork) -> list[Effect]:
    """Return everything the event does to the clocks, in order."""
    named = EFFECTS.get(event.kind, ())
    if after.state == State.CLOSED:
        named = ("stop all",)
    found: list[Effect] = []
    clocks = before.clocks
    leaves_waiting = State.WAITING_RESIDENT in {before.state} - {after.state}
    for said in (("resume all",) if leaves_waiting else ()) + named:
        verb, _, which = said.partition(" ")
        for effect in list(_VERBS[verb](_Step(clocks, after, event, work), which)):
            found.append(effect)
            clocks = applied(clocks, [effect], event.at)
            if effect["do"] not in {"stop", "unstop"}:
                changed = [clock for clock in clocks if clock.kind == effect["kind"]][-1]
                look = timing.look(changed, event.at, work.rules, work.office)
                effect["look"] = look.isoformat() if look else None
                only_look = {"do": "recount", "kind": effect["kind"], "look": effect["look"]}
                clocks = applied(clocks, [only_look], event.at)
    return found


@dataclass(frozen=True, slots=True)
class _Step:
    """What one word of the table is about."""

    clocks: tuple[Clock, ...]
    after: Standing
    event: Event
    work: Clockwork

    def going(self, which: str) -> list[Clock]:
        """The clocks meant that have not been stopped."""
        kinds = {str(self.event.data.get("clock"))} if which == "named" else {which}
        return [
            clock
            for clock in self.clocks
            if clock.stopped_at is None and (which == "all" or clock.kind in kinds)
        ]

    def due(self, clock: Clock) -> str:
        """When the clock is due, as it is written down."""
        return timing.due(clock, self.work.rules, self.work.office).isoformat()


def _start(step: _Step, which: str) -> Iterator[Effect]:
    if step.going(which) or step.after.state == State.MERGED:
        return
    rules, level, at = step.work.rules, step.after.level, step.event.at
    due = step.event.data.get(f"{which}_due")
    span = rules.span(which, level)
    moment = due or timing.first_due(span, at, step.work.office).isoformat()
    yield {"do": "start", "kind": which, "due": moment, "rule": rules.name(which, level)}


def _stop(step: _Step, which: str) -> Iterator[Effect]:
    for clock in step.going(which):
        yield {"do": "stop", "kind": clock.kind}


def _unstop(step: _Step, which: str) -> Iterator[Effect]:
    since = datetime.fromisoformat(step.event.data["since"])
    last = {clock.kind: clock for clock in step.clocks}
    for kind, clock in last.items():
        meant = which in {"all", kind}
        if meant and clock.stopped_at is not None and clock.stopped_at == since:
            yield {"do": "unstop", "kind": kind}


def _pause(step: _Step, which: str) -> Iterator[Effect]:
    if not step.work.rules.pause[step.after.level]:
        return
    for clock in step.going(which):
        if not clock.pausing:
            yield {"do": "pause", "kind": clock.kind}


def _resume(step: _Step, which: str) -> Iterator[Effect]:
    for clock in step.going(which):
        if not clock.pausing:
            continue
        level = clock.rule.split("/")[1]
        until = timing.pause_ends(clock, step.event.at, step.work.rules.pause[level])
        ended = replace(clock, paused=(*clock.paused[:-1], (clock.paused[-1][0], until)))
        due, said = step.due(ended), until.isoformat()
        yield {"do": "resume", "kind": clock.kind, "until": said, "due": due}


def _rebase(step: _Step, which: str) -> Iterator[Effect]:
    """Promise anew from now on; a higher level never gives more time than there was."""
    level, at = step.after.level, step.event.at
    raised = RANK.get(level, 0) > RANK.get(Level(step.event.data["before"]), 0)
    for clock in step.going(which):
        if clock.kind not in LEVELLED:
            continue
        rule = step.work.rules.name(clock.kind, level)
        not_after = clock.due_at if raised else None
        anew = replace(clock, since=at, not_after=not_after, rule=rule)
        yield {
            "do": "rebase",
            "kind": clock.kind,
            "since": at.isoformat(),
            "not_after": not_after.isoformat() if not_after else None,
            "rule": rule,
            "due": step.due(anew),
        }


def _extend(step: _Step, which: str) -> Iterator[Effect]:
    if not step.event.data.get("approved"):
        return
    days = int(step.event.data["days"])
    for clock in step.going(which):
        due = step.due(replace(clock, extended=(*clock.extended, days)))
        yield {"do": "extend", "kind": clock.kind, "days": days, "due": due}


def _sooner(step: _Step, which: str) -> Iterator[Effect]:
    """Keep the earlier promise of the ticket that comes in."""
    said = step.event.data.get("sooner", {}).get(which)
    promised = datetime.fromisoformat(said) if said else None
    for clock in step.going(which):
        if promised and promised < clock.due_at:
            was = clock.not_after.isoformat() if clock.not_after else None
            yield {"do": "sooner", "kind": which, "not_after": said, "due": said, "was": was}


def _own(step: _Step, which: str) -> Iterator[Effect]:
    """Let the promise of the ticket that goes out again be its own."""
    taken = step.event.data.get("sooner", {}).get(which)
    for clock in step.going(which):
        if taken and clock.not_after == datetime.fromisoformat(taken["not_after"]):
            was = datetime.fromisoformat(taken["was"]) if taken["was"] else None
            due = step.due(replace(clock, not_after=was))
            yield {"do": "sooner", "kind": which, "not_after": taken["was"], "due": due}


def _mark(word: str) -> Callable[[_Step, str], Iterator[Effect]]:
    def effect(step: _Step, which: str) -> Iterator[Effect]:
        for clock in step.going(which):
            rung = {"rung": int(step.event.data["rung"])} if word == "breach" else {}
            yield {"do": word, "kind": clock.kind, **rung}

    return effect


def _recount(step: _Step, which: str) -> Iterator[Effect]:
    for clock in step.going(which):
        due = timing.due(clock, step.work.rules, step.work.office)
        if due != clock.due_at:
            yield {"do": "recount", "kind": clock.kind, "due": due.isoformat()}


def _set(step: _Step, which: str) -> Iterator[Effect]:
    """Run until a date that is not of our rules; without one, no longer."""
    due, law = step.event.data.get("due"), step.event.data.get("law")
    going = step.going(which)
    if going:
        yield {"do": "stop", "kind": which}
    if due:
        yield {"do": "start", "kind": which, "due": due, "rule": f"{which}/{law}/law"}


_VERBS: dict[str, Callable[[_Step, str], Iterator[Effect]]] = {
    "start": _start,
    "stop": _stop,
    "unstop": _unstop,
    "pause": _pause,
    "resume": _resume,
    "rebase": _rebase,
    "extend": _extend,
    "sooner": _sooner,
    "own": _own,
    "warn": _mark("warn"),
    "breach": _mark("breach"),
    "recount": _recount,
    "set": _set,
}
