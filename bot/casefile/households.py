"""Households and what their people are to each other; phones that several of them share."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from bot.casefile.persons import find, visible_person
from bot.casefile.tables import (
    ContactPoint,
    Household,
    Person,
    PersonContact,
    Relationship,
    TicketPerson,
)
from bot.errors import InvalidInputError, NotFoundError
from bot.people.tables import Staff
from bot.tickets.scope import visible
from bot.tickets.tables import Ticket

KINDS = {
    "spouse": "配偶",
    "parent": "父母",
    "child": "子女",
    "sibling": "兄弟姐妹",
    "guardian": "监护人",
    "carer": "照顾的人",
    "employer": "雇主",
    "same": "核对过，是同一个人",
}
"""The first is this to the second."""
PHONE = re.compile(r"1\d{10}|0\d{2,3}-?\d{7,8}")


@dataclass(frozen=True, slots=True)
class Phone:
    """A number somebody is reached at."""

    number: str
    safe: bool
    shared_with: Sequence[str]
    """Aliases of others who use it."""


@dataclass(frozen=True, slots=True)
class Tie:
    """What one person is to another."""

    id: int
    person: str
    kind: str
    other: str


@dataclass(frozen=True, slots=True)
class Home:
    """A household as far as one may know of it."""

    household: Household
    members: Sequence[Person]
    tickets: Sequence[tuple[Ticket, Sequence[str]]]
    """Tickets about its members that one may see, each with whom it is about."""
    ties: Sequence[Tie]


def home(session: Session, household_id: int, staff: Staff) -> Home:
    """
    Return the household with the members and tickets this person may know of.

    Raises:
        NotFoundError: there is none, or they may know of none of its members.
    """
    household = session.get(Household, household_id)
    members = session.scalars(
        select(Person)
        .where(Person.household_id == household_id, visible_person(staff))
        .order_by(Person.birth_year, Person.id)
    ).all()
    if household is None or not members:
        raise NotFoundError(str(household_id))
    ids = [person.id for person in members]
    return Home(household, members, _tickets(session, ids, staff), ties(session, ids, staff))


def live_together(
    session: Session, person: Person, other: Person, *, by: Staff, now: datetime
) -> Household:
    """
    Put the person into the other's household, made where the other has none.

    Raises:
        InvalidInputError: the person is of another household already; leaving it comes first.
    """
    if person.id == other.id:
        msg = "请选另一个人。"
        raise InvalidInputError(msg)
    if person.household_id is not None and person.household_id != other.household_id:
        msg = f"{person.alias}已经在另一户里。先从那一户移出，再加到这一户。"
        raise InvalidInputError(msg)
    household = session.get(Household, other.household_id or 0)
    if household is None:
        household = Household(created_by_id=by.id, created_at=now)
        session.add(household)
        session.flush()
    person.household_id = other.household_id = household.id
    session.flush()
    return household


def leave(session: Session, household_id: int, person_id: int, *, by: Staff) -> None:
    """
    Take the person out of the household; all else that is known of them stays.

    Raises:
        NotFoundError: they are not of it, or not known to this person of staff.
    """
    person = find(session, person_id, by)
    if person.household_id != household_id:
        raise NotFoundError(str(person_id))
    person.household_id = None
    session.flush()


def tie(
    session: Session, person_id: int, other_id: int, kind: str, *, by: Staff, now: datetime
) -> None:
    """Note what the first person is to the second; said already: nothing."""
    person, other = find(session, person_id, by), find(session, other_id, by)
    if kind not in KINDS or person.id == other.id:
        msg = "请选两个人和他们的关系。"
        raise InvalidInputError(msg)
    same = (
        Relationship.person_id == person.id,
        Relationship.other_id == other.id,
        Relationship.kind == kind,
        Relationship.ended_at.is_(None),
    )
    if session.scalar(select(Relationship.id).where(*same)) is None:
        row = Relationship(
            person_id=person.id, other_id=other.id, kind=kind, staff_id=by.id, at=now
        )
        session.add(row)
        session.flush()


def untie(session: Session, tie_id: int, *, by: Staff, now: datetime) -> None:
    """Note that it is so no longer, or never was; the record stays."""
    row = session.get(Relationship, tie_id)
    if row is None:
        raise NotFoundError(str(tie_id))
    find(session, row.person_id, by)
    find(session, row.other_id, by)
    row.ended_at = row.ended_at or now
    session.flush()


def ties(session: Session, person_ids: Sequence[int], staff: Staff) -> list[Tie]:
    """Return what these people are to each other and to others one may know of."""
    other = aliased(Person)
    known = select(Person.id).where(visible_person(staff)).correlate(None)
    rows = session.execute(
        select(Relationship, Person.alias, other.alias)
        .join(Person, Person.id == Relationship.person_id)
        .join(other, other.id == Relationship.other_id)
        .where(
            Relationship.ended_at.is_(None),
            Relationship.person_id.in_(person_ids) | Relationship.other_id.in_(person_ids),
            Relationship.person_id.in_(known),
            Relationship.other_id.in_(known),
        )
        .order_by(Relationship.id)
    )
    return [Tie(row.id, first, KINDS[row.kind], second) for row, first, second in rows]


def add_phone(session: Session, person_id: int, number: str, *, safe: bool, by: Staff) -> None:
    """
    Note a number the person is reached at; others may be reached at it as well.

    Raises:
        InvalidInputError: it is no phone number.
    """
    person, plain = find(session, person_id, by), number.strip().replace(" ", "")
    if not PHONE.fullmatch(plain):
        msg = "电话不对，请写11位手机号，或带区号的座机。"
        raise InvalidInputError(msg)
    contact = session.scalar(select(ContactPoint).where(ContactPoint.phone == plain))
    if contact is None:
        contact = ContactPoint(kind="phone", phone=plain)
        session.add(contact)
        session.flush()
    known = session.get(PersonContact, (person.id, contact.id))
    if known is None:
        known = PersonContact(person_id=person.id, contact_id=contact.id)
        session.add(known)
    known.safe = safe
    session.flush()


def phones(session: Session, person_ids: Sequence[int], staff: Staff) -> dict[int, list[Phone]]:
    """Return each person's numbers, with who else one may know of uses them."""
    rows = session.execute(
        select(PersonContact, ContactPoint.phone, Person.alias)
        .join(ContactPoint, ContactPoint.id == PersonContact.contact_id)
        .join(Person, Person.id == PersonContact.person_id)
        .where(ContactPoint.kind == "phone", visible_person(staff))
        .where(
            ContactPoint.id.in_(
                select(PersonContact.contact_id).where(PersonContact.person_id.in_(person_ids))
            )
        )
        .order_by(PersonContact.person_id)
    ).all()
    users: dict[str, list[str]] = {}
    for _, number, alias in rows:
        users.setdefault(number or "", []).append(alias)
    found: dict[int, list[Phone]] = {}
    for link, number, alias in rows:
        others = [it for it in users[number or ""] if it != alias]
        found.setdefault(link.person_id, []).append(Phone(number or "", link.safe, others))
    return found


def _tickets(
    session: Session, person_ids: Sequence[int], staff: Staff
) -> list[tuple[Ticket, Sequence[str]]]:
    rows = session.execute(
        select(Ticket, Person.alias)
        .join(TicketPerson, TicketPerson.ticket_id == Ticket.id)
        .join(Person, Person.id == TicketPerson.person_id)
        .where(TicketPerson.person_id.in_(person_ids), visible(staff))
        .order_by(Ticket.opened_at.desc(), Ticket.id.desc())
    )
    found: dict[Ticket, list[str]] = {}
    for ticket, alias in rows:
        found.setdefault(ticket, []).append(alias)
    return list(found.items())
