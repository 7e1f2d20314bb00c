"""
Who beside the organisation a matter was told to may learn of it: nobody without a yes.

A crisis goes on without (PIPL 13 (4)); so does what the law demands, by a written reason
(13 (3)).  Either is on record as what it is, never as a consent.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bot import audit
from bot.errors import InvalidInputError
from bot.people import consent
from bot.people.consent import Object, Said
from bot.people.sensitive import category_of, load_rules, of_child
from bot.people.tables import Staff
from bot.privacy.tables import Consent, ConsentKind, ConsentQuestion, Ground, How
from bot.tickets.tables import Level, Ticket

ORGANISATION = "org:"
SAFE = "危机，先救人"


def to_organisation(ticket: Ticket, organisation_id: int, *, name: str = "") -> Object:
    """Return what is asked where the matter goes to another organisation of ours."""
    about = f"{ORGANISATION}{organisation_id}"
    return Object(ConsentKind.SHARING, about, "", name, ticket.id)


def to_partner(ticket: Ticket, partner: str, what: str = "") -> Object:
    """Return what is asked where a body outside learns something of the matter."""
    return Object(ConsentKind.SHARING, "", partner.strip(), what, ticket.id)


def may_share(session: Session, ticket: Ticket, it: Object) -> bool:
    """Say whether that was agreed to, or has another ground on record."""
    if consent.lives(session, ticket.resident_id, it):
        return True
    return any(
        (row.about, row.to) == (it.about, it.to) and row.ground != Ground.CONSENT
        for row in _rows(session, ticket)
    )


def organisations(session: Session, ticket: Ticket) -> frozenset[int]:
    """Return the other organisations whose people may have the ticket."""
    if ticket.organisation_id is None:
        return frozenset()
    last = {row.about: row for row in _rows(session, ticket) if row.about}
    return frozenset(
        int(about.removeprefix(ORGANISATION))
        for about, row in last.items()
        if row.given or row.ground != Ground.CONSENT
    )


def is_foreign(ticket: Ticket, person: Staff, agreed: Collection[int] = ()) -> bool:
    """Say whether the person is of an organisation that may not learn of the matter."""
    home = ticket.organisation_id
    return home is not None and person.organisation_id not in {None, home, *agreed}


def refuse_foreign(session: Session, tickets: Sequence[Ticket], target: Ticket) -> None:
    """
    Keep tickets out of one that is in the hands of an organisation which may not have them.

    Raises:
        InvalidInputError: the resident has not agreed, and it is no crisis.
    """
    owner = session.get(Staff, target.assignee_id) if target.assignee_id else None
    if owner is None or target.level == Level.CRISIS:
        return
    for ticket in tickets:
        if is_foreign(ticket, owner, organisations(session, ticket)):
            msg = "那一件在别的机构手上，居民还没有同意把这件告诉那里。先在“同意”里问他。"
            raise InvalidInputError(msg)


def crossed(session: Session, ticket: Ticket, staff_id: int, *, now: datetime) -> None:
    """Put on record that somebody of another organisation is called to a crisis without a yes."""
    person = session.get_one(Staff, staff_id) if ticket.organisation_id is not None else None
    if person is None or person.organisation_id is None or not is_foreign(ticket, person):
        return
    it = to_organisation(ticket, person.organisation_id)
    if may_share(session, ticket, it):
        return
    said = Said(How.NOT_ASKED, ground=Ground.EMERGENCY, reason=SAFE)
    without(session, ticket, it, said, now=now)


def without(session: Session, ticket: Ticket, it: Object, said: Said, *, now: datetime) -> None:
    """Put on record that it goes on without a yes, and why."""
    version = load_rules().version
    consent.write(
        session, ticket.resident_id, it, version=version, given=False, now=now, said=said
    )
    subject = audit.of_ticket(ticket.number)
    audit.record(
        session, deed=f"consent.{said.ground}", now=now, staff_id=said.staff_id, subject=subject
    )


def refuse_unconsented(session: Session, ticket: Ticket) -> None:
    """
    Keep what is sensitive out of the case file as long as nobody has agreed to it.

    Raises:
        InvalidInputError: they have not, and it is no crisis.
    """
    category = sensitive_of(session, ticket)
    if not category or ticket.level == Level.CRISIS:
        return
    it = Object(ConsentKind.SENSITIVE, category)
    if not consent.lives(session, ticket.resident_id, it):
        name = load_rules().sensitive[category].name
        msg = f"居民还没有同意记下{name}。先在“同意”里问他，或者记下他当面、电话里说的。"
        raise InvalidInputError(msg)


def sensitive_of(session: Session, ticket: Ticket) -> str:
    """Return the kind of what is sensitive in a ticket, by its words or since it was asked."""
    told = category_of(ticket.topic, ticket.summary)
    kind = told or category_of(ticket.topic)
    if told or not kind:
        return kind
    asked = consent.questions(session, ticket.resident_id, Object(ConsentKind.SENSITIVE, kind))
    return kind if any(row.ticket_id == ticket.id for row in asked) else ""


def wants_guardian(ticket: Ticket) -> bool:
    """Say whether it is about a child for whom a guardian must agree."""
    return of_child(ticket.facts, ticket.summary)


def without_guardian() -> ColumnElement[bool]:
    """Return the condition for tickets of children for whom no guardian has agreed."""
    return Ticket.id.in_(_open_questions(ConsentKind.GUARDIAN))


def without_consent() -> ColumnElement[bool]:
    """Return the condition for tickets of which the words are kept for a short time only."""
    other = select(Consent.ticket_id).where(
        Consent.ground != Ground.CONSENT, Consent.ticket_id.is_not(None)
    )
    asked = _open_questions(ConsentKind.SENSITIVE, ConsentKind.GUARDIAN)
    return Ticket.id.in_(asked) & Ticket.id.not_in(other) & (Ticket.level != Level.CRISIS)


def _open_questions(*kinds: ConsentKind) -> ColumnElement[int]:
    return (
        select(ConsentQuestion.ticket_id)
        .where(
            ConsentQuestion.kind.in_(kinds),
            ConsentQuestion.ticket_id.is_not(None),
            ConsentQuestion.given.is_not(True),
        )
        .scalar_subquery()
    )


def _rows(session: Session, ticket: Ticket) -> list[Consent]:
    rows = session.scalars(
        select(Consent)
        .where(Consent.ticket_id == ticket.id, Consent.kind == ConsentKind.SHARING)
        .order_by(Consent.id)
    )
    return list(rows)
