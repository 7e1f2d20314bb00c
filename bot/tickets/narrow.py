"""
Narrower lists: each key an address may carry, and the tickets it means.

A number in a report and the list behind it are made of the same conditions, so
that they cannot disagree.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, not_, or_, select
from sqlalchemy.orm import QueryableAttribute

from bot.contracts import Urgency
from bot.people.tables import Resident, Staff
from bot.tickets.approvals.tables import Approval, ApprovalKind
from bot.tickets.bounds import row_number, start_of
from bot.tickets.clocks.tables import TicketClock
from bot.tickets.due import OWED
from bot.tickets.tables import LIVE, ClockKind, CloseCode, Lane, Level, State, Ticket, TicketEvent

NONE: Final = "none"
"""The value that means nobody, nowhere, no code."""
CHINESE: Final = "汉语"
LONGEST_VALUE = 64
_UTC: Final = ZoneInfo("UTC")

LANGUAGE: ColumnElement[str] = func.coalesce(Ticket.facts[("languages", 0)].as_string(), CHINESE)
"""What the resident wrote in, as far as its script shows."""
TEAM: ScalarSelect[Any] = (
    select(Staff.team_id).where(Staff.id == Ticket.assignee_id).correlate(Ticket).scalar_subquery()
)
CRISIS = or_(Ticket.urgency == Urgency.CRISIS, Ticket.level == Level.CRISIS)
_SAID_NO = exists().where(
    TicketEvent.ticket_id == Ticket.id,
    TicketEvent.kind.in_(("rated", "called_back")),
    not_(TicketEvent.data["solved"].as_boolean()),
)
_UNSOLVED = (CloseCode.NOT_SOLVED, CloseCode.REFERRED_OUT, CloseCode.NOT_ACCEPTED)
ANSWERS: Mapping[str, ColumnElement[bool]] = {
    "yes": Ticket.close_code == CloseCode.SOLVED,
    "no": and_(Ticket.close_code.in_(_UNSOLVED), _SAID_NO),
    "explained": Ticket.close_code == CloseCode.EXPLAINED,
    "silent": Ticket.close_code == CloseCode.ANSWERED_UNCONFIRMED,
    "unreachable": Ticket.close_code == CloseCode.UNREACHABLE,
}
"""What residents said when asked whether it is solved; apart, for no rate may mix them."""
SATISFIED: Mapping[str, ColumnElement[bool]] = {
    "happy": Ticket.satisfied.is_(True),
    "unhappy": Ticket.satisfied.is_(False),
}
"""What residents said of us when they were called back."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What a condition may depend on besides its value: the time, and the clocks of the place."""

    now: datetime
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Narrow:
    """The keys of an address that narrow a list, each with its value."""

    values: tuple[tuple[str, str], ...] = ()
    zone: ZoneInfo = _UTC
    """Whose days the dates are."""

    def __bool__(self) -> bool:
        """Say whether it narrows anything."""
        return bool(self.values)

    def get(self, key: str) -> str:
        """Return the value of a key, or an empty text."""
        return dict(self.values).get(key, "")

    def with_(self, **values: object) -> "Narrow":
        """Return the same with other values; an empty one takes the key away."""
        changed = dict(self.values) | {key: str(value) for key, value in values.items()}
        return read({key: value for key, value in changed.items() if value}, zone=self.zone)


EVERYTHING: Final = Narrow()


def read(args: Mapping[str, str], *, zone: ZoneInfo) -> Narrow:
    """Return what the address narrows; what it cannot mean is left out."""
    kept = {
        key: value
        for key in KEYS
        if (value := args.get(key, "").strip()[:LONGEST_VALUE]) and _readable(key, value)
    }
    return Narrow(tuple(sorted(kept.items())), zone)


def conditions(narrow: Narrow, *, now: datetime) -> list[ColumnElement[bool]]:
    """Return what a ticket must meet to be in the list."""
    at = Moment(now, narrow.zone)
    return [KEYS[key](value, at) for key, value in narrow.values]


def replies(now: datetime) -> Mapping[str, ColumnElement[bool]]:
    """Return how the first answer of a person stands to its promise; each ticket is in one."""
    unanswered = Ticket.first_reply_at.is_(None)
    # The promise of the first answer; that of the next one moves with every message.
    due = func.coalesce(Ticket.first_due_at, Ticket.reply_due_at)
    return {
        "in_time": Ticket.first_reply_at <= due,
        "late": Ticket.first_reply_at > due,
        "missed": and_(unanswered, due <= now),
        "open": and_(unanswered, due > now),
    }


def _readable(key: str, value: str) -> bool:
    try:
        KEYS[key](value, Moment(datetime(2000, 1, 1, tzinfo=UTC), _UTC))
    except (ValueError, KeyError):
        return False
    return True


