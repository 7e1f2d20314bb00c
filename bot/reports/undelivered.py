"""Messages that did not reach WeChat: given up, refused, or waiting for the resident."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    false,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session

from bot.outbox import OutboundMessage, SendState
from bot.people.tables import Resident, Role, Staff
from bot.tickets.scope import in_charge, visible
from bot.tickets.tables import Ticket
from bot.wechat.outcomes import OUTCOMES

STATES = (SendState.GIVEN_UP, SendState.REFUSED, SendState.HELD)
UNKNOWN = "没有发出去，原因不明。"
TRY_AGAIN = "请点“再试一次”；急事请打电话。"
PERHAPS_THERE = "居民可能已经收到。先打电话问一声，或等居民回话，再决定要不要再试。"


@dataclass(frozen=True, slots=True)
class Undelivered:
    """One message that did not reach WeChat."""

    id: int
    state: str
    alias: str
    """Empty, as the text, for everybody who may not read the ticket."""
    ticket_number: str
    """Empty: it belongs to no ticket."""
    author: str
    """Empty: the service itself."""
    text: str
    outcome: str
    attempts: int
    doubtful: bool
    created_at: datetime
    finished_at: datetime | None

    @property
    def reason(self) -> str:
        """What happened, in words staff read."""
        outcome = OUTCOMES.get(self.outcome)
        return outcome.says if outcome else UNKNOWN

    @property
    def next_step(self) -> str:
        """What staff can do about it."""
        outcome = OUTCOMES.get(self.outcome)
        # The table speaks of messages still being tried, which this one is no longer.
        if outcome is None or self.state == SendState.GIVEN_UP:
            return PERHAPS_THERE if self.doubtful else TRY_AGAIN
        return outcome.next_step


def undelivered(
    session: Session, *, viewer: Staff, state: str = "", page: int = 1, per_page: int = 30
) -> list[Undelivered]:
    """
    Return one page of what did not arrive, newest first, and one row more if there is another.

    *state* is one of STATES; empty means all.  A supervisor has those of their
    own organisation, an admin all; text and alias only who may read the ticket.
    """
    rows = session.execute(
        _columns(viewer)
        .where(_within(viewer), OutboundMessage.state.in_([state] if state in STATES else STATES))
        .order_by(OutboundMessage.id.desc())
        .limit(per_page + 1)
        .offset((max(page, 1) - 1) * per_page)
    )
    return [Undelivered(**row) for row in rows.mappings()]


def counts(session: Session, *, viewer: Staff) -> dict[str, int]:
    """Return how many messages are in each state but `accepted`."""
    rows = session.execute(
        _joined(select(OutboundMessage.state, func.count()))
        .where(_within(viewer), OutboundMessage.state != SendState.ACCEPTED)
        .group_by(OutboundMessage.state)
    )
    return dict(rows.all())


def is_shown(session: Session, outbound_id: int, *, viewer: Staff) -> bool:
    """Say whether the message is one this person is shown."""
    found = _joined(select(OutboundMessage.id))
    wanted = found.where(_within(viewer), OutboundMessage.id == outbound_id)
    return session.scalar(wanted) is not None


def _within(viewer: Staff) -> ColumnElement[bool]:
    if viewer.role == Role.ADMIN:
        return true()
    return or_(in_charge(viewer), and_(Ticket.id.is_(None), _of_house(viewer)))


def _of_house(viewer: Staff) -> ColumnElement[bool]:
    if viewer.organisation_id is None:
        return true()
    own = Resident.organisation_id == viewer.organisation_id
    return or_(Resident.organisation_id.is_(None), own)


def _joined(query: Any) -> Any:  # noqa: ANN401 (a query of any columns)
    return (
        query.select_from(OutboundMessage)
        .join(Resident, Resident.id == OutboundMessage.resident_id)
        .outerjoin(Ticket, Ticket.id == OutboundMessage.ticket_id)
    )


def _columns(viewer: Staff) -> Select[*tuple[object, ...]]:
    sent = OutboundMessage
    reads = visible(viewer)
    readable = case((Ticket.id.is_not(None) & reads, sent.text), else_=literal(""))
    knows = or_(reads, Ticket.id.is_(None)) if viewer.role != Role.ADMIN else false()
    alias = case((knows, Resident.alias), else_=literal("")).label("alias")
    return _joined(  # type: ignore[no-any-return]
        select(
            sent.id, sent.state, sent.outcome, sent.attempts, sent.doubtful,
            sent.created_at, sent.finished_at, alias, readable.label("text"),
            func.coalesce(Ticket.number, "").label("ticket_number"),
            func.coalesce(Staff.name, "").label("author"),
        )
    ).outerjoin(Staff, Staff.id == sent.staff_id)  # fmt: skip
