"""What staff do with a ticket."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import wording
from bot.conversation.tables import Speaker
from bot.errors import InvalidInputError
from bot.people.tables import Staff
from bot.tickets import routing, scope
from bot.tickets.acting import Act, required, send, signed, take_up, written
from bot.tickets.allowed import check_unchanged
from bot.tickets.change import enter, give, let_speak, note_event, route
from bot.tickets.resident_moves import rate, resident_wrote, withdraw
from bot.tickets.tables import LIVE, CloseCode, State, Ticket
from bot.wechat import budget

__all__ = [
    "Act",
    "accept",
    "assign",
    "close_without_answer",
    "hand_back",
    "note",
    "rate",
    "reopen",
    "reply",
    "resident_wrote",
    "resolve",
    "wait_for_resident",
    "withdraw",
]
KEPT_FOR_THE_ANSWER = 2
"""Fewer messages left than this and one: being taken over is said with the first answer."""
TOLD = {
    CloseCode.NOT_SOLVED: wording.CLOSED_NOT_SOLVED,
    CloseCode.REFERRED_OUT: wording.CLOSED_REFERRED,
    CloseCode.WITHDRAWN: wording.WITHDRAWN,
}
CLOSABLE = (*TOLD, CloseCode.DUPLICATE, CloseCode.UNREACHABLE)


def accept(session: Session, number: str, *, by: Act) -> Ticket:
    """Take the ticket, from the queue or (a supervisor) from somebody else, and be its speaker."""
    ticket = take_up(session, number, "accept", by)
    if ticket.state == State.IN_PROGRESS and ticket.assignee_id == by.staff.id:
        return ticket  # a double click
    check_unchanged(session, ticket, by.staff, by.version)
    _take(session, ticket, by)
    if budget.left(session, ticket.resident_id, now=by.now).left > KEPT_FOR_THE_ANSWER:
        text = wording.PERSON_TAKES_OVER.format(name=by.staff.name)
        send(session, ticket, by, text, once=f"takes-over:{ticket.id}:{by.staff.id}")
        note_event(session, ticket, "introduced", now=by.now, staff=by.staff)
    return ticket


def assign(session: Session, number: str, *, by: Act, to: int, reason: str = "") -> Ticket:
    """
    Put the ticket into somebody's hands.

    Raises:
        InvalidInputError: that person takes no tickets.
    """
    ticket = take_up(session, number, "assign", by)
    person = session.get(Staff, to)
    if person is None or not person.active or person.role not in routing.HANDLERS:
        msg = "这个人现在不能接单，请换一个。"
        raise InvalidInputError(msg)
    if ticket.assignee_id == to:
        return ticket
    check_unchanged(session, ticket, by.staff, by.version)
    why = f"{by.staff.name}指派给{person.name}"
    note_event(
        session, ticket, "passed_on", now=by.now, staff=by.staff, text=reason.strip(), to=to
    )
    give(
        session,
        ticket,
        to,
        reason=f"{why}：{reason.strip()}" if reason.strip() else why,
        now=by.now,
    )
    return ticket


def hand_back(session: Session, number: str, *, by: Act, reason: str) -> Ticket:
    """Give the ticket back with a reason; somebody else gets it, or a supervisor decides."""
    ticket = take_up(session, number, "hand_back", by)
    check_unchanged(session, ticket, by.staff, by.version)
    text = required(reason, "请写明为什么退回，好让下一位接手。")
    note_event(session, ticket, "handed_back", now=by.now, staff=by.staff, text=text)
    ticket.assignee_id = ticket.assigned_at = ticket.accepted_at = None
    enter(ticket, State.TRIAGE, now=by.now)
    let_speak(session, ticket, Speaker.BOT, now=by.now)
    route(session, ticket, now=by.now)
    return ticket


def note(session: Session, number: str, *, by: Act, text: str, once: str = "") -> Ticket:
    """Keep an internal note, which the resident never sees."""
    ticket = take_up(session, number, "note", by)
    if not written(session, ticket, once):
        words = required(text, "备注还没有写。")
        note_event(session, ticket, "note", now=by.now, staff=by.staff, text=words, once=once)
    return ticket


def reply(session: Session, number: str, *, by: Act, text: str, once: str) -> Ticket:
    """
    Send the resident an answer, signed; an unaccepted ticket is accepted with it.

    *once* is made by the page for each answer: sending it twice sends once.
    """
    ticket = take_up(session, number, "reply", by)
    if written(session, ticket, once):
        return ticket
    words = required(text, "回复还没有写。")
    check_unchanged(session, ticket, by.staff, by.version)
    if ticket.state in {State.TRIAGE, State.DISPATCHED}:
        _take(session, ticket, by)
    elif ticket.assignee_id != by.staff.id:
        msg = "这件事现在由别人负责，请先接手再回复。"
        raise InvalidInputError(msg)
    text = signed(session, ticket, by, words)
    send(session, ticket, by, text, once=f"reply:{ticket.id}:{once}")
    note_event(session, ticket, "reply", now=by.now, staff=by.staff, once=once)
    ticket.first_reply_at = ticket.first_reply_at or by.now
    ticket.last_reply_at = ticket.seen_at = by.now
    enter(ticket, State.IN_PROGRESS, now=by.now)
    let_speak(session, ticket, Speaker.PERSON, now=by.now)
    return ticket


def wait_for_resident(session: Session, number: str, *, by: Act) -> Ticket:
    """Stop the clock until the resident writes."""
    ticket = take_up(session, number, "wait", by)
    check_unchanged(session, ticket, by.staff, by.version)
    enter(ticket, State.WAITING_RESIDENT, now=by.now)
    ticket.reminded_at = None
    note_event(session, ticket, "waiting", now=by.now, staff=by.staff)
    return ticket


def resolve(session: Session, number: str, *, by: Act, outcome: str) -> Ticket:
    """Tell the resident what was reached and ask whether it is solved; only they close it so."""
    ticket = scope.find(session, number, staff=by.staff)
    if ticket.state == State.RESOLVED and ticket.outcome == outcome.strip():
        return ticket  # a double click
    ticket = take_up(session, number, "resolve", by)
    check_unchanged(session, ticket, by.staff, by.version)
    ticket.outcome = required(outcome, "请写明办得怎么样，这句话会发给居民。")
    ticket.resolved_at = ticket.last_reply_at = by.now
    ticket.first_reply_at = ticket.first_reply_at or by.now
    enter(ticket, State.RESOLVED, now=by.now)
    let_speak(session, ticket, Speaker.BOT, now=by.now)
    event = note_event(
        session, ticket, "resolved", now=by.now, staff=by.staff, text=ticket.outcome
    )
    text = wording.OUTCOME.format(number=ticket.number, outcome=ticket.outcome)
    send(session, ticket, by, text, once=f"outcome:{event.id}")
    return ticket


def close_without_answer(
    session: Session, number: str, *, by: Act, code: CloseCode, reason: str
) -> Ticket:
    """Close a ticket that ends otherwise than solved; what is said to the resident is `TOLD`."""
    ticket = take_up(session, number, "close", by)
    check_unchanged(session, ticket, by.staff, by.version)
    if code not in CLOSABLE:
        msg = "请选一种办结方式。"
        raise InvalidInputError(msg)
    words = required(reason, "请写明原因。")
    ticket.close_code, ticket.closed_at, ticket.outcome = code, by.now, words
    enter(ticket, State.CLOSED, now=by.now)
    let_speak(session, ticket, Speaker.BOT, now=by.now)
    event = note_event(
        session, ticket, "closed", now=by.now, staff=by.staff, text=words, code=str(code)
    )
    if code in TOLD:
        text = TOLD[code].format(number=ticket.number, reason=words)
        send(session, ticket, by, text, once=f"closed:{event.id}")
    return ticket


def reopen(session: Session, number: str, *, by: Act) -> Ticket:
    """
    Go on with a ticket that was done.

    Raises:
        InvalidInputError: the resident has another live matter; it goes on there.
    """
    ticket = take_up(session, number, "reopen", by)
    check_unchanged(session, ticket, by.staff, by.version)
    other = session.scalar(
        select(Ticket.number).where(
            Ticket.resident_id == ticket.resident_id, Ticket.state.in_(LIVE)
        )
    )
    if other:
        msg = f"这位居民正在办的是 {other}，请在那里接着办。"
        raise InvalidInputError(msg)
    ticket.close_code = ticket.closed_at = ticket.resolved_at = None
    ticket.reopened += 1
    person = session.get(Staff, ticket.assignee_id) if ticket.assignee_id else None
    if person is None or not person.active:
        ticket.assignee_id = by.staff.id
    enter(ticket, State.IN_PROGRESS, now=by.now)
    note_event(session, ticket, "reopened", now=by.now, staff=by.staff)
    return ticket


def _take(session: Session, ticket: Ticket, by: Act) -> None:
    if ticket.assignee_id != by.staff.id:
        ticket.reason = f"{by.staff.name}接手"
        ticket.assigned_at = by.now
    ticket.assignee_id = by.staff.id
    ticket.accepted_at = ticket.seen_at = by.now
    enter(ticket, State.IN_PROGRESS, now=by.now)
    let_speak(session, ticket, Speaker.PERSON, now=by.now)
    note_event(session, ticket, "accepted", now=by.now, staff=by.staff)