Condition = Callable[[str, Moment], ColumnElement[bool]]


def _is(column: QueryableAttribute[Any]) -> Condition:
    return lambda value, _: column == value


def _since(column: QueryableAttribute[Any]) -> Condition:
    return lambda value, at: column >= start_of(date.fromisoformat(value), at.zone)


def _until(column: QueryableAttribute[Any]) -> Condition:
    """Up to the end of a day."""
    return lambda value, at: (
        column < start_of(date.fromisoformat(value) + timedelta(days=1), at.zone)
    )


def _state(value: str, at: Moment) -> ColumnElement[bool]:
    del at
    return Ticket.state.in_(LIVE) if value == "live" else Ticket.state == State(value)


def _area(value: str, at: Moment) -> ColumnElement[bool]:
    """A division with all that lies in it: a county's code begins with its prefecture's."""
    del at
    if value == NONE:
        return Ticket.area_code == ""
    if not value.isdecimal():
        raise ValueError(value)
    return Ticket.area_code.startswith(value.removesuffix("00").removesuffix("00"))


def _person(value: str, at: Moment) -> ColumnElement[bool]:
    del at
    return (
        Ticket.assignee_id.is_(None) if value == NONE else Ticket.assignee_id == row_number(value)
    )


def _team(value: str, at: Moment) -> ColumnElement[bool]:
    """The team of whoever is in charge."""
    del at
    return TEAM.is_(None) if value == NONE else TEAM.in_([row_number(value)])


def _scene(value: str, at: Moment) -> ColumnElement[bool]:
    del at
    scene = "" if value == NONE else value
    # Not by a join: not every list has the resident beside the ticket.
    return Ticket.resident_id.in_(select(Resident.id).where(Resident.scene == scene))


def _overdue(value: str, at: Moment) -> ColumnElement[bool]:
    if value != "reply":
        raise ValueError(value)
    waits = (State.TRIAGE, State.DISPATCHED, State.IN_PROGRESS)
    return and_(Ticket.state.in_(waits), OWED, Ticket.reply_due_at <= at.now)


def _clock(value: str, at: Moment) -> ColumnElement[bool]:
    """A promise of this kind is broken and still runs."""
    return exists().where(
        TicketClock.ticket_id == Ticket.id,
        TicketClock.kind == ClockKind(value),
        TicketClock.stopped_at.is_(None),
        TicketClock.due_at <= at.now,
    )


_UNDECIDED = (Approval.ticket_id == Ticket.id, Approval.decided_at.is_(None))
_WANTS: Mapping[str, ColumnElement[bool]] = {
    "any": exists().where(*_UNDECIDED),
    **{str(kind): exists().where(*_UNDECIDED, Approval.kind == kind) for kind in ApprovalKind},
}
"""What waits for a supervisor's word."""


def _crisis(value: str, at: Moment) -> ColumnElement[bool]:
    del at
    taken = Ticket.state.not_in((State.TRIAGE, State.DISPATCHED))
    kinds = {"open": not_(taken), "taken": and_(taken, Ticket.state.in_(LIVE))}
    return and_(CRISIS, kinds[value])


KEYS: Mapping[str, Condition] = {
    "from": _since(Ticket.opened_at),
    "to": _until(Ticket.opened_at),
    "resolved_from": _since(Ticket.resolved_at),
    "resolved_to": _until(Ticket.resolved_at),
    "closed_from": _since(Ticket.closed_at),
    "closed_to": _until(Ticket.closed_at),
    "topic": _is(Ticket.topic),
    "urgency": lambda value, _: Ticket.urgency == Urgency(value),
    "service": _is(Ticket.service),
    "state": _state,
    "code": lambda value, _: Ticket.close_code == CloseCode(value),
    "area": _area,
    "person": _person,
    "scene": _scene,
    "language": lambda value, _: LANGUAGE.in_([value]),
    "reply": lambda value, at: replies(at.now)[value],
    "team": _team,
    "level": lambda value, _: Ticket.level == Level(value),
    "lane": lambda value, _: Ticket.lane == Lane(value),
    "reopened": lambda value, _: {"yes": Ticket.reopened > 0}[value],
    "supervised": lambda value, _: {"yes": Ticket.supervised_at.is_not(None)}[value],
    "wants": lambda value, _: _WANTS[value],
    "answer": lambda value, _: or_(*ANSWERS.values()) if value == "asked" else ANSWERS[value],
    "satisfied": lambda value, _: (
        Ticket.satisfied.is_not(None) if value == "asked" else SATISFIED[value]
    ),
    "overdue": _overdue,
    "clock": _clock,
    "crisis": _crisis,
}
