"""Notes among staff: colleagues named in them are told, and hand-over notes greet the next."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.casefile.tables import Mention
from bot.casefile.tasks import may_see
from bot.errors import InvalidInputError
from bot.notices.queue import notify
from bot.notices.tables import NoticeKind
from bot.people.tables import Resident, Role, Staff
from bot.tickets.acting import Act, required, take_up, written
from bot.tickets.change import note_event
from bot.tickets.scope import visible
from bot.tickets.tables import LIVE, Ticket, TicketEvent

AT = re.compile("[@＠]")
MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class Mentioned:
    """One note in which a person was named, and the ticket it is about."""

    event: TicketEvent
    ticket: Ticket
    alias: str
    by: str
    seen: bool


def write(session: Session, number: str, *, by: Act, text: str, once: str) -> Ticket:
    """
    Keep an internal note, and tell the colleagues it names.

    Raises:
        InvalidInputError: nothing is written, or it names somebody who may not
            see the ticket, or one of several people of that name.
    """
    ticket = take_up(session, number, "note", by)
    if written(session, ticket, once):
        return ticket
    words = required(text, "备注还没有写。")
    named = mentioned(session, ticket, words)
    event = note_event(
        session, ticket, "note", now=by.now, staff=by.staff, text=words, once=once,
        mentions=[person.id for person in named],
    )  # fmt: skip
    for person in named:
        _tell(session, event, ticket, person, by)
    return ticket


def mentioned(session: Session, ticket: Ticket, text: str) -> list[Staff]:
    """
    Return who is named with @ in the text; what follows an @ and is no name means nothing.

    Naming somebody never shows them a ticket they may not see: it is refused instead.
    """
    if not AT.search(text):
        return []
    people = list(session.scalars(select(Staff).where(Staff.active.is_(True)).order_by(Staff.id)))
    found = [_named(session, ticket, text[at.end() :], people) for at in AT.finditer(text)]
    return list({person.id: person for person in found if person is not None}.values())


def mentionable(session: Session, ticket: Ticket) -> list[str]:
    """Return the names by which colleagues who may see the ticket can be called."""
    people = session.scalars(
        select(Staff).where(Staff.active.is_(True), Staff.role != Role.ADMIN).order_by(Staff.name)
    )
    able = [person for person in people if may_see(session, ticket, person)]
    names = [person.name for person in able]
    return [it.name if names.count(it.name) == 1 else f"{it.name}({it.login})" for it in able]


def mentions_of(session: Session, staff: Staff) -> list[Mentioned]:
    """Return the notes that name this person, the newest first, of tickets they may still see."""
    rows = session.execute(
        select(TicketEvent, Ticket, Resident.alias, Staff.name, Mention.seen_at)
        .join(Mention, Mention.event_id == TicketEvent.id)
        .join(Ticket, Ticket.id == Mention.ticket_id)
        .join(Resident, Resident.id == Ticket.resident_id)
        .outerjoin(Staff, Staff.id == TicketEvent.staff_id)
        .where(Mention.staff_id == staff.id, visible(staff))
        .order_by(Mention.id.desc())
        .limit(MOST_LISTED)
    )
    return [
        Mentioned(event, ticket, alias, name or "", seen_at is not None)
        for event, ticket, alias, name, seen_at in rows
    ]


def unseen(session: Session, staff: Staff) -> int:
    """Count the notes naming this person that they have not looked at."""
    counted = select(func.count()).select_from(Mention).join(Ticket)
    new = (Mention.staff_id == staff.id, Mention.seen_at.is_(None), visible(staff))
    return session.scalar(counted.where(*new)) or 0


def mark_seen(session: Session, ticket: Ticket, *, staff_id: int, now: datetime) -> None:
    """Note that this person has looked at the ticket that names them."""
    session.execute(
        update(Mention)
        .where(
            Mention.ticket_id == ticket.id,
            Mention.staff_id == staff_id,
            Mention.seen_at.is_(None),
        )
        .values(seen_at=now)
    )


def hand_over(session: Session, ticket: Ticket, *, by: Staff, text: str, now: datetime) -> None:
    """Leave word for whoever has the ticket next: how far it is, what was promised, what next."""
    words = required(text, "交接还没有写。")
    note_event(session, ticket, "handover", now=now, staff=by, text=words)


def hand_over_read(session: Session, ticket: Ticket, *, by: Staff, now: datetime) -> None:
    """Note that the next person has read what was left for them."""
    note_event(session, ticket, "handover_read", now=now, staff=by)


def standing_hand_over(events: Sequence[TicketEvent], reader: Staff) -> TicketEvent | None:
    """Return the word left by somebody else that this person has not said they read."""
    for event in reversed(events):
        if event.kind == "handover_read" and event.staff_id == reader.id:
            return None
        if event.kind == "handover":
            return event if event.staff_id != reader.id else None
    return None


def to_hand_over(session: Session, staff: Staff) -> list[tuple[Ticket, str, TicketEvent | None]]:
    """Return this person's live tickets with the word they last left in each, the bare first."""
    newest = (
        select(func.max(TicketEvent.id))
        .where(TicketEvent.kind == "handover", TicketEvent.staff_id == staff.id)
        .group_by(TicketEvent.ticket_id)
    )
    rows = session.execute(
        select(Ticket, Resident.alias, TicketEvent)
        .join(Resident, Resident.id == Ticket.resident_id)
        .outerjoin(TicketEvent, (TicketEvent.ticket_id == Ticket.id) & TicketEvent.id.in_(newest))
        .where(Ticket.assignee_id == staff.id, Ticket.state.in_(LIVE), visible(staff))
        .order_by(TicketEvent.id.is_not(None), Ticket.reply_due_at, Ticket.id)
    )
    return [(ticket, alias, event) for ticket, alias, event in rows]


def _named(session: Session, ticket: Ticket, rest: str, people: list[Staff]) -> Staff | None:
    """Who is called by the words after an @; the longest name that fits."""
    exact = [
        it
        for it in people
        if rest.startswith((f"{it.name}({it.login})", f"{it.name}（{it.login}）"))
    ]
    fitting = exact or [it for it in people if rest.startswith(it.name)]
    longest = max((len(it.name) for it in fitting), default=0)
    called = [it for it in fitting if len(it.name) == longest]
    if not called:
        return None
    able = [it for it in called if may_see(session, ticket, it)]
    if not able:
        msg = f"{called[0].name}看不到这件工单，提到也收不到。请去掉@，或先把工单转给他。"
        raise InvalidInputError(msg)
    if len(able) > 1:
        ways = "、".join(f"@{it.name}({it.login})" for it in able)
        msg = f"有{len(able)}位{able[0].name}，请写清是哪位：{ways}"
        raise InvalidInputError(msg)
    return able[0]


def _tell(session: Session, event: TicketEvent, ticket: Ticket, person: Staff, by: Act) -> None:
    if person.id == by.staff.id:
        return
    session.add(Mention(event_id=event.id, ticket_id=ticket.id, staff_id=person.id))
    notify(
        session, staff_id=person.id, kind=NoticeKind.MENTIONED, now=by.now,
        ticket_id=ticket.id, once=f"mentioned:{event.id}",
    )  # fmt: skip
