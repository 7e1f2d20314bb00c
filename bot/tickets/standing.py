"""Everything about a ticket that follows from its events, and what each of them changes."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Protocol

from bot.tickets.clocks.clock import Clock
from bot.tickets.tables import CloseCode, Level, State


class Event(Protocol):
    """A row of ticket_event."""

    kind: str
    staff_id: int | None
    text: str
    data: dict[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything about a ticket that follows from what happened to it."""

    state: State
    state_at: datetime
    level: Level
    opened_at: datetime
    reply_due_at: datetime
    assignee_id: int | None = None
    reason: str = ""
    assigned_at: datetime | None = None
    accepted_at: datetime | None = None
    first_reply_at: datetime | None = None
    last_reply_at: datetime | None = None
    reminded_at: datetime | None = None
    escalated_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    close_code: str | None = None
    outcome: str = ""
    reopened: int = 0
    hand_backs: int = 0
    supervised_at: datetime | None = None
    extension_pending: bool = False
    merged_into_id: int | None = None
    first_due_at: datetime | None = None
    satisfied: bool | None = None
    clocks: tuple[Clock, ...] = ()


COLUMNS = tuple(field.name for field in fields(Standing) if field.name != "clocks")
"""What of it is a column of the ticket."""
MOST_REOPENED = 2
"""Reopened so often, somebody above has to look."""


def entered(standing: Standing, state: State | None, at: datetime) -> Standing:
    """Return it in the state, where that is another."""
    if state is None or state == standing.state:
        return standing
    return replace(standing, state=state, state_at=at)


def _queued(it: Standing, event: Event) -> Standing:
    return replace(it, reason=event.text)


def _assigned(it: Standing, event: Event) -> Standing:
    given = replace(it, assignee_id=int(event.data["to"]), assigned_at=event.at, reason=event.text)
    return replace(given, accepted_at=None)


def _given_back(it: Standing, event: Event) -> Standing:
    """As it was before somebody put it into other hands: with its owner, or in the queue."""
    back = entered(it, State(event.data["state"]), event.at)
    owner = event.data.get("owner")
    kept = event.at if owner else None
    return replace(back, assignee_id=owner, assigned_at=kept, accepted_at=kept, reason=event.text)


def _accepted(it: Standing, event: Event) -> Standing:
    if it.assignee_id != event.staff_id:
        reason = str(event.data.get("reason", it.reason))
        it = replace(it, assignee_id=event.staff_id, assigned_at=event.at, reason=reason)
    return replace(it, accepted_at=event.at)


def _handed_back(it: Standing, event: Event) -> Standing:
    del event
    return replace(
        it, assignee_id=None, assigned_at=None, accepted_at=None, hand_backs=it.hand_backs + 1
    )


def _put_back(it: Standing, event: Event) -> Standing:
    nobodys = replace(it, assignee_id=None, assigned_at=None, accepted_at=None)
    return replace(nobodys, reason=event.text)


def _replied(it: Standing, event: Event) -> Standing:
    if it.state != State.WAITING_PARTNER:
        it = entered(it, State.IN_PROGRESS, event.at)
    first = it.first_reply_at or event.at
    return replace(it, first_reply_at=first, last_reply_at=event.at)


def _unsent(it: Standing, event: Event) -> Standing:
    """As it was before the answer that did not go out; nobody waits for the resident then."""
    if it.state == State.WAITING_RESIDENT:
        it = entered(it, State.IN_PROGRESS, event.at)
    last, first = (_moment(event.data.get(name)) for name in ("last", "first"))
    return replace(it, last_reply_at=last, first_reply_at=first)


def _went_out(it: Standing, event: Event) -> Standing:
    written = _moment(event.data["written"])
    return replace(it, first_reply_at=it.first_reply_at or event.at, last_reply_at=written)


def _reached(it: Standing, event: Event) -> Standing:
    return replace(it, first_reply_at=it.first_reply_at or event.at, last_reply_at=event.at)


def _moment(said: str | None) -> datetime | None:
    return datetime.fromisoformat(said) if said else None


