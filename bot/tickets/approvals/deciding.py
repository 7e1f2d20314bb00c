"""Deciding what somebody asked for; never who asked, nor whose the ticket is now."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import wording
from bot.db.types import JsonObject
from bot.errors import ConflictError, InvalidInputError, NotFoundError
from bot.notices.queue import notify
from bot.notices.tables import NoticeKind
from bot.people.tables import Role, Staff
from bot.settings import working_hours
from bot.tickets import hours, outcome, scope
from bot.tickets.acting import Act, required, send
from bot.tickets.allowed import refuse_unless_allowed
from bot.tickets.approvals.asking import TOLD
from bot.tickets.approvals.tables import Approval, ApprovalKind
from bot.tickets.change import locked, note_event
from bot.tickets.tables import ClockKind, CloseCode, Ticket


def decide(
    session: Session, approval_id: int, *, by: Act, approved: bool, answer: str = ""
) -> Approval:
    """
    Grant or refuse what was asked for.

    Raises:
        NotFoundError: there is no such request, or this person may not see its ticket.
        InvalidInputError: this person asked for it, or may not decide it.
        ConflictError: it is decided.
    """
    found = session.get(Approval, approval_id)
    ticket = session.get(Ticket, found.ticket_id) if found else None
    if found is None or ticket is None:
        raise NotFoundError(str(approval_id))
    locked(session, scope.find(session, ticket.number, staff=by.staff), now=by.now)
    session.refresh(found, with_for_update=True)
    if found.decided_at is not None:
        msg = "这一件已经有人决定了。"
        raise ConflictError(msg)
    _refuse_unless_fit(session, found, by.staff)
    if not approved:
        required(answer, "不同意请写明为什么。")
    found.decided_by_id, found.decided_at = by.staff.id, by.now
    found.approved, found.answer = approved, answer.strip()
    _DECIDED[ApprovalKind(found.kind)](session, ticket, found, by)
    session.flush()
    notify(
        session,
        staff_id=found.asked_by_id,
        kind=NoticeKind.APPROVAL_GIVEN,
        now=by.now,
        ticket_id=ticket.id,
        once=f"decided:{found.id}",
    )
    return found


def may_decide(session: Session, found: Approval, staff: Staff) -> bool:
    """Say whether this person could decide it."""
    try:
        _refuse_unless_fit(session, found, staff)
    except InvalidInputError:
        return False
    return True


def _refuse_unless_fit(session: Session, found: Approval, staff: Staff) -> None:
    if staff.id == found.asked_by_id:
        msg = "自己申请的要由别人决定。"
        raise InvalidInputError(msg)
    if staff.role != Role.SUPERVISOR:
        msg = "这一步要由督导来做。"
        raise InvalidInputError(msg)
    if staff.id == session.scalar(select(Ticket.assignee_id).where(Ticket.id == found.ticket_id)):
        msg = "这件事现在由您办，要由另一位督导决定。"
        raise InvalidInputError(msg)
    if found.kind == ApprovalKind.EXTENSION and staff.id in _granted_before(session, found):
        msg = "第二次延期要由另一位督导决定。"
        raise InvalidInputError(msg)


def _granted_before(session: Session, found: Approval) -> list[int | None]:
    return list(
        session.scalars(
            select(Approval.decided_by_id).where(
                Approval.ticket_id == found.ticket_id,
                Approval.kind == ApprovalKind.EXTENSION,
                Approval.approved.is_(True),
            )
        )
    )


def _extended(session: Session, ticket: Ticket, found: Approval, by: Act) -> None:
    if found.approved:
        refuse_unless_allowed(ticket, "ask_extension")  # it may have gone on since
    said: JsonObject = {"approved": bool(found.approved), "days": found.data["days"]}
    event = note_event(
        session, ticket, "extension_decided", now=by.now, staff=by.staff, text=found.answer, **said
    )
    if not found.approved:
        return
    due = [it.due_at for it in ticket.clocks if it.kind == ClockKind.RESOLVE][-1]
    promise = hours.promise(due, by.now, settings=working_hours())
    text = wording.EXTENDED.format(number=ticket.number, reason=found.reason, promise=promise)
    send(session, ticket, by, text, once=f"extended:{event.id}")


def _closed(session: Session, ticket: Ticket, found: Approval, by: Act) -> None:
    if not found.approved:
        note_event(session, ticket, "close_refused", now=by.now, staff=by.staff, text=found.answer)
        return
    refuse_unless_allowed(ticket, "close", by.staff)  # it may have gone on since
    code = CloseCode(found.data["code"])
    outcome.end(session, ticket, by, code, found.reason)
    text = TOLD[code].format(number=ticket.number, reason=found.reason, **_way(found))
    send(session, ticket, by, text, once=f"closed:{found.id}")


def _calmed(session: Session, ticket: Ticket, found: Approval, by: Act) -> None:
    if not found.approved:
        note_event(session, ticket, "calm_refused", now=by.now, staff=by.staff, text=found.answer)
        return
    levels: JsonObject = {"before": ticket.level, "after": found.data["level"]}
    note_event(session, ticket, "level", now=by.now, staff=by.staff, text=found.reason, **levels)


_DECIDED = {
    ApprovalKind.EXTENSION: _extended,
    ApprovalKind.CLOSE: _closed,
    ApprovalKind.CALM: _calmed,
}


def _way(found: Approval) -> dict[str, str]:
    return {"responsible": found.data["responsible"], "way_on": found.data["way_on"]}
