"""
The people behind an openid, and whom a ticket is about.

One phone serves a grandmother, her son and his workmate; one person writes
from two phones.  So people are recorded by hand, each by an alias, and never
made one with another by the service, however alike they look.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from bot.casefile.tables import ContactPoint, Person, PersonContact, TicketPerson
from bot.errors import InvalidInputError, NotFoundError
from bot.people.tables import Resident, Staff
from bot.tickets.change import note_event
from bot.tickets.scope import visible
from bot.tickets.sharing import refuse_unconsented
from bot.tickets.tables import Ticket

RELATIONS = (
    *("本人", "丈夫", "妻子", "父亲", "母亲", "儿子", "女儿", "哥弟", "姐妹"),
    *("公公", "婆婆", "岳父", "岳母", "祖辈", "孙辈", "亲戚", "监护人", "工友", "邻居", "其他"),
)
"""What somebody is to the owner of the phone."""
OLDEST = 120
LONGEST_NAME = 40
LONGEST_REASON = 80


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a person who is recorded."""

    relation: str
    birth_year: int | None = None
    name: str = ""
    name_needed_for: str = ""
    """A name is kept only where something cannot be done without it."""
    about: bool = True
    """The ticket is about them, not only told by them."""


@dataclass(frozen=True, slots=True)
class Known:
    """A person as the page of a ticket shows them."""

    person: Person
    relation: str
    """To the owner of the phone the ticket came from."""
    about: bool
    """Whether the ticket is about them."""


def visible_person(staff: Staff) -> ColumnElement[bool]:
    """
    Return the condition for people this person of staff may know of.

    Through a ticket they may see: one about the person, the one in which the
    person was recorded, or one from a phone the person uses.  The last does
    not open who was recorded in confidence: a husband's caseworker does not
    learn from the shared phone that his wife asked for help.
    """
    told_of = aliased(TicketPerson)
    about = exists().where(told_of.ticket_id == Ticket.id, told_of.person_id == Person.id)
    own = exists().where(
        visible(staff),
        or_(Ticket.id == Person.recorded_in_id, about.correlate(Ticket, Person)),
    )
    link, contact = aliased(PersonContact), aliased(ContactPoint)
    by_phone = exists().where(
        visible(staff),
        contact.resident_id == Ticket.resident_id,
        link.contact_id == contact.id,
        link.person_id == Person.id,
    )
    # Of what the query around it reads, only the person is meant.
    own, by_phone = own.correlate(Person), by_phone.correlate(Person)
    return or_(own, and_(Person.confidential.is_(False), by_phone))


def of_ticket(session: Session, ticket: Ticket, staff: Staff) -> Sequence[Known]:
    """Return the people behind the ticket's phone and whom it is about, as far as one may know."""
    about = select(TicketPerson.person_id).where(TicketPerson.ticket_id == ticket.id)
    behind = (
        select(PersonContact.person_id, PersonContact.relation)
        .join(ContactPoint, ContactPoint.id == PersonContact.contact_id)
        .where(ContactPoint.resident_id == ticket.resident_id)
        .subquery()
    )
    rows = session.execute(
        select(Person, behind.c.relation, Person.id.in_(about))
        .outerjoin(behind, behind.c.person_id == Person.id)
        .where(or_(behind.c.person_id.is_not(None), Person.id.in_(about)), visible_person(staff))
        .order_by(Person.id)
    )
    return [Known(person, relation or "", bool(is_about)) for person, relation, is_about in rows]


def find(session: Session, person_id: int, staff: Staff) -> Person:
    """
    Return the person.

    Raises:
        NotFoundError: there is none, or this person of staff may not know of them.
    """
    found = session.scalar(select(Person).where(Person.id == person_id, visible_person(staff)))
    if found is None:
        raise NotFoundError(str(person_id))
    return found