def _heard(it: Standing, event: Event) -> Standing:
    if it.state == State.WAITING_RESIDENT:
        it = entered(it, State.IN_PROGRESS, event.at)
    if event.data.get("owed"):
        it = replace(it, reminded_at=None, escalated_at=None)
    return it


def _waiting(it: Standing, event: Event) -> Standing:
    del event
    return replace(it, reminded_at=None)


def _resolved(it: Standing, event: Event) -> Standing:
    first = it.first_reply_at or event.at
    told = replace(it, outcome=event.text, resolved_at=event.at, last_reply_at=event.at)
    return replace(told, first_reply_at=first, satisfied=None)


def _rated(it: Standing, event: Event) -> Standing:
    if event.data.get("solved"):
        return _done(it, str(event.data.get("code", CloseCode.SOLVED)), event.at)
    return _again(it, event) if not event.data.get("elsewhere") else it


def _called_back(it: Standing, event: Event) -> Standing:
    return replace(_rated(it, event), satisfied=event.data.get("satisfied"))


def _again(it: Standing, event: Event) -> Standing:
    it = entered(it, State.IN_PROGRESS, event.at)
    owner = event.data.get("to")
    return replace(
        it,
        assignee_id=int(owner) if owner else it.assignee_id,
        close_code=None,
        closed_at=None,
        resolved_at=None,
        reminded_at=None,
        escalated_at=None,
        merged_into_id=None,
        reopened=it.reopened + 1,
    )


def _closed(it: Standing, event: Event) -> Standing:
    told = replace(it, outcome=event.text) if event.text else it
    return _done(told, str(event.data["code"]), event.at)


def _withdrawn(it: Standing, event: Event) -> Standing:
    return _done(it, CloseCode.WITHDRAWN, event.at)


def _done(it: Standing, code: str, at: datetime) -> Standing:
    closed = replace(entered(it, State.CLOSED, at), close_code=code, closed_at=at)
    return replace(closed, extension_pending=False)


def _merged(it: Standing, event: Event) -> Standing:
    if "into_id" not in event.data:
        return it
    owner = it.assignee_id or event.data.get("to")
    return replace(it, merged_into_id=int(event.data["into_id"]), assignee_id=owner)


def _unmerged(it: Standing, event: Event) -> Standing:
    back = entered(it, State(event.data["state"]), event.at)
    return replace(back, merged_into_id=None, assignee_id=event.data.get("owner"))


def _level(it: Standing, event: Event) -> Standing:
    if event.data["after"] == Level.CRISIS and it.state == State.WAITING_RESIDENT:
        it = entered(it, State.IN_PROGRESS, event.at)
    return replace(it, level=Level(event.data["after"]), reminded_at=None, escalated_at=None)


def _set(**values: object) -> Callable[[Standing, Event], Standing]:
    """A change that needs nothing of the event but, for `at`, its time."""

    def change(it: Standing, event: Event) -> Standing:
        said = {name: event.at if value == "at" else value for name, value in values.items()}
        return replace(it, **said)  # type: ignore[arg-type]

    return change


CHANGES: dict[str, Callable[[Standing, Event], Standing]] = {
    "queued": _queued,
    "assigned": _assigned,
    "given_back": _given_back,
    "accepted": _accepted,
    "handed_back": _handed_back,
    "put_back": _put_back,
    "reply": _replied,
    "unsent": _unsent,
    "went_out": _went_out,
    "reached": _reached,
    "heard": _heard,
    "added": _heard,
    "waiting": _waiting,
    "resolved": _resolved,
    "rated": _rated,
    "called_back": _called_back,
    "reopened": _again,
    "closed": _closed,
    "withdrawn": _withdrawn,
    "merged": _merged,
    "unmerged": _unmerged,
    "level": _level,
    "extension_asked": _set(extension_pending=True),
    "extension_decided": _set(extension_pending=False),
    "supervised": _set(supervised_at="at"),
    "supervision_over": _set(supervised_at=None),
    "reminded": _set(reminded_at="at"),
    "nudged": _set(reminded_at="at"),
    "escalated": _set(escalated_at="at"),
}
