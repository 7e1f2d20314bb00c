"""Opening a confidential ticket that is not one's own, which others are told of at once."""

from datetime import datetime

from sqlalchemy import Select, and_
from sqlalchemy.orm import Session

from bot import audit
from bot.errors import InvalidInputError, NotAllowedError
from bot.notices.tables import NoticeKind
from bot.people.signin.tables import Login
from bot.people.tables import Role, Staff
from bot.tickets import scope
from bot.tickets.change import note_event
from bot.tickets.sealed.rules import load_rules
from bot.tickets.sealed.tables import Opening
from bot.tickets.supervisors import admins, supervisors_of, tell
from bot.tickets.tables import Ticket


def holding(wanted: Select[Staff, Login], *, now: datetime) -> Select[Staff, Login, int]:
    """Add to a query for a person a row for each ticket they hold open now; none: one without."""
    still = and_(Opening.staff_id == Staff.id, Opening.until > now)
    return wanted.add_columns(Opening.ticket_id).outerjoin(Opening, still)


def unseal(
    session: Session, number: str, *, by: Staff, kind: str, reason: str, now: datetime
) -> Ticket:
    """
    Let a supervisor read a confidential ticket for a while; what may be read stays as it is.

    It is in the record and the ticket's history, and whoever has the ticket, the
    other supervisors and the admins are told.

    Raises:
        NotFoundError: there is none, or this person is not in charge of it.
        NotAllowedError: they are no supervisor.
        InvalidInputError: no reason of the list, or no words.
    """
    ticket = scope.find(session, number, staff=by, unread=True)
    if by.role != Role.SUPERVISOR:
        msg = "只有督导能这样打开。"
        raise NotAllowedError(msg)
    if scope.may_read(session, ticket, by):
        return ticket
    words = _words(kind, reason)
    until = now + load_rules().span
    session.add(
        Opening(
            ticket_id=ticket.id, staff_id=by.id, kind=kind, reason=words, at=now, until=until
        )
    )  # fmt: skip
    by.opened |= {ticket.id}
    _tell(session, ticket, by, kind, words, now)
    return ticket


def _tell(
    session: Session, ticket: Ticket, by: Staff, kind: str, words: str, now: datetime
) -> None:
    """Write it into the record and the history, and tell all who should know."""
    rules = load_rules()
    audit.record(
        session, deed="ticket.unseal", staff_id=by.id, subject=f"ticket:{ticket.number}",
        now=now, why=kind, minutes=rules.minutes,
    )  # fmt: skip
    text = f"{rules.reasons[kind]}：{words}"
    note_event(
        session, ticket, "unsealed", now=now, staff=by, text=text, why=kind, minutes=rules.minutes
    )
    told = [ticket.assignee_id, *supervisors_of(session, ticket), *admins(session)]
    for staff_id in {it for it in told if it is not None} - {by.id}:
        tell(session, ticket, staff_id, NoticeKind.UNSEALED, now=now)


def _words(kind: str, reason: str) -> str:
    rules, words = load_rules(), reason.strip()
    if kind not in rules.reasons:
        msg = "请选一个原因。"
        raise InvalidInputError(msg)
    if not rules.shortest <= len(words) <= rules.longest:
        msg = f"请写明为什么要看，{rules.shortest}到{rules.longest}个字。"
        raise InvalidInputError(msg)
    return words
