"""What the table of transitions allows to whom, and what forbids a move besides."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.errors import ConflictError, InvalidInputError
from bot.people.tables import Role, Staff
from bot.tickets.machine import BY_NAME, TRANSITIONS, By, Transition
from bot.tickets.tables import State, Ticket, TicketEvent

STATE_NAMES = {
    State.TRIAGE: "待分派",
    State.DISPATCHED: "待签收",
    State.IN_PROGRESS: "办理中",
    State.WAITING_RESIDENT: "等居民",
    State.WAITING_PARTNER: "协办中",
    State.RESOLVED: "已办待确认",
    State.CLOSED: "已办结",
    State.MERGED: "已并入别件",
}
# What changes the ground under somebody who is writing; a resident's new words do
# not, they appear on the page by themselves.
MATTERS = {
    "assigned": "已转给别人",
    "given_back": "已撤销改派",
    "accepted": "已接手",
    "reply": "刚回复过居民",
    "handed_back": "已退回",
    "put_back": "已退回待分派",
    "waiting": "已改成等居民",
    "resolved": "已办，等居民确认",
    "closed": "已办结",
    "reopened": "已重新打开",
    "withdrawn": "居民已撤销",
    "rated": "居民已回复是否解决",
    "level": "紧急程度变了",
    "merged": "已并入别件",
    "unmerged": "已从别件拆出",
    "partner_asked": "已请别处协办",
    "called_back": "已回访",
}


def refuse_unless_allowed(ticket: Ticket, move: str, staff: Staff | None = None) -> None:
    """Raise InvalidInputError when *move* is not to be made from here, or not by this person."""
    row = BY_NAME[move]
    if ticket.state not in row.start:
        msg = f"这件事现在是“{STATE_NAMES[State(ticket.state)]}”，不能这样做。请先看看最新情况。"
        raise InvalidInputError(msg)
    if staff is not None and not _may(row, ticket, staff):
        raise InvalidInputError(_REFUSED[row.by])


def allowed(ticket: Ticket, staff: Staff | None = None) -> set[str]:
    """Return the moves the ticket can make now; with a person, those this person can make."""
    return {
        row.name
        for row in TRANSITIONS
        if ticket.state in row.start and (staff is None or _may(row, ticket, staff))
    }


def _may(row: Transition, ticket: Ticket, staff: Staff) -> bool:
    match row.by:
        case By.OWNER:
            return ticket.assignee_id == staff.id
        case By.ANOTHER:
            return ticket.assignee_id != staff.id
        case By.SUPERVISOR:
            return staff.role == Role.SUPERVISOR
        case By.STAFF:
            return True
    return False


_REFUSED = {
    By.OWNER: "这件事现在由别人负责，请先接手。",
    By.ANOTHER: "回访要由没有办过这件事的人来做。",
    By.SUPERVISOR: "这一步要由督导来做。",
    By.RESIDENT: "这一步只有居民自己能做。",
    By.SERVICE: "这一步由系统自己做。",
}


def check_unchanged(session: Session, ticket: Ticket, staff: Staff, version: int) -> None:
    """
    Raise ConflictError when somebody else did what matters since *version* was seen.

    The text says what happened, for the person to read beside what they typed.
    """
    event = session.scalar(
        select(TicketEvent)
        .where(
            TicketEvent.ticket_id == ticket.id,
            TicketEvent.id > version,
            TicketEvent.kind.in_(MATTERS),
            TicketEvent.staff_id.is_distinct_from(staff.id),
        )
        .order_by(TicketEvent.id.desc())
        .limit(1)
    )
    if event is None:
        return
    who = session.get(Staff, event.staff_id) if event.staff_id else None
    msg = f"您打开这一页以后有变化：{who.name if who else ''}{MATTERS[event.kind]}。请看过再发。"
    raise ConflictError(msg)
