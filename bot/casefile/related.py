"""Tickets that have to do with this one, as far as one may see them, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from bot.casefile.persons import visible_person
from bot.casefile.tables import Person, TicketPerson
from bot.people.tables import Staff
from bot.tickets.scope import visible
from bot.tickets.tables import Ticket, TicketLink

MOST = 20
BY_LINK = {"related": "有人连上的", "split": "分开办的", "follow_up": "后续的"}


@dataclass(frozen=True, slots=True)
class Related:
    """One ticket, and what it has to do with the one at hand."""

    ticket: Ticket
    why: Sequence[str]
    linked: bool
    """Somebody said so, and can take it back."""


def of_ticket(session: Session, ticket: Ticket, staff: Staff) -> list[Related]:
    """Return what somebody linked, then the same person's, the household's, the same phone's."""
    reasons: dict[int, list[str]] = {}
    linked = set()
    for other_id, kind in _links(session, ticket):
        reasons.setdefault(other_id, []).append(BY_LINK.get(kind, "有人连上的"))
        linked |= {other_id} if kind == "related" else set()
    for other_id, alias, same in _by_person(session, ticket, staff):
        why = f"同是{alias}的事" if same else f"同一户：{alias}"
        reasons.setdefault(other_id, []).append(why)
    for other_id in _by_phone(session, ticket):
        reasons.setdefault(other_id, []).append("同一个微信号")
    reasons.pop(ticket.id, None)
    found = session.scalars(
        select(Ticket)
        .where(Ticket.id.in_(reasons), visible(staff))
        .order_by(Ticket.opened_at.desc(), Ticket.id.desc())
    )
    listed = [Related(it, list(dict.fromkeys(reasons[it.id])), it.id in linked) for it in found]
    return sorted(listed, key=lambda it: not it.linked)[:MOST]


def _links(session: Session, ticket: Ticket) -> list[tuple[int, str]]:
    rows = session.execute(
        select(TicketLink.ticket_id, TicketLink.other_id, TicketLink.kind).where(
            or_(TicketLink.ticket_id == ticket.id, TicketLink.other_id == ticket.id)
        )
    )
    return [(second if first == ticket.id else first, kind) for first, second, kind in rows]


def _by_person(session: Session, ticket: Ticket, staff: Staff) -> list[tuple[int, str, bool]]:
    """Tickets about the same person, or one of the same household that one may know of."""
    own = aliased(Person)
    mine = (
        select(own.id, own.household_id)
        .join(TicketPerson, TicketPerson.person_id == own.id)
        .where(TicketPerson.ticket_id == ticket.id)
    )
    people = session.execute(mine).all()
    ids = [person_id for person_id, _ in people]
    homes = [home for _, home in people if home is not None]
    rows = session.execute(
        select(TicketPerson.ticket_id, Person.alias, Person.id)
        .join(Person, Person.id == TicketPerson.person_id)
        .where(or_(Person.id.in_(ids), Person.household_id.in_(homes)), visible_person(staff))
        .order_by(Person.id)
    )
    return [(ticket_id, alias, person_id in ids) for ticket_id, alias, person_id in rows]


def _by_phone(session: Session, ticket: Ticket) -> list[int]:
    same = select(Ticket.id).where(Ticket.resident_id == ticket.resident_id)
    return list(session.scalars(same.order_by(Ticket.id.desc()).limit(MOST)))
