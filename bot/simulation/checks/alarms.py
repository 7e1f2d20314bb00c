"""Calls to crises end by acceptance only, and no step of a ladder is taken twice."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

from sqlalchemy import select

from bot.simulation.books import Books
from bot.simulation.month import TICK
from bot.simulation.scenario import DAY
from bot.tickets.alarm.tables import Page
from bot.tickets.clocks.rules import load_rules
from bot.tickets.tables import LIVE, Level

AFRESH = {"start", "rebase", "extend"}
"""After these a clock's ladder begins again."""


def calls_end_by_acceptance(books: Books) -> Iterator[str | None]:
    """Look at every call, at who accepted it, and at who was called while nobody did."""
    calls: dict[int, list[Page]] = {}
    for call in books.session.scalars(select(Page).order_by(Page.id)):
        if call.ticket_id is not None:
            calls.setdefault(call.ticket_id, []).append(call)
    for ticket_id, made in calls.items():
        yield from (_ended(books, ticket_id, call) for call in made)
        yield from _gaps(books, ticket_id, made)
    for ticket in books.tickets.values():
        if ticket.level == Level.CRISIS and ticket.id not in calls:
            yield f"{ticket.number}: a crisis, and nobody was called"


def promises_climb_once(books: Books) -> Iterator[str | None]:
    """Look at every escalation: of one clock each rung comes once, in its order."""
    for ticket_id, log in books.logs.items():
        rungs: dict[str, int] = {}
        for event in log:
            for effect in event.data.get("clocks", ()):
                kind = effect["kind"]
                if effect["do"] in AFRESH:
                    rungs[kind] = 0
                elif effect["do"] == "breach":
                    rung, before = int(effect["rung"]), rungs.get(kind, 0)
                    rungs[kind] = rung
                    once = rung == before + 1
                    number = books.number(ticket_id)
                    yield None if once else f"{number}: {kind} went from {before} to {rung}"


def _ended(books: Books, ticket_id: int, call: Page) -> str | None:
    ticket = books.tickets[ticket_id]
    if call.accepted_at is None or call.accepted_by_id is None:
        goes_on = ticket.level == Level.CRISIS and ticket.state in LIVE
        return None if goes_on else f"{ticket.number}: a call ended, and nobody had accepted"
    if call.accepted_by_id not in books.owner_at(ticket_id, call.accepted_at):
        return f"{ticket.number}: accepted by {call.accepted_by_id}, who did not have it"
    return None


def _gaps(books: Books, ticket_id: int, made: Sequence[Page]) -> Iterator[str | None]:
    """While nobody accepts, the next is called in time."""
    scenario = books.month.scenario
    dead = scenario.starts_at + scenario.dead_day * DAY
    longest = load_rules().page + TICK
    ends = [*(call.paged_at for call in made[1:]), scenario.ends_at]
    for (call, _), end in zip(pairwise([*made, made[-1]]), ends, strict=True):
        until = min(call.accepted_at or end, end)
        seen = until - call.paged_at
        if call.paged_at < dead + DAY and until > dead:  # nobody kept the timetable meanwhile
            seen = max(min(until, dead) - call.paged_at, timedelta())
            seen = max(seen, until - max(call.paged_at, dead + DAY))
        late = seen > longest
        number = books.number(ticket_id)
        yield f"{number}: nobody was called for {seen}" if late else None
