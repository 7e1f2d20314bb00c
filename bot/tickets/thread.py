"""The conversation of a ticket, as staff read it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import QueryableAttribute, Session

from bot.inbox import InboundMessage
from bot.media import Media
from bot.outbox import OutboundMessage, SendState
from bot.people.tables import Staff
from bot.tickets.basis import Basis, basis_of
from bot.tickets.tables import Ticket, TicketEvent

BEFORE = timedelta(hours=24)
"""What a resident wrote shortly before belongs to the story."""
MOST = 200
NOTES = frozenset({"note", "handover"})
"""Events that hold words of staff to each other."""


class From(StrEnum):
    """Who said it."""

    RESIDENT = "resident"
    BOT = "bot"
    PERSON = "person"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Deed:
    """One event of the ticket's history, and who did it."""

    event: TicketEvent
    name: str
    """Empty: the resident or the service."""


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message or note."""

    key: str
    """Unique on the page: what a refresh adds is told by it."""
    who: From
    at: datetime
    text: str
    name: str = ""
    """The member of staff who wrote it."""
    kind: str = "text"
    details: Mapping[str, str] = field(default_factory=dict)
    media: Media | None = None
    send_state: str = ""
    outcome: str = ""
    doubtful: bool = False
    """It may have arrived twice."""
    basis: Basis | None = None
    """What the machine's answer rested on."""


def history(session: Session, ticket: Ticket) -> list[Deed]:
    """Return everything that happened to the ticket, oldest first."""
    rows = session.execute(
        select(TicketEvent, Staff.name)
        .outerjoin(Staff, Staff.id == TicketEvent.staff_id)
        .where(TicketEvent.ticket_id == ticket.id)
        .order_by(TicketEvent.id)
    )
    return [Deed(event, name or "") for event, name in rows]


def bubbles(session: Session, ticket: Ticket, *, deeds: Sequence[Deed]) -> list[Bubble]:
    """
    Return the newest messages of the ticket, oldest first, with its notes among them.

    What belongs to another ticket of the resident is never shown.
    """
    said, heard = _said(session, ticket), list(_heard(session, ticket))
    by_cause: dict[int, list[str]] = {}
    last = {message.inbound_id: message.id for message, _ in said}
    for message, _ in said:
        if message.inbound_id is not None:
            by_cause.setdefault(message.inbound_id, []).append(message.text)
    # Of an answer in several messages the last one has the source.
    rested = basis_of(session, [message.id for message, _ in heard])
    found = [
        *(
            bubble
            for message, media in heard
            for bubble in _inbound(
                message, media, "\n".join(by_cause.get(message.id, [])), rested.get(message.id)
            )
        ),
        *(
            replace(
                _outbound(message, name),
                basis=rested.get(message.inbound_id or 0)
                if last[message.inbound_id] == message.id
                else None,
            )
            for message, name in said
        ),
        *(_note(deed) for deed in deeds if deed.event.kind in NOTES),
    ]
    return sorted(found, key=_when)


def _when(bubble: Bubble) -> tuple[datetime, bool, str, int]:
    """What was written at one moment stands in the order of writing, the resident's first."""
    kind, number = bubble.key[0], int(bubble.key[1:])
    return bubble.at, bubble.who != From.RESIDENT, kind, number


def media_of(session: Session, ticket: Ticket, media_id: int) -> Media | None:
    """Return a stored file if it came with a message of this ticket."""
    return session.scalar(
        select(Media)
        .join(InboundMessage, InboundMessage.id == Media.inbound_id)
        .where(
            Media.id == media_id,
            Media.state == "stored",
            InboundMessage.resident_id == ticket.resident_id,
            _belongs(InboundMessage.ticket_id, InboundMessage.received_at, ticket),
        )
    )


def mark_seen(session: Session, ticket: Ticket, *, staff_id: int, now: datetime) -> None:
    """Note that the assignee has looked; a supervisor's glance does not count."""
    # By column, not by object: looking is no change that a colleague could collide with.
    session.execute(
        update(Ticket)
        .where(Ticket.id == ticket.id, Ticket.assignee_id == staff_id)
        .values(seen_at=now)
        .execution_options(synchronize_session=False)
    )


def _heard(session: Session, ticket: Ticket) -> Iterator[tuple[InboundMessage, Media | None]]:
    rows = session.execute(
        select(InboundMessage, Media)
        .outerjoin(Media, Media.inbound_id == InboundMessage.id)
        .where(
            InboundMessage.resident_id == ticket.resident_id,
            ~InboundMessage.kind.startswith("event."),
            _belongs(InboundMessage.ticket_id, InboundMessage.received_at, ticket),
        )
        .order_by(InboundMessage.id.desc())
        .limit(MOST)
    )
    return ((message, media) for message, media in rows)


def _said(session: Session, ticket: Ticket) -> list[tuple[OutboundMessage, str]]:
    rows = session.execute(
        select(OutboundMessage, Staff.name)
        .outerjoin(Staff, Staff.id == OutboundMessage.staff_id)
        .where(
            OutboundMessage.resident_id == ticket.resident_id,
            _belongs(OutboundMessage.ticket_id, OutboundMessage.created_at, ticket),
        )
        .order_by(OutboundMessage.id.desc())
        .limit(MOST)
    )
    return sorted(((message, name or "") for message, name in rows), key=lambda row: row[0].id)


def _belongs(
    ticket_id: QueryableAttribute[int | None], at: QueryableAttribute[datetime], ticket: Ticket
) -> ColumnElement[bool]:
    """What is of this ticket, and what is of none and was said in its time."""
    in_its_time = and_(ticket_id.is_(None), at >= ticket.opened_at - BEFORE)
    if ticket.closed_at is not None:
        in_its_time = and_(in_its_time, at <= ticket.closed_at)
    return or_(ticket_id == ticket.id, in_its_time)


def _inbound(
    message: InboundMessage, media: Media | None, sent_apart: str, basis: Basis | None
) -> Iterator[Bubble]:
    yield Bubble(
        key=f"i{message.id}",
        who=From.RESIDENT,
        at=message.received_at,
        text=message.text,
        kind=message.kind,
        details=message.details,
        media=media,
    )
    # What went through the outbox has a row, and a fate, of its own.
    passive = message.reply.removesuffix(sent_apart).rstrip("\n")
    if passive and message.answered_at is not None:
        yield Bubble(
            key=f"r{message.id}",
            who=From.BOT,
            at=message.answered_at,
            text=passive,
            send_state=SendState.ACCEPTED if message.handed_at else SendState.QUEUED,
            basis=None if sent_apart else basis,
        )


def _outbound(message: OutboundMessage, name: str) -> Bubble:
    return Bubble(
        key=f"o{message.id}",
        who=From.BOT if message.by_machine else From.PERSON,
        at=message.created_at,
        text=message.text,
        name=name,
        send_state=message.state,
        outcome=message.outcome,
        doubtful=message.doubtful,
    )


def _note(deed: Deed) -> Bubble:
    event = deed.event
    return Bubble(
        key=f"n{event.id}",
        who=From.NOTE,
        at=event.at,
        text=event.text,
        name=deed.name,
        kind=event.kind,
    )
