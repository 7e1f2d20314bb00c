"""Does every matter have exactly one owner, or wait with an alarm, and each in its turn?"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.simulation.books import Books, Stretch, steps
from bot.simulation.month import TICK
from bot.simulation.scenario import DAY
from bot.tickets import hours, routing
from bot.tickets.hours import Office
from bot.tickets.rules import load_rules
from bot.tickets.tables import LIVE, Level, State, TicketEvent
from bot.tickets.waiting import ALARM, BY_THE_CLOCK


def somebody_has_it(books: Books) -> Iterator[str | None]:
    """Look at who has each live ticket, and at the alarm for what nobody has."""
    strands = Counter(
        (it.resident_id, it.strand) for it in books.tickets.values() if it.state in LIVE
    )
    for ticket in books.tickets.values():
        live = ticket.state in LIVE
        if live and (ticket.assignee_id is None) != (ticket.state == State.TRIAGE):
            yield f"{ticket.number}: {ticket.state}, and its owner is {ticket.assignee_id}"
        elif live and strands[ticket.resident_id, ticket.strand] > 1:
            yield f"{ticket.number}: two live matters in one strand"
        else:
            yield None
        yield from _explained(books, ticket.id)
    office = hours.office(books.session, books.month.line.tools.settings)
    for parts in books.stretches.values():
        yield from (_alarmed(books, it, office) for it in parts if it.state == State.TRIAGE)


def nobody_is_overtaken(books: Books) -> Iterator[str | None]:
    """Look, each time the rules gave something away, at what of its level waited longer."""
    queue = _Queue(books)
    for ticket_id, log in books.logs.items():
        for event, before, _ in steps(log):
            basis = event.data.get("basis", {})
            by_rule = event.kind == "assigned" and "considered" in basis
            if before is None or before.state != State.TRIAGE or not by_rule:
                continue
            named = set(basis.get("passed", ()))
            yield from queue.overtaken(ticket_id, Level(basis["level"]), event, named)


class _Queue:
    """What waited when."""

    def __init__(self, books: Books) -> None:
        waits: dict[Level, list[Stretch]] = defaultdict(list)
        for parts in books.stretches.values():
            for part in parts:
                if part.state == State.TRIAGE and len(part.levels) == 1:
                    waits[next(iter(part.levels))].append(part)
        self.waits = {
            level: sorted(found, key=lambda it: it.first) for level, found in waits.items()
        }
        self.firsts = {level: [it.first for it in found] for level, found in self.waits.items()}
        self.opened = {number: it.opened_at for number, it in books.tickets.items()}
        self.number = books.number

    def overtaken(
        self, ticket_id: int, level: Level, event: TicketEvent, named: set[str]
    ) -> Iterator[str | None]:
        yield None
        began = bisect_left(self.firsts.get(level, []), event.id)
        for other in self.waits.get(level, [])[:began]:
            waited = other.after is None or other.after > event.id
            older = self.opened[other.ticket.id] < self.opened[ticket_id]
            # What was handed back too often waits for a supervisor: that is its stored reason.
            free = other.hand_backs <= routing.MOST_HAND_BACKS
            if waited and older and free and other.ticket.number not in named:
                yield f"{other.ticket.number}: overtaken by {self.number(ticket_id)}, unsaid"


def _explained(books: Books, ticket_id: int) -> Iterator[str | None]:
    for event in books.logs[ticket_id]:
        if event.kind == "assigned":
            reason = None if event.text else f"{books.number(ticket_id)}: given for no reason"
            yield reason


def _alarmed(books: Books, part: Stretch, office: Office) -> str | None:
    """Say which alarm did not ring in a stretch of waiting."""
    rules = load_rules().unassigned_alarm
    spans = max((rules[level] for level in part.levels), key=tuple)
    waited = _waited(part, _last_look(books, part.ends_at), office)
    due = sum(waited >= span for span in spans)
    rung = max(
        (
            int(event.data["stage"])
            for event in books.logs[part.ticket.id]
            if event.kind == ALARM
            and event.id > part.first
            and (part.after is None or event.id < part.after)
        ),
        default=0,
    )
    return None if rung >= due else f"{part.ticket.number}: waited {waited}, no alarm {rung + 1}"


def _last_look(books: Books, ends_at: datetime | None) -> datetime:
    """Return when the timetable looked at the queue the last time before this."""
    scenario = books.month.scenario
    last = min(ends_at or scenario.ends_at, scenario.ends_at) - TICK
    dead = scenario.starts_at + scenario.dead_day * DAY
    return dead - TICK if dead <= last < dead + DAY + TICK else last


def _waited(part: Stretch, until: datetime, office: Office) -> timedelta:
    if part.levels <= BY_THE_CLOCK:
        return max(until - part.starts_at, timedelta())
    return hours.between(part.starts_at, until, office)
