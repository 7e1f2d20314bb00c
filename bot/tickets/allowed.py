"""The moves a ticket can make, and what forbids one."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.errors import ConflictError, InvalidInputError
from bot.people.tables import Staff
from bot.tickets.tables import LIVE, State, Ticket, TicketEvent

# move: the states it may start from, and the one it leads to (nothing: it stays).
MOVES: dict[str, tuple[tuple[State, ...], State | None]] = {
    "accept": (LIVE, State.IN_PROGRESS),
    "assign": (LIVE, State.DISPATCHED),
    "hand_back": (
        (State.DISPATCHED, State.IN_PROGRESS, State.WAITING_RESIDENT),
        State.TRIAGE,
    ),
    "note": (tuple(State), None),
    "reply": (LIVE, State.IN_PROGRESS),
    "wait": ((State.IN_PROGRESS,), State.WAITING_RESIDENT),
    "resolve": (
        (State.IN_PROGRESS, State.WAITING_RESIDENT),
        State.RESOLVED,
    ),
    "close": (LIVE, State.CLOSED),
    "reopen": ((State.RESOLVED, State.CLOSED), State.IN_PROGRESS),
    # the resident's own
    "withdraw": (LIVE, State.CLOSED),
    "rate_solved": ((State.RESOLVED,), State.CLOSED),
    "rate_unsolved": ((State.RESOLVED,), State.IN_PROGRESS),
}
STATE_NAMES = {
    State.TRIAGE: "待分派",
    State.DISPATCHED: "待签收",
    State.IN_PROGRESS: "办理中",
    State.WAITING_RESIDENT: "等居民",
    State.RESOLVED: "已办待确认",
    State.CLOSED: "已办结",
}
# What changes the ground under somebody who is writing; a resident's new words do
# not, they appear on the page by themselves.
MATTERS = {
    "assigned": "已转给别人",
    "accepted": "已接手",
    "reply": "刚回复过居民",
    "handed_back": "已退回",
    "waiting": "已改成等居民",
    "resolved": "已办，等居民确认",
    "closed": "已办结",
    "reopened": "已重新打开",
    "withdrawn": "居民已撤销",
    "rated": "居民已回复是否解决",
    "urgency": "紧急程度变了",
}


def refuse_unless_allowed(ticket: Ticket, move: str) -> None:
    """Raise InvalidInputError when the ticket cannot make *move* from where it stands."""
    starts, _ = MOVES[move]
    if ticket.state not in starts:
        msg = f"这件事现在是“{STATE_NAMES[State(ticket.state)]}”，不能这样做。请先看看最新情况。"
        raise InvalidInputError(msg)


def allowed(ticket: Ticket) -> set[str]:
    """Return the moves the ticket can make now."""
    return {move for move, (starts, _) in MOVES.items() if ticket.state in starts}


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
