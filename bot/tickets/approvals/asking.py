"""Asking for what needs a second person: a request each; who asked never decides it."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import wording
from bot.db.types import JsonObject
from bot.errors import InvalidInputError
from bot.notices.tables import NoticeKind
from bot.tickets.acting import Act, required, take_up
from bot.tickets.allowed import check_unchanged
from bot.tickets.approvals.tables import Approval, ApprovalKind
from bot.tickets.change import note_event
from bot.tickets.clocks.rules import load_rules
from bot.tickets.supervisors import tell_supervisors
from bot.tickets.tables import ClockKind, CloseCode, Level, Ticket

MOST_EXTENSIONS = 2
TOLD = {
    CloseCode.NOT_SOLVED: wording.CLOSED_NOT_SOLVED,
    CloseCode.NOT_ACCEPTED: wording.CLOSED_NOT_ACCEPTED,
    CloseCode.REFERRED_OUT: wording.CLOSED_REFERRED,
}
"""Ends that a second person must agree to, and what the resident is then told."""


def ask_extension(session: Session, number: str, *, by: Act, reason: str) -> Ticket:
    """
    Ask for more time, before it is over; *reason* is what the resident will be told.

    Raises:
        InvalidInputError: it is overdue, asked for already, or was granted twice.
    """
    ticket = take_up(session, number, "ask_extension", by)
    check_unchanged(session, ticket, by.staff, by.version)
    words = required(reason, "请写明为什么要延期，这句话会发给居民。")
    days = load_rules().extend[ticket.level]
    clock = next(
        (it for it in ticket.clocks if it.kind == ClockKind.RESOLVE and it.stopped_at is None),
        None,
    )
    if clock is None or not days:
        msg = "危机不能延期。" if not days else "这件事现在没有办理期限，不用延期。"
        raise InvalidInputError(msg)
    if by.now >= clock.due_at:
        msg = "期限已经过了，延期要在到期前申请。请尽快办，并告诉居民。"
        raise InvalidInputError(msg)
    if ticket.extension_pending:
        msg = "已经申请过延期，等督导决定。"
        raise InvalidInputError(msg)
    if len(clock.adjusted.get("extended", ())) >= MOST_EXTENSIONS:
        msg = f"已经延过{MOST_EXTENSIONS}次，不能再延。"
        raise InvalidInputError(msg)
    _ask(session, ticket, by, ApprovalKind.EXTENSION, words, {"days": days})
    note_event(
        session, ticket, "extension_asked", now=by.now, staff=by.staff, text=words, days=days
    )
    tell_supervisors(session, ticket, NoticeKind.APPROVAL_WANTED, now=by.now, but=by.staff.id)
    return ticket


def ask_close(  # noqa: PLR0913 (all of it is told to the resident)
    session: Session,
    number: str,
    *,
    by: Act,
    code: CloseCode,
    reason: str,
    responsible: str,
    way_on: str,
) -> Ticket:
    """Ask to end a ticket that is not solved here: who is responsible, and the lawful way on."""
    ticket = take_up(session, number, "ask_close", by)
    check_unchanged(session, ticket, by.staff, by.version)
    if code not in TOLD:
        msg = "请选一种办结方式。"
        raise InvalidInputError(msg)
    _refuse_if_asked(session, ticket, ApprovalKind.CLOSE)
    said: JsonObject = {
        "code": str(code),
        "responsible": required(responsible, "请写明这件事归谁管：单位和电话。"),
        "way_on": required(way_on, "请写明还可以怎么办，比如去哪里申请、多少天内。"),
    }
    words = required(reason, "请写明原因，这句话会发给居民。")
    _ask(session, ticket, by, ApprovalKind.CLOSE, words, said)
    note_event(session, ticket, "close_asked", now=by.now, staff=by.staff, text=words, **said)
    tell_supervisors(session, ticket, NoticeKind.APPROVAL_WANTED, now=by.now, but=by.staff.id)
    return ticket


def ask_calm(session: Session, number: str, *, by: Act, reason: str, level: Level) -> Ticket:
    """Ask to take the crisis off; nobody does that alone."""
    ticket = take_up(session, number, "ask_calm", by)
    check_unchanged(session, ticket, by.staff, by.version)
    if ticket.level != Level.CRISIS or level == Level.CRISIS:
        msg = "这件事现在不是危机。"
        raise InvalidInputError(msg)
    _refuse_if_asked(session, ticket, ApprovalKind.CALM)
    words = required(reason, "请写明凭什么说人已经平安。")
    _ask(session, ticket, by, ApprovalKind.CALM, words, {"level": str(level)})
    note_event(session, ticket, "calm_asked", now=by.now, staff=by.staff, text=words)
    tell_supervisors(session, ticket, NoticeKind.APPROVAL_WANTED, now=by.now, but=by.staff.id)
    return ticket


def open_requests(session: Session, ticket: Ticket) -> list[Approval]:
    """Return what of the ticket waits to be decided, oldest first."""
    waiting = select(Approval).where(
        Approval.ticket_id == ticket.id, Approval.decided_at.is_(None)
    )
    return list(session.scalars(waiting.order_by(Approval.id)))


def _ask(
    session: Session,
    ticket: Ticket,
    by: Act,
    kind: ApprovalKind,
    reason: str,
    data: JsonObject,
) -> None:
    session.add(
        Approval(
            ticket_id=ticket.id,
            kind=kind,
            asked_by_id=by.staff.id,
            asked_at=by.now,
            reason=reason,
            data=data,
        )
    )


def _refuse_if_asked(session: Session, ticket: Ticket, kind: ApprovalKind) -> None:
    waiting = select(func.count()).where(
        Approval.ticket_id == ticket.id, Approval.kind == kind, Approval.decided_at.is_(None)
    )
    if session.scalar(waiting):
        msg = "已经申请过，等督导决定。"
        raise InvalidInputError(msg)
