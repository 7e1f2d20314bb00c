"""What is counted of the tickets that were opened, and of those that ended, in some days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import QueryableAttribute, Session

from bot.reports.counting import Wanted, count
from bot.reports.dimensions import TOTAL, Dimension
from bot.reports.periods import Period
from bot.reports.worked import Worked, worked
from bot.settings import Settings
from bot.tickets import hours
from bot.tickets import narrow as narrowing
from bot.tickets.hours import Office
from bot.tickets.narrow import ANSWERS, SATISFIED, Narrow, replies
from bot.tickets.tables import CloseCode, Ticket

LONGEST_LIFE = timedelta(days=1200)
"""A ticket that took longer counts, but among the times it is left out."""
REFUSED = (CloseCode.REFERRED_OUT, CloseCode.NOT_ACCEPTED)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is asked about."""

    session: Session
    seen: ColumnElement[bool]
    """bot.tickets.scope.visible of whoever asks."""
    office: Office
    worked: Worked
    now: datetime
    narrow: Narrow


@dataclass(frozen=True, slots=True)
class Opened:
    """Tickets opened in the days, by how their first answer stands to its promise."""

    count: int = 0
    in_time: int = 0
    late: int = 0
    missed: int = 0
    """The promise is over, and nobody has answered."""
    open: int = 0
    """The promise runs yet: it says nothing of us so far."""
    median: int | None = None
    """Working seconds to the first answer of a person."""
    slow: int | None = None
    """The same for the slowest tenth: nine of ten waited no longer."""

    @property
    def decided(self) -> int:
        """How many promises were kept or broken."""
        return self.in_time + self.late + self.missed


@dataclass(frozen=True, slots=True)
class Ended:
    """Tickets closed in the days, by what their residents said when they were asked."""

    count: int = 0
    yes: int = 0
    no: int = 0
    explained: int = 0
    """They took the explanation; neither solved nor unsolved."""
    silent: int = 0
    unreachable: int = 0
    refused: int = 0
    happy: int = 0
    """They were called back and said that they are satisfied with us."""
    unhappy: int = 0
    again: int = 0
    """Done a second time, because the resident or somebody else was not content."""
    median: int | None = None
    """Working seconds from opening to the outcome."""
    slow: int | None = None

    @property
    def answered(self) -> int:
        """How many residents said yes or no."""
        return self.yes + self.no

    @property
    def rated(self) -> int:
        """How many residents said whether they are satisfied."""
        return self.happy + self.unhappy

    @property
    def asked(self) -> int:
        """How many residents were asked, whatever came of it."""
        return self.answered + self.explained + self.silent + self.unreachable


def asked_by(
    session: Session,
    seen: ColumnElement[bool],
    *,
    narrow: Narrow,
    now: datetime,
    settings: Settings,
) -> Asked:
    """Return what a report is asked about, with the working time of the last years."""
    office = hours.office(session, settings)
    today = office.day(now)
    calendar = worked(office, today - LONGEST_LIFE, today)
    return Asked(session, seen, office, calendar, now, narrow)


def opened(asked: Asked, period: Period, by: Dimension = TOTAL) -> Mapping[str, Opened]:
    """Count what was opened in the period: for each value of the dimension, and "" for all."""
    conditions = within(asked, period, Ticket.opened_at)
    since, until = Ticket.opened_at, Ticket.first_reply_at
    wanted = Wanted(by, replies(asked.now), since, until, conditions)
    today = asked.office.day(asked.now)
    # Nothing of them is older than the period: a short calendar is read faster than a long one.
    calendar = worked(asked.office, period.first, max(today, period.last))
    found = count(asked.session, calendar, wanted)
    return {
        key: Opened(it.count, **it.of, median=it.median, slow=it.slow) for key, it in found.items()
    }


def ended(asked: Asked, period: Period, by: Dimension = TOTAL) -> Mapping[str, Ended]:
    """Count what was closed in the period: for each value of the dimension, and "" for all."""
    kinds = {
        **ANSWERS,
        **SATISFIED,
        "refused": Ticket.close_code.in_(REFUSED),
        "again": Ticket.reopened > 0,
    }
    conditions = within(asked, period, Ticket.closed_at)
    until = func.coalesce(Ticket.resolved_at, Ticket.closed_at)
    found = count(
        asked.session, asked.worked, Wanted(by, kinds, Ticket.opened_at, until, conditions)
    )
    return {
        key: Ended(it.count, **it.of, median=it.median, slow=it.slow) for key, it in found.items()
    }


def ended_count(asked: Asked, period: Period) -> int:
    """Return how many were closed in the period, and no more."""
    rows = select(func.count()).select_from(Ticket).where(*within(asked, period, Ticket.closed_at))
    return asked.session.scalar(rows) or 0


def within(
    asked: Asked, period: Period, column: QueryableAttribute[Any]
) -> list[ColumnElement[bool]]:
    """Return the condition of a ticket whose *column* lies in the period."""
    zone = asked.office.settings.zone
    return [
        asked.seen,
        column >= period.start(zone),
        column < period.end(zone),
        *narrowing.conditions(asked.narrow, now=asked.now),
    ]
