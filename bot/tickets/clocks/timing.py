"""When a clock is due: from its rule, its pauses, what was granted, and the calendar."""

from datetime import datetime, timedelta

from bot.tickets import hours
from bot.tickets.clocks.clock import Clock
from bot.tickets.clocks.rules import Rules, Span, load_rules
from bot.tickets.hours import Office
from bot.tickets.tables import ClockKind, Level

ROUND = timedelta(minutes=10)
RIGHTS_WARNINGS = (timedelta(days=30), timedelta(days=7), timedelta())
"""How long before a right is lost somebody is told."""


def first_due(span: Span, start: datetime, office: Office) -> datetime:
    """Return when what begins at *start* is due, if nothing comes between."""
    if span.wall is not None:
        due = start + span.wall
    elif span.work is not None:
        due = hours.add(start, span.work, office)
    else:
        due = hours.end_of_day(start, span.days or 0, office)
    return rounded_up(due) if span.rounded else due


def due(clock: Clock, rules: Rules, office: Office) -> datetime:
    """Return when the clock is due: the same, whenever it is asked, from the same calendar."""
    span = span_of(clock, rules)
    if span is None:
        return clock.due_at
    base = clock.since or clock.started_at
    found = first_due(span, base, office)
    for start, end in clock.paused:
        begin = max(start, base)
        if end is None or end <= begin or begin >= found:
            continue
        found = _plus(span, end, elapsed(span, begin, found, office), office)
    for days in clock.extended:
        found = hours.end_of_day(found, days, office)
    return min(found, clock.not_after) if clock.not_after else found


def span_of(clock: Clock, rules: Rules) -> Span | None:
    """Return the rule the clock was set by; None where it is no rule of today's."""
    kind, level, version = clock.rule.split("/")
    if version != str(rules.version):
        return None
    return rules.spans.get((kind, level))


def elapsed(span: Span, start: datetime, end: datetime, office: Office) -> timedelta:
    """Return how much of such a span lies between two moments."""
    return end - start if span.wall is not None else hours.between(start, end, office)


def look(clock: Clock, now: datetime, rules: Rules, office: Office) -> datetime | None:
    """Return when the timetable has to see to the clock next; None: never."""
    if clock.kind == ClockKind.RIGHTS:
        return _look_at_rights(clock)
    if clock.kind not in rules.warn or clock.stopped_at is not None:
        return None
    if clock.pausing:
        level = clock.rule.split("/")[1]
        return pause_ends(clock, datetime.max.replace(tzinfo=now.tzinfo), rules.pause[level])
    if clock.rung:
        above = [rung.at for rung in rules.ladder[clock.rung :]]
        return moment(clock, above[0], rules, office) if above else None
    if clock.warned_at is not None or now >= clock.due_at:
        return clock.due_at
    return moment(clock, rules.warn[clock.kind], rules, office)


def moment(clock: Clock, part: float, rules: Rules, office: Office) -> datetime:
    """Return when that part of the clock's time is gone: 1 is when it is due."""
    span = span_of(clock, rules) or Span(days=1)
    base = clock.since or clock.started_at
    whole = elapsed(span, base, clock.due_at, office) - _paused(clock, base, span, office)
    if part >= 1:
        return _plus(span, clock.due_at, whole * (part - 1), office)
    at = _plus(span, base, max(whole, timedelta()) * part, office)
    for start, end in clock.paused:
        begin = max(start, base)
        if end is not None and begin < end and begin < at:
            at = _plus(span, end, elapsed(span, begin, at, office), office)
    return min(at, clock.due_at)


def _plus(span: Span, start: datetime, more: timedelta, office: Office) -> datetime:
    if more <= timedelta():
        return start
    return start + more if span.wall is not None else hours.add(start, more, office)


def _look_at_rights(clock: Clock) -> datetime | None:
    """Warn a month and a week before a right is lost, and say so when it is."""
    step = 1 + clock.rung if clock.warned_at or clock.rung else 0
    if clock.stopped_at is not None or step >= len(RIGHTS_WARNINGS):
        return None
    return clock.due_at - RIGHTS_WARNINGS[step]


def pause_ends(clock: Clock, now: datetime, cap: timedelta) -> datetime:
    """Return when a pause is over: now, or earlier where the most has been had."""
    had = sum((end - start for start, end in clock.paused if end is not None), start=timedelta())
    return min(now, clock.paused[-1][0] + max(cap - had, timedelta()))


def rounded_up(moment: datetime) -> datetime:
    """People say and remember 10点20分, not 10点17分."""
    over = timedelta(
        minutes=moment.minute % 10, seconds=moment.second, microseconds=moment.microsecond
    )
    return moment + (ROUND - over if over else timedelta())


def _paused(clock: Clock, base: datetime, span: Span, office: Office) -> timedelta:
    found = timedelta()
    for start, end in clock.paused:
        if end is not None and end > base:
            found += elapsed(span, max(start, base), end, office)
    return found


def promised(now: datetime, *, level: Level, office: Office) -> datetime:
    """Return when a person must have answered what comes in now."""
    return first_due(load_rules().span(ClockKind.REPLY, level), now, office)
