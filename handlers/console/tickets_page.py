"""What the page of one ticket shows."""

from collections.abc import Mapping, Sequence
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import select

from bot.errors import NotFoundError
from bot.people.tables import Resident, Staff
from bot.tickets import routing, thread
from bot.tickets.allowed import allowed
from bot.tickets.scope import visible
from bot.tickets.tables import State, Ticket
from handlers.console import casefile_page, talk_page
from handlers.console.session import db, me, tools
from handlers.console.tickets_standing import standing
from handlers.console.tickets_words import CLOSE_CHOICES


def ticket_page(number: str) -> dict[str, Any]:
    """
    Return everything about the ticket, read for this person.

    Raises:
        NotFoundError: there is none, or this person may not see it.
    """
    ticket, resident = _ticket(number)
    deeds = thread.history(db(), ticket)
    people = {person.id: person for person in db().scalars(select(Staff).order_by(Staff.id))}
    return {
        "ticket": ticket,
        "resident": resident,
        "bubbles": thread.bubbles(db(), ticket, deeds=deeds),
        "deeds": deeds,
        "people": people,
        "assignee": people.get(ticket.assignee_id or 0),
        "can": _moves(ticket),
        "colleagues": _colleagues(ticket, people),
        "version": max((deed.event.id for deed in deeds), default=0),
        "own_last": _own_last(deeds),
        "once": token_urlsafe(12),
        "close_choices": CLOSE_CHOICES,
        "mine": ticket.assignee_id == me().id,
        **standing(ticket, deeds, people, tools().now()),
        **casefile_page.side(ticket, deeds),
        **talk_page.composer(ticket, resident),
    }


def _ticket(number: str) -> tuple[Ticket, Resident]:
    row = (
        db()
        .execute(
            select(Ticket, Resident)
            .join(Resident, Resident.id == Ticket.resident_id)
            .where(Ticket.number == number, visible(me()))
        )
        .one_or_none()
    )
    if row is None:
        raise NotFoundError(number)
    ticket, resident = row
    return ticket, resident


def _moves(ticket: Ticket) -> set[str]:
    """What this person can do with the ticket as it stands."""
    can = allowed(ticket, me())
    if ticket.assignee_id == me().id:
        return can - ({"accept"} if ticket.state != State.DISPATCHED else set())
    unowned = ticket.state == State.TRIAGE
    return can - (set() if unowned else {"reply"})


def _colleagues(ticket: Ticket, people: Mapping[int, Staff]) -> list[tuple[Staff, int]]:
    """Who may be assigned the ticket, with what they have in hand, the least first."""
    able = [
        person
        for person in people.values()
        if person.active and person.role in routing.HANDLERS and person.id != ticket.assignee_id
    ]
    loads = routing.loads_of(db(), [person.id for person in able])
    listed = [(person, loads[person.id].count) for person in able]
    return sorted(listed, key=lambda pair: (not pair[0].on_duty, pair[1], pair[0].id))


def _own_last(deeds: Sequence[thread.Deed]) -> dict[str, int]:
    """The last answer and note this person wrote: a draft older than that was sent."""
    return {
        kind: max(
            (
                deed.event.id
                for deed in deeds
                if deed.event.kind == kind and deed.event.staff_id == me().id
            ),
            default=0,
        )
        for kind in ("reply", "note")
    }
