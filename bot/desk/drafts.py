"""
What somebody wrote and has not sent, kept on the server as it is typed.

A draft goes in two ways only: its author sends it, or clears it with their own
hand.  Nothing that happens to the ticket touches it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.desk.tables import Draft
from bot.errors import NotFoundError
from bot.outbox.tables import OutboundMessage
from bot.people.tables import Resident, Staff
from bot.tickets.scope import visible
from bot.tickets.tables import Ticket, TicketEvent

LONGEST = 20_000
JUST_NOW = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Box:
    """One box of one page, and the draft the page showed in it."""

    staff_id: int
    ticket_id: int
    kind: str
    page: str
    """The token the page sends its text with, new after every sending."""
    shown: int = 0
    """The draft that stood in the box when the page was made."""
    revision: int = 0
    """How far that draft had been written."""


@dataclass(frozen=True, slots=True)
class Sending:
    """A form that was sent: its drafts have done their work."""

    staff_id: int
    ticket_id: int
    deed: str
    page: str
    texts: Sequence[str]
    shown: Sequence[tuple[int, int]] = ()
    """The drafts that stood in its boxes when the page was made, and how far written."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft in the list of its author."""

    draft: Draft
    number: str
    alias: str
    """Empty where the ticket is no longer theirs to see: the text stays theirs."""


def keep(session: Session, box: Box, text: str, *, now: datetime) -> Draft | None:
    """
    Keep what stands in the box now; an emptied box lets go of its draft.

    A page goes on with the draft it showed.  Where another page of the same
    person has written that one meanwhile, this page begins a draft of its own.
    """
    if _was_sent(session, box) or _just_said(session, box, text, now):
        return None  # the last keystrokes, overtaken by the sending
    row = _written(session, box) or _taken_up(session, box)
    if not text.strip():
        if row is not None:
            session.delete(row)
        return None
    if row is None:
        return _new(session, box, text[:LONGEST], now)
    if row.text != text:
        row.text, row.written_at = text[:LONGEST], now
    session.flush()
    return row


def sent(session: Session, sending: Sending) -> None:
    """Let go of what has just been sent; what another page has written since stays."""
    boxes = select(Draft).where(
        Draft.staff_id == sending.staff_id,
        Draft.ticket_id == sending.ticket_id,
        Draft.kind.startswith(f"{sending.deed}.", autoescape=True),
    )
    fresh = boxes.with_for_update().execution_options(populate_existing=True)
    for draft in session.scalars(fresh).all():
        # Compared here: what is encrypted, a query cannot compare.
        shown = (draft.id, draft.revision) in sending.shown
        if shown or draft.page == sending.page or draft.text in sending.texts:
            session.delete(draft)


def drop(session: Session, draft_id: int, *, staff: Staff) -> None:
    """
    Delete a draft by its author's hand.

    Raises:
        NotFoundError: there is none of this person.
    """
    draft = session.get(Draft, draft_id)
    if draft is None or draft.staff_id != staff.id:
        msg = "没有这份草稿。"
        raise NotFoundError(msg)
    session.delete(draft)
    session.flush()


def of(session: Session, staff: Staff) -> Sequence[Kept]:
    """Return all drafts of a person, the newest first, of every ticket they ever wrote in."""
    rows = session.execute(
        select(Draft, Ticket.number, Resident.alias, visible(staff))
        .join(Ticket, Ticket.id == Draft.ticket_id)
        .join(Resident, Resident.id == Ticket.resident_id)
        .where(Draft.staff_id == staff.id)
        .order_by(Draft.written_at.desc(), Draft.id.desc())
    )
    return [
        Kept(draft, number, alias if may_see else "") for draft, number, alias, may_see in rows
    ]


def _place(box: Box) -> tuple[ColumnElement[bool], ...]:
    return (
        Draft.staff_id == box.staff_id,
        Draft.ticket_id == box.ticket_id,
        Draft.kind == box.kind,
    )


def _written(session: Session, box: Box) -> Draft | None:
    return session.scalar(
        select(Draft).where(*_place(box), Draft.page == box.page).with_for_update()
    )


def _taken_up(session: Session, box: Box) -> Draft | None:
    """Make the draft the page showed its own, unless another page went on with it."""
    unchanged = (Draft.id == box.shown, Draft.revision == box.revision)
    row = session.scalar(select(Draft).where(*_place(box), *unchanged).with_for_update())
    if row is not None:
        row.page = box.page
    return row


def _new(session: Session, box: Box, text: str, now: datetime) -> Draft:
    row = Draft(
        staff_id=box.staff_id,
        ticket_id=box.ticket_id,
        kind=box.kind,
        page=box.page,
        text=text,
        written_at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # the same page was faster with its next keystrokes
        return session.scalars(select(Draft).where(*_place(box), Draft.page == box.page)).one()
    return row


def _was_sent(session: Session, box: Box) -> bool:
    events = session.scalars(
        select(TicketEvent.data).where(
            TicketEvent.ticket_id == box.ticket_id,
            TicketEvent.staff_id == box.staff_id,
            TicketEvent.kind == box.kind.partition(".")[0],
        )
    )
    return any(data.get("once") == box.page for data in events)


def _just_said(session: Session, box: Box, text: str, now: datetime) -> bool:
    """Say whether these very words went out a moment ago, from a page that was loaded since."""
    words = text.strip()
    if not words or not box.kind.startswith("reply."):
        return False
    said = session.scalars(
        select(OutboundMessage.text).where(
            OutboundMessage.ticket_id == box.ticket_id,
            OutboundMessage.staff_id == box.staff_id,
            OutboundMessage.created_at > now - JUST_NOW,
        )
    )
    return any(f"\n{words}\n" in f"\n{sent}\n" for sent in said)
