"""The conversation of a ticket, as staff read it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import QueryableAttribute, Session

from bot.contracts import Action
from bot.inbox import OF_STAFF, InboundMessage
from bot.media import Media
from bot.outbox import FILES, OutboundMessage
from bot.people.tables import Staff
from bot.tickets.basis import Grounds, grounds_of
from bot.tickets.bubble import Bubble, From, of_inbound, of_note, of_outbound
from bot.tickets.tables import Ticket, TicketEvent

__all__ = [
    "Bubble",
    "Deed",
    "From",
    "bubbles",
    "history",
    "mark_seen",
    "media_of",
    "sent_file",
]

BEFORE = timedelta(hours=24)
"""What a resident wrote shortly before belongs to the story."""
MOST = 200
Heard = tuple[InboundMessage, Media | None]
Said = tuple[OutboundMessage, str]
"""A message, and who of the staff wrote it."""
NOTES = frozenset({"note", "handover"})
"""Events that hold words of staff to each other."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One event of the ticket's history, and who did it."""

    event: TicketEvent
    name: str
    """Empty: the resident or the service."""


def history(session: Session, ticket: Ticket) -> list[Deed]:
    """Return everything that happened to the ticket, oldest first."""
    rows = session.execute(
        select(TicketEvent, Staff.name)
        .outerjoin(Staff, Staff.id == TicketEvent.staff_id)
        .where(TicketEvent.ticket_id == ticket.id)
        .order_by(TicketEvent.id)
    )
    return [Deed(event, name or "") for event, name in rows]


def bubbles(
    session: Session, ticket: Ticket, *, deeds: Sequence[Deed], most: int = MOST
) -> list[Bubble]:
    """
    Return the newest messages of the ticket, oldest first, with its notes among them.

    What belongs to another ticket of the resident is never shown.
    """
    said, heard = _said(session, ticket, most), _heard(session, ticket, most)
    rested = grounds_of(
        session,
        inbound_ids=[message.id for message, _ in heard],
        offered_ids=[message.id for message, _ in heard if message.action == Action.OFFER],
        outbound_ids=[message.id for message, _ in said if message.staff_id],
    )
    found = [
        *_bubbles_heard(heard, said, rested),
        *_bubbles_said(said, rested),
        *(of_note(deed.event, deed.name) for deed in deeds if deed.event.kind in NOTES),
    ]
    return sorted(found, key=_when)


def _bubbles_heard(
    heard: Sequence[Heard], said: Sequence[Said], rested: Grounds
) -> Iterator[Bubble]:
    apart: dict[int, list[str]] = {}
    for answer, _ in said:
        if answer.inbound_id is not None:
            apart.setdefault(answer.inbound_id, []).append(answer.text)
    # Each in the order in which it was sent stands where one came in.
    moments = sorted(message.received_at for message, _ in heard)
    for (message, media), at in zip(heard, moments, strict=True):
        sent_apart = "\n".join(apart.get(message.id, []))
        basis, named = rested.of_inbound.get(message.id), tuple(rested.named.get(message.id, ()))
        yield from of_inbound(
            message, media, at=at, sent_apart=sent_apart, basis=basis, named=named
        )


def _bubbles_said(said: Sequence[Said], rested: Grounds) -> Iterator[Bubble]:
    # Of an answer in several messages the last one has the source.
    last = {message.inbound_id: message.id for message, _ in said}
    for message, name in said:
        answers = message.inbound_id or 0 if last[message.inbound_id] == message.id else 0
        yield of_outbound(
            message,
            name,
            basis=rested.of_inbound.get(answers),
            grounds=tuple(rested.of_outbound.get(message.id, ())),
            named=tuple(rested.named.get(answers, ())),
        )


def _as_sent(message: InboundMessage) -> tuple[datetime, int, int]:
    """
    Put messages in the order in which they were sent.

    WeChat hands those of one person over in parallel, and a late one again after
    seconds.  Its time has whole seconds; within one, its numbers grow.
    """
    number = int(message.msg_id) if message.msg_id.isdecimal() else 0
    return message.sent_at, number, message.id


def _when(bubble: Bubble) -> tuple[datetime, bool, str, int]:
    """What was written at one moment stands in the order of writing, the resident's first."""
    resident = bubble.who == From.RESIDENT
    kind, number = bubble.key[0], int(bubble.key[1:])
    # The resident's are in order already, and sorting keeps the order of equals.
    return bubble.at, not resident, kind, 0 if resident else number


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


def sent_file(session: Session, ticket: Ticket, outbound_id: int) -> OutboundMessage | None:
    """Return a file that was sent to the resident for this ticket."""
    return session.scalar(
        select(OutboundMessage).where(
            OutboundMessage.id == outbound_id,
            OutboundMessage.ticket_id == ticket.id,
            OutboundMessage.kind.in_(FILES),
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


def _heard(session: Session, ticket: Ticket, most: int) -> list[Heard]:
    rows = session.execute(
        select(InboundMessage, Media)
        .outerjoin(Media, Media.inbound_id == InboundMessage.id)
        .where(
            InboundMessage.resident_id == ticket.resident_id,
            ~InboundMessage.kind.startswith("event."),
            _belongs(InboundMessage.ticket_id, InboundMessage.received_at, ticket),
        )
        .order_by(InboundMessage.id.desc())
        .limit(most)
    )
    return sorted(((message, media) for message, media in rows), key=lambda row: _as_sent(row[0]))


def _said(session: Session, ticket: Ticket, most: int) -> list[Said]:
    rows = session.execute(
        select(OutboundMessage, Staff.name)
        .outerjoin(Staff, Staff.id == OutboundMessage.staff_id)
        .outerjoin(InboundMessage, InboundMessage.id == OutboundMessage.inbound_id)
        .where(
            OutboundMessage.resident_id == ticket.resident_id,
            # What a caseworker asked from their own phone is no part of their own matter.
            func.coalesce(InboundMessage.kind, "") != OF_STAFF,
            _belongs(OutboundMessage.ticket_id, OutboundMessage.created_at, ticket),
        )
        .order_by(OutboundMessage.id.desc())
        .limit(most)
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
