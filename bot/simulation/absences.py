"""Who falls ill without warning, comes back earlier, and takes their matters back."""

from datetime import timedelta
from functools import partial

from sqlalchemy import select

from bot.db.engine import reading, transaction
from bot.people import leaves
from bot.people.leaves import Span
from bot.people.presence import away
from bot.people.tables import Leave, LeaveKind, Staff
from bot.simulation.acting import there
from bot.simulation.month import Month
from bot.simulation.scenario import DAY, STARTS_AT, SUDDEN_LEAVES
from bot.tickets import absence

AT = timedelta(hours=10, minutes=20)
EARLIER = 0.3
"""Of those who fall ill so many are back after half the time."""


def befall(month: Month) -> None:
    """Let people fall ill on the days of it, and come back when their leave is over."""
    for day, hours in SUDDEN_LEAVES:
        month.at(STARTS_AT + day * DAY + AT, partial(_falls_ill, month, hours))
    with reading(month.line.engine) as session:
        for leave in session.scalars(select(Leave)):
            month.at(leave.ends_at, partial(_is_back, month, leave.staff_id))


def _falls_ill(month: Month, hours: int) -> None:
    at_work = sorted(there(month) & {*month.town.caseworkers})
    if not at_work:
        return
    now, who = month.clock.at, month.chance.choice(at_work)
    ends = now + timedelta(hours=hours)
    with transaction(month.line.engine) as session:
        person = session.get_one(Staff, who)
        leave = leaves.set_leave(
            session, person, span=Span(now, ends), kind=LeaveKind.SICK, by=person, now=now
        )
    back = now + timedelta(hours=hours) * (0.5 if month.chance.random() < EARLIER else 1)
    month.at(back, partial(_comes_back, month, leave.id, who))


def _comes_back(month: Month, leave_id: int, who: int) -> None:
    with transaction(month.line.engine) as session:
        leaves.end(session, leave_id, by=session.get_one(Staff, who), now=month.clock.at)
    _is_back(month, who)


def _is_back(month: Month, who: int) -> None:
    """Take some of what moved on back again."""
    now = month.clock.at
    with transaction(month.line.engine) as session:
        if who in away(session, now):
            return
        person = session.get_one(Staff, who)
        for ticket in absence.given_away(session, person, now):
            if month.happens("takes_back"):
                absence.take_back(session, person, ticket.number, now=now)
