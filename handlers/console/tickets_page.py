"""What the page of one ticket shows."""

from collections.abc import Sequence
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import and_, select

from bot.desk.around import Around, around
from bot.desk.tables import Draft
from bot.errors import InvalidInputError, NotFoundError
from bot.people.tables import Resident, Staff
from bot.tickets import moves, routing, sharing, thread
from bot.tickets.allowed import allowed
from bot.tickets.clocks.tables import TicketClock
from bot.tickets.scope import visible
from bot.tickets.tables import State, Ticket
from bot.wechat.tables import ReplyBudget
from handlers.console import casefile_page, talk_page
from handlers.console.display import moment
from handlers.console.looking import looked_at_ticket
from handlers.console.session import db, me, tools
from handlers.console.tickets_standing import standing
from handlers.console.tickets_words import CLOSE_CHOICES


def ticket_page(number: str) -> dict[str, Any]:
    """
    Return everything about the ticket, read for this person.

    Raises:
        NotFoundError: there is none, or this person may not see it.
    """
    # Held while the page is made: the session forgets what nobody holds.
    ticket, resident, clocks, _budget = _ticket(number)
    by_reason = {"opened": True} if ticket.id in me().opened else {}
    looked_at_ticket(ticket.number, "tickets.show", **by_reason)
    deeds = thread.history(db(), ticket)
    near = around(db(), ticket, me(), now=tools().now())
    people = near.people
    return {
        "ticket": ticket,
        "resident": resident,
        "bubbles": thread.bubbles(db(), ticket, deeds=deeds),
        "deeds": deeds,
        "people": people,
        "assignee": people.get(ticket.assignee_id or 0),
        "can": _moves(ticket),
        "colleagues": _colleagues(ticket, near),
        "there": near.there,
        "drafts": [_draft(draft) for kept in near.drafts.values() for draft in kept[:1]],
        "more_drafts": sum(len(kept) - 1 for kept in near.drafts.values()),
        "version": max((deed.event.id for deed in deeds), default=0),
        "own_last": _own_last(deeds),
        "once": token_urlsafe(12),
        "close_choices": CLOSE_CHOICES,
        "mine": ticket.assignee_id == me().id,
        "child": sharing.wants_guardian(ticket),
        **standing(ticket, deeds, people, clocks, tools().now()),
        **casefile_page.side(ticket, deeds),
        **talk_page.composer(ticket, resident),
    }


Found = tuple[Ticket, Resident, list[TicketClock], ReplyBudget | None]


def _ticket(number: str) -> Found:
    """Return the ticket with its clocks that run; the budget is asked for again later."""
    running = and_(TicketClock.ticket_id == Ticket.id, TicketClock.stopped_at.is_(None))
    rows = (
        db()
        .execute(
            select(Ticket, Resident, TicketClock, ReplyBudget)
            .join(Resident, Resident.id == Ticket.resident_id)
            .outerjoin(TicketClock, running)
            .outerjoin(ReplyBudget, ReplyBudget.resident_id == Resident.id)
            .where(Ticket.number == number, visible(me()))
        )
        .all()
    )
    if not rows:
        raise NotFoundError(number)
    ticket, resident, _, budget = rows[0]
    return ticket, resident, [clock for _, _, clock, _ in rows if clock is not None], budget


def _moves(ticket: Ticket) -> set[str]:
    """What this person can do with the ticket as it stands."""
    can = allowed(ticket, me())
    if ticket.assignee_id == me().id:
        return can - ({"accept"} if ticket.state != State.DISPATCHED else set())
    unowned = ticket.state == State.TRIAGE
    return can - (set() if unowned else {"reply"})


def _colleagues(ticket: Ticket, near: Around) -> list[tuple[Staff, int]]:
    """Who may be assigned the ticket, with what they have in hand, the least first."""
    agreed = sharing.organisations(db(), ticket)
    able = [
        (person, near.held[person.id])
        for person in near.people.values()
        if person.active
        and person.role in routing.HANDLERS
        and person.id != ticket.assignee_id
        and _fits(ticket, person, agreed)
    ]
    return sorted(able, key=lambda pair: (not pair[0].on_duty, pair[1], pair[0].id))


def _fits(ticket: Ticket, person: Staff, agreed: frozenset[int]) -> bool:
    try:
        moves.refuse_unfit(ticket, person, agreed)
    except InvalidInputError:
        return False
    return True


def _draft(draft: Draft) -> dict[str, str]:
    """What the page's script puts back into the box it was typed in."""
    return {
        "kind": draft.kind,
        "text": draft.text,
        "draft": f"{draft.id}.{draft.revision}",
        "at": moment(draft.written_at),
    }


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