def record(session: Session, ticket: Ticket, told: Told, *, by: Staff, now: datetime) -> Person:
    """
    Record somebody behind the ticket's phone, and whether the ticket is about them.

    Always somebody new: that two look alike is never taken for being the same.
    Recorded in a ticket of a confidential lane, they are known through it alone.

    Raises:
        InvalidInputError: the relation is none of ours, the year cannot be, a
            name is given without what it is needed for, or what the ticket is about
            needs a consent that nobody gave.
    """
    _refuse_unless_fit(told, now)
    refuse_unconsented(session, ticket)
    resident = session.get_one(Resident, ticket.resident_id)
    person = Person(
        alias=_alias(session, resident, told.relation),
        name=told.name.strip(),
        name_needed_for=told.name_needed_for.strip() if told.name.strip() else "",
        birth_year=told.birth_year,
        recorded_in_id=ticket.id,
        confidential=bool(ticket.lane),
        created_by_id=by.id,
        created_at=now,
    )
    session.add(person)
    session.flush()
    _reach(session, person, ticket, told.relation)
    note_event(session, ticket, "person_added", now=now, staff=by, person_id=person.id)
    tell_about(session, ticket, person, on=told.about, by=by, now=now)
    return person


def recognise(
    session: Session, ticket: Ticket, alias: str, relation: str, *, by: Staff, now: datetime
) -> Person:
    """
    Say that somebody recorded before also uses this phone, and that the ticket is about them.

    Raises:
        InvalidInputError: no such person that one may know of, or no relation of ours.
    """
    wanted = select(Person).where(Person.alias == alias.strip(), visible_person(by))
    person = session.scalar(wanted)
    if person is None:
        msg = f"没有找到“{alias.strip()}”。请照原样写代号，如 K7F2·母亲。"
        raise InvalidInputError(msg)
    _refuse_unless_fit(Told(relation), now)
    _reach(session, person, ticket, relation)
    note_event(session, ticket, "person_recognised", now=now, staff=by, person_id=person.id)
    tell_about(session, ticket, person, on=True, by=by, now=now)
    return person


def tell_about(
    session: Session, ticket: Ticket, person: Person, *, on: bool, by: Staff, now: datetime
) -> None:
    """Say that the ticket is about the person, or is not; as it stands already: nothing."""
    known = session.get(TicketPerson, (ticket.id, person.id))
    if (known is not None) == on:
        return
    if known is None:
        session.add(TicketPerson(ticket_id=ticket.id, person_id=person.id, staff_id=by.id, at=now))
    else:
        session.delete(known)
    session.flush()
    kind = "person_about" if on else "person_not_about"
    note_event(session, ticket, kind, now=now, staff=by, person_id=person.id)


def _reach(session: Session, person: Person, ticket: Ticket, relation: str) -> None:
    """Note that the person is reached by the ticket's openid."""
    contact = session.scalar(
        select(ContactPoint).where(ContactPoint.resident_id == ticket.resident_id)
    )
    if contact is None:
        contact = ContactPoint(kind="openid", resident_id=ticket.resident_id)
        session.add(contact)
        session.flush()
    if session.get(PersonContact, (person.id, contact.id)) is None:
        link = PersonContact(person_id=person.id, contact_id=contact.id, relation=relation)
        session.add(link)
        session.flush()


def _alias(session: Session, resident: Resident, relation: str) -> str:
    """A name for pages: K7F2·母亲, the second of them K7F2·母亲2."""
    stem = f"{resident.alias.rpartition(' ')[2]}·{relation}"
    like = select(Person.alias).where(Person.alias.startswith(stem, autoescape=True))
    taken = set(session.scalars(like))
    numbered = (f"{stem}{number}" for number in itertools.count(2))
    return next(alias for alias in itertools.chain([stem], numbered) if alias not in taken)


def _refuse_unless_fit(told: Told, now: datetime) -> None:
    if told.relation not in RELATIONS:
        msg = "请选这个人是手机主人的什么人。"
        raise InvalidInputError(msg)
    if told.birth_year is not None and not 0 <= now.year - told.birth_year <= OLDEST:
        msg = "出生年份不对，请写四位数字，如 1985。"
        raise InvalidInputError(msg)
    name, reason = told.name.strip(), told.name_needed_for.strip()
    if name and not reason:
        msg = "写了姓名，请也写为什么需要，如：写仲裁申请书。用不着就不写姓名。"
        raise InvalidInputError(msg)
    if len(name) > LONGEST_NAME or len(reason) > LONGEST_REASON:
        msg = f"姓名最多{LONGEST_NAME}字，用处最多{LONGEST_REASON}字。"
        raise InvalidInputError(msg)
