"""
Deleting what was told: every word, name and file, and what finds them.

That something happened stays, without its words: the log of a ticket still says when
it was opened, who had it and how it ended, so that every figure counts as before.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, String, cast, delete, func, select, update
from sqlalchemy.orm import Session

from bot.audit import record
from bot.casefile.attachments import FOLDER as ATTACHMENTS
from bot.casefile.tables import Attachment, ContactPoint, Person, PersonContact, TicketPerson
from bot.db.types import JsonObject, SealedJson
from bot.desk.tables import Draft
from bot.errors import InvalidInputError
from bot.finding.tables import TicketGram
from bot.inbox import InboundMessage
from bot.media import FOLDER as MEDIA
from bot.media import Media
from bot.outbox import OutboundMessage, SendState
from bot.people.residents import lock_conversation
from bot.people.tables import Resident, Staff
from bot.privacy import belonging
from bot.privacy.tables import BY_REQUEST, Erasure, LegalHold
from bot.privacy.times import load_times
from bot.tickets.change import locked, note_event
from bot.tickets.tables import State, Ticket, TicketEvent

TOLD_KEYS = frozenset(
    {"facts", "partner", "responsible", "way_on", "summary", "reason", "outcome", "names"}
)
"""What in an event's data are words; the rest says what happened, and stays."""
NOBODY = "erased:"
"""How the openid begins of whoever had everything deleted."""
OVER = (State.CLOSED, State.MERGED)


@dataclass(frozen=True, slots=True)
class Erased:
    """What was emptied: rows by table, and files that are still to be deleted."""

    rows: JsonObject
    paths: list[str]


def hindrance(session: Session, tickets: Sequence[Ticket]) -> str:
    """Return in words of staff why these tickets cannot be emptied now; empty: they can."""
    live = [ticket.number for ticket in tickets if ticket.state not in OVER]
    if live:
        return f"还有没办结的工单：{'、'.join(live)}。先办结或撤销，再删除。"
    held = session.scalars(
        select(Ticket.number)
        .join(LegalHold, LegalHold.ticket_id == Ticket.id)
        .where(LegalHold.lifted_at.is_(None), Ticket.id.in_([ticket.id for ticket in tickets]))
    ).all()
    return f"依法要保留的工单：{'、'.join(held)}。解除保留以后才能删除。" if held else ""


def erase_resident(
    session: Session, resident: Resident, *, by: Staff | None, now: datetime
) -> Erasure:
    """
    Empty everything of this resident, and forget who they are.

    Raises:
        InvalidInputError: a ticket of theirs is not over, or is held by law.
    """
    lock_conversation(session, resident.id, now=now)  # a turn under way is waited for
    tickets = _locked_tickets(session, Ticket.resident_id == resident.id, now)
    if why := hindrance(session, tickets):
        raise InvalidInputError(why)
    found = _empty(session, lambda table: belonging.of_resident(table, resident.id), tickets)
    _withdraw_unsent(session, resident.id)
    _forget_persons(session, tickets)
    session.execute(
        update(ContactPoint).where(ContactPoint.resident_id == resident.id).values(phone=None)
    )
    # A message is known by its writer's token and by its number at WeChat.
    session.execute(
        update(InboundMessage)
        .where(InboundMessage.resident_id == resident.id)
        .values(key=NOBODY + cast(InboundMessage.id, String), msg_id="")
    )
    resident.openid = f"{NOBODY}{secrets.token_hex(16)}"
    resident.following = False
    resident.area_code = resident.scene = ""
    return _proved(session, resident.id, tickets, found, why=BY_REQUEST, by=by, now=now)


def erase_ticket(session: Session, ticket: Ticket, *, now: datetime) -> Erasure | None:
    """Empty a ticket whose time is over; None: it is not over, or is held by law."""
    locked(session, ticket, now=now)
    if hindrance(session, [ticket]):
        return None
    which = Ticket.__table__.c.id == ticket.id
    found = _empty(session, lambda table: belonging.of_tickets(table, which), [ticket])
    _forget_persons(session, [ticket])
    return _proved(session, ticket.resident_id, [ticket], found, why="retention", by=None, now=now)


def let_go_of_media(session: Session, which: ColumnElement[bool]) -> Iterable[str]:
    """Yield the files of residents' pictures and voices, and let go of their rows."""
    for media in session.scalars(select(Media).where(which)):
        yield from (f"{MEDIA}/{path}" for path in (media.path, media.preview_path) if path)
        media.path = media.preview_path = media.media_id = ""
        media.state, media.reason = "lost", "erased"


def prove_chat(
    session: Session, resident_id: int, messages: int, paths: list[str], *, now: datetime
) -> Erasure:
    """Leave a proof that so many messages of no matter were emptied."""
    found = Erased({"inbound_message": messages}, paths)
    return _proved(session, resident_id, [], found, why="retention", by=None, now=now)


