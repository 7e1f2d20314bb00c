"""Finding a resident's tickets."""

from sqlalchemy import Select, and_, case, or_, select
from sqlalchemy.orm import Session, aliased

from bot.knowledge.topics import NO_TOPIC
from bot.tickets.tables import LIVE, CloseCode, State, Ticket

ENDED_FOR_GOOD = (CloseCode.SOLVED, CloseCode.WITHDRAWN, CloseCode.SPAM, CloseCode.DUPLICATE)
"""A new word on the same topic is a new matter after these."""


def live(session: Session, resident_id: int) -> Ticket | None:
    """
    Return the matter that the resident's messages belong to.

    That is the live one, before those split off from it; where there is none,
    one that was merged into somebody else's live one.
    """
    other = aliased(Ticket)
    merged = Ticket.state == State.MERGED
    found = (
        _of(resident_id)
        .outerjoin(other, other.id == Ticket.merged_into_id)
        .where(or_(Ticket.state.in_(LIVE), and_(merged, other.state.in_(LIVE))))
        .order_by(None)
        .order_by(case((merged, 1), else_=0), Ticket.strand, Ticket.id.desc())
    )
    return session.scalar(found.limit(1))


def latest(session: Session, resident_id: int) -> Ticket | None:
    """Return the resident's newest matter, however it stands."""
    return session.scalar(_of(resident_id).limit(1))


def to_take_up_again(session: Session, resident_id: int, topic: str) -> Ticket | None:
    """Return the done matter that a new word on this topic goes on with, if there is one."""
    if topic == NO_TOPIC:
        return None
    done = (
        _of(resident_id)
        .where(Ticket.state == State.CLOSED, Ticket.topic == topic)
        .order_by(None)
        .order_by(Ticket.closed_at.desc(), Ticket.id.desc())
    )
    found = session.scalar(done.limit(1))
    return found if found is not None and found.close_code not in ENDED_FOR_GOOD else None


def last_done(session: Session, resident_id: int) -> Ticket | None:
    """Return the matter that ended last, or goes on in another's."""
    ended = _of(resident_id).where(Ticket.state.in_((State.CLOSED, State.MERGED)))
    return session.scalar(
        ended.order_by(None).order_by(Ticket.state_at.desc(), Ticket.id.desc()).limit(1)
    )


def awaiting_rating(session: Session, resident_id: int) -> Ticket | None:
    """Return the matter last done of which the resident has not said whether it is solved."""
    waiting = select(Ticket).where(
        Ticket.resident_id == resident_id, Ticket.state == State.RESOLVED
    )
    return session.scalar(waiting.order_by(Ticket.resolved_at.desc(), Ticket.id.desc()).limit(1))


def by_number(session: Session, number: str, *, resident_id: int) -> Ticket | None:
    """Return the resident's own ticket of this number; another's looks like none."""
    return session.scalar(_of(resident_id).where(Ticket.number == number))


def _of(resident_id: int) -> Select[Ticket]:
    newest_first = (Ticket.opened_at.desc(), Ticket.id.desc())
    return select(Ticket).where(Ticket.resident_id == resident_id).order_by(*newest_first)
