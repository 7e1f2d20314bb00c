"""Finding a resident's tickets."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.tickets.tables import LIVE, State, Ticket


def live(session: Session, resident_id: int) -> Ticket | None:
    """Return the one matter of the resident that is being worked on."""
    return session.scalar(_of(resident_id).where(Ticket.state.in_(LIVE)))


def latest(session: Session, resident_id: int) -> Ticket | None:
    """Return the resident's newest matter, however it stands."""
    return session.scalar(_of(resident_id).limit(1))


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