def _locked_tickets(
    session: Session, which: ColumnElement[bool], now: datetime
) -> Sequence[Ticket]:
    tickets = session.scalars(select(Ticket).where(which).order_by(Ticket.id)).all()
    for ticket in tickets:
        locked(session, ticket, now=now)
    return tickets


def _empty(session: Session, whose: belonging.Whose, tickets: Sequence[Ticket]) -> Erased:
    rows: JsonObject = {}
    paths = list(_paths(session, whose, tickets))
    for table in belonging.tables_with_stories():
        condition = whose(table)
        if table.name in {"ticket_event", "draft"}:
            continue
        blank: JsonObject = {
            column.name: {} if isinstance(column.type, SealedJson) else ""
            for column in belonging.story_columns(table)
        }
        if table.name == "inbound_message":
            blank["shown"] = None
        rows[table.name] = session.scalar(select(func.count()).where(condition)) or 0
        session.execute(update(table).where(condition).values(blank))
    ids = [ticket.id for ticket in tickets]
    rows["ticket_event"] = _empty_log(session, ids)
    session.execute(delete(Draft).where(Draft.ticket_id.in_(ids)))
    session.execute(delete(TicketGram).where(TicketGram.ticket_id.in_(ids)))
    session.expire_all()
    return Erased(rows, paths)


def _empty_log(session: Session, ticket_ids: Sequence[int]) -> int:
    events = session.scalars(
        select(TicketEvent).where(TicketEvent.ticket_id.in_(ticket_ids))
    ).all()
    for event in events:
        event.text = ""
        event.data = {
            key: type(value)() if key in TOLD_KEYS and value else value
            for key, value in event.data.items()
        }
    session.flush()
    return len(events)


def _paths(session: Session, whose: belonging.Whose, tickets: Sequence[Ticket]) -> Iterable[str]:
    """Yield the files, and let go of their rows: a row without a path has no file."""
    inbound = whose(belonging.table("inbound_message"))
    owned = select(belonging.table("inbound_message").c.id).where(inbound)
    yield from let_go_of_media(session, Media.inbound_id.in_(owned))
    ids = [ticket.id for ticket in tickets]
    for file in session.scalars(select(Attachment).where(Attachment.ticket_id.in_(ids))):
        yield from (f"{ATTACHMENTS}/{file.path}" for _ in range(bool(file.path)))
        file.path = file.digest = ""
    sent = select(OutboundMessage).where(whose(belonging.table("outbound_message")))
    for message in session.scalars(sent):
        if path := message.details.get("path"):
            yield f"{MEDIA}/{path}"
    session.flush()


def _withdraw_unsent(session: Session, resident_id: int) -> None:
    unsent = OutboundMessage.state.in_((SendState.QUEUED, SendState.HELD))
    session.execute(
        update(OutboundMessage)
        .where(OutboundMessage.resident_id == resident_id, unsent)
        .values(state=SendState.WITHDRAWN)
    )


def _forget_persons(session: Session, tickets: Sequence[Ticket]) -> None:
    """Of persons told of in these tickets alone nothing is left that says who they are."""
    ids = [ticket.id for ticket in tickets]
    elsewhere = select(TicketPerson.person_id).where(TicketPerson.ticket_id.not_in(ids))
    persons = session.scalars(
        select(Person).where(Person.recorded_in_id.in_(ids), Person.id.not_in(elsewhere))
    ).all()
    for person in persons:
        person.name = person.name_needed_for = ""
        person.birth_year = None
    gone = [person.id for person in persons]
    others = select(PersonContact.contact_id).where(PersonContact.person_id.not_in(gone))
    theirs = select(PersonContact.contact_id).where(PersonContact.person_id.in_(gone))
    session.execute(
        update(ContactPoint)
        .where(ContactPoint.id.in_(theirs), ContactPoint.id.not_in(others))
        .values(phone=None)
    )


def _proved(  # noqa: PLR0913 (what a proof says)
    session: Session,
    resident_id: int,
    tickets: Sequence[Ticket],
    found: Erased,
    *,
    why: str,
    by: Staff | None,
    now: datetime,
) -> Erasure:
    for ticket in tickets:
        note_event(session, ticket, "erased", now=now)
    proof = Erasure(
        resident_id=resident_id,
        why=why,
        by_id=by.id if by else None,
        at=now,
        backups_until=now + timedelta(days=load_times().backup_days),
        rows={name: count for name, count in found.rows.items() if count},
        files={"paths": found.paths} if found.paths else {},
    )
    session.add(proof)
    session.flush()
    record(
        session, deed="erased", now=now, staff_id=by.id if by else None,
        subject=f"resident:{resident_id}", erasure=proof.id, why=why, files=len(found.paths),
    )  # fmt: skip
    return proof
