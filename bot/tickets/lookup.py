"""Finding a resident's tickets."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from bot.db.held import hold
from bot.db.writing import WATCHED
from bot.knowledge.topics import NO_TOPIC
from bot.tickets.tables import LIVE, CloseCode, State, Ticket

ENDED_FOR_GOOD = (CloseCode.SOLVED, CloseCode.WITHDRAWN, CloseCode.SPAM, CloseCode.DUPLICATE)
"""A new word on the same topic is a new matter after these."""


@dataclass(frozen=True, slots=True)
class Present:
    """The matters of a resident that a message may be about, locked."""

    live: Ticket | None
    """The one that the resident's messages belong to: `live`."""
    resolved: Ticket | None
    """The one last done of which the resident has not said whether it is solved."""


def present(session: Session, resident_id: int) -> Present:
    """Return what is under way for a resident; the caller holds the conversation's lock."""
    found = session.scalars(_under_way(), {"resident_id": resident_id}).all()
    for ticket in found:
        hold(session, ticket, ticket.id)
    resolved = [it for it in found if it.state == State.RESOLVED]
    going_on = [it for it in found if it.state != State.RESOLVED]
    return Present(
        live=min(going_on, key=_first_of_live, default=None),
        resolved=max(resolved, key=_last_resolved, default=None),
    )


@cache
def _under_way() -> Select[Ticket]:
    """Return the query of `present`; made once, since making it takes longer than running it."""
    other = aliased(Ticket)
    merged = and_(Ticket.state == State.MERGED, other.state.in_(LIVE))
    return (
        select(Ticket)
        .outerjoin(other, other.id == Ticket.merged_into_id)
        .where(
            Ticket.resident_id == bindparam("resident_id"),
            or_(Ticket.state.in_((*LIVE, State.RESOLVED)), merged),
        )
        .order_by(Ticket.id)
        .with_for_update(of=Ticket)
        .execution_options(populate_existing=True, **{WATCHED: True})
    )


def live(session: Session, resident_id: int) -> Ticket | None:
    """
    Return the matter that the resident's messages belong to.

    That is the live one, before those split off from it; where there is none,
    one that was merged into somebody else's live one.
    """
    return present(session, resident_id).live


def _last_resolved(ticket: Ticket) -> tuple[datetime, int]:
    return ticket.resolved_at or ticket.state_at, ticket.id


def _first_of_live(ticket: Ticket) -> tuple[bool, int, int]:
    return ticket.state == State.MERGED, ticket.strand, -ticket.id


def latest(session: Session, resident_id: int) -> Ticket | None:
    """Return the resident's newest matter, however it stands."""
    return session.scalar(_of(resident_id).limit(1))


def to_take_up_again(session: Session, resident_id: int, topic: str) -> Ticket | None:
    """Return the done matter that a new word on this topic goes on with, if there is one."""
    if topic == NO_TOPIC:
        return None
    found = session.scalar(_done(), {"resident_id": resident_id, "topic": topic})
    return found if found is not None and found.close_code not in ENDED_FOR_GOOD else None


@cache
def _done() -> Select[Ticket]:
    return (
        select(Ticket)
        .where(
            Ticket.resident_id == bindparam("resident_id"),
            Ticket.state == State.CLOSED,
            Ticket.topic == bindparam("topic"),
        )
        .order_by(Ticket.closed_at.desc(), Ticket.id.desc())
        .limit(1)
    )


def last_done(session: Session, resident_id: int) -> Ticket | None:
    """Return the matter that ended last, or goes on in another's."""
    ended = _of(resident_id).where(Ticket.state.in_((State.CLOSED, State.MERGED)))
    return session.scalar(
        ended.order_by(None).order_by(Ticket.state_at.desc(), Ticket.id.desc()).limit(1)
    )


def by_number(session: Session, number: str, *, resident_id: int) -> Ticket | None:
    """Return the resident's own ticket of this number; another's looks like none."""
    return session.scalar(_of(resident_id).where(Ticket.number == number))


def _of(resident_id: int) -> Select[Ticket]:
    newest_first = (Ticket.opened_at.desc(), Ticket.id.desc())
    return select(Ticket).where(Ticket.resident_id == resident_id).order_by(*newest_first)
