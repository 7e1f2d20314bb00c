"""What staff do with a ticket; everything a page or a job may call is named here."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from bot import wording
from bot.conversation.tables import Speaker
from bot.db.types import JsonObject
from bot.errors import InvalidInputError
from bot.notices.tables import NoticeKind
from bot.people.presence import away
from bot.people.tables import Staff
from bot.tickets import lanes, routing, sharing
from bot.tickets.acting import Act, refuse_taking, required, send, signed, take_up, written
from bot.tickets.alarm.calling import answered
from bot.tickets.allowed import check_unchanged
from bot.tickets.change import (
    give,
    handed_back_by,
    let_speak,
    note_event,
    owes_answer,
    route,
)
from bot.tickets.outcome import (
    call_back,
    close_without_answer,
    reopen,
    resolve,
    try_contact,
)
from bot.tickets.resident_moves import rate, resident_wrote, take_up_again, withdraw
from bot.tickets.supervisors import tell_supervisors
from bot.tickets.tables import Level, State, Ticket
from bot.wechat import budget

__all__ = [
    "Act",
    "accept",
    "assign",
    "call_back",
    "close_without_answer",
    "hand_back",
    "note",
    "rate",
    "refuse_unfit",
    "reopen",
    "reply",
    "resident_wrote",
    "resolve",
    "take_up_again",
    "try_contact",
    "wait_for_resident",
    "withdraw",
]
KEPT_FOR_THE_ANSWER = 2
"""Fewer messages left than this and one: being taken over is said with the first answer."""
HAND_BACK_REASONS = {
    "field": "不是我管的事",
    "area": "不是我的片区",
    "language": "语言不通",
    "conflict": "与当事人有利害关系",
    "load": "手上太多，怕误事",
    "other": "其他",
}


def accept(session: Session, number: str, *, by: Act) -> Ticket:
    """Take the ticket, from the queue or (a supervisor) from somebody else, and be its speaker."""
    ticket = take_up(session, number, "accept", by)
    refuse_taking(session, ticket, by)
    answered(session, ticket, by.staff.id, now=by.now)
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
        InvalidInputError: that person takes no tickets, or is on leave.
    """
    ticket = take_up(session, number, "assign", by)
    person = session.get(Staff, to)
    if person is None or not _takes_tickets(person):
        msg = "这个人现在不能接单，请换一个。"
        raise InvalidInputError(msg)
    if ticket.assignee_id == to:
        return ticket
    refuse_unfit(ticket, person, sharing.organisations(session, ticket))
    if to == by.staff.id:
        refuse_taking(session, ticket, by)
    if person.id in away(session, by.now):
        msg = f"{person.name}在请假，转过去马上又会转走。请换一个人。"
        raise InvalidInputError(msg)
    check_unchanged(session, ticket, by.staff, by.version)
    words = reason.strip()
    note_event(session, ticket, "passed_on", now=by.now, staff=by.staff, text=words, to=to)
    why = f"{by.staff.name}指派给{person.name}"
    give(session, ticket, to, reason=f"{why}：{words}" if words else why, now=by.now)
    return ticket


def hand_back(
    session: Session,
    number: str,
    *,
    by: Act,
    reason: str,
    code: str = "other",
    suggested: int | None = None,
) -> Ticket:
    """
    Give the ticket back with a reason, and say who should have it.

    That person gets it where they can take it, else whom the rules pick; after
    the third time nobody gets it by themselves, a supervisor decides.
    """
    ticket = take_up(session, number, "hand_back", by)
    check_unchanged(session, ticket, by.staff, by.version)
    text = required(reason, "请写明为什么退回，好让下一位接手。")
    if code not in HAND_BACK_REASONS:
        msg = "请选一个退回的原因。"
        raise InvalidInputError(msg)
    said: JsonObject = {"code": code, "suggested": suggested}
    note_event(session, ticket, "handed_back", now=by.now, staff=by.staff, text=text, **said)
    let_speak(session, ticket, Speaker.BOT, now=by.now)
    person = session.get(Staff, suggested) if suggested else None
    if ticket.hand_backs > routing.MOST_HAND_BACKS:
        tell_supervisors(session, ticket, NoticeKind.HANDED_BACK, now=by.now, but=by.staff.id)
    elif person is not None and _may_get(session, ticket, person, by.now):
        why = f"{by.staff.name}退回，建议给{person.name}"
        give(session, ticket, person.id, reason=why, now=by.now)
        return ticket
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
    answered(session, ticket, by.staff.id, now=by.now)
    ticket.seen_at = by.now
    let_speak(session, ticket, Speaker.PERSON, now=by.now)
    return ticket


def wait_for_resident(session: Session, number: str, *, by: Act) -> Ticket:
    """
    Stop the clock until the resident writes, or the most is reached.

    Raises:
        InvalidInputError: nobody has answered the resident yet, or it is a crisis.
    """
    ticket = take_up(session, number, "wait", by)
    check_unchanged(session, ticket, by.staff, by.version)
    if ticket.level == Level.CRISIS:
        msg = "危机不能停下来等。请打电话，或者上门。"
        raise InvalidInputError(msg)
    if owes_answer(ticket):
        msg = "居民上一句还没有回。先回他要补充什么，再等。"
        raise InvalidInputError(msg)
    note_event(session, ticket, "waiting", now=by.now, staff=by.staff)
    return ticket


def _take(session: Session, ticket: Ticket, by: Act) -> None:
    reason = f"{by.staff.name}接手"
    note_event(session, ticket, "accepted", now=by.now, staff=by.staff, reason=reason)
    ticket.seen_at = by.now
    let_speak(session, ticket, Speaker.PERSON, now=by.now)


def _takes_tickets(person: Staff) -> bool:
    return person.active and person.role in routing.HANDLERS


def refuse_unfit(ticket: Ticket, person: Staff, agreed: Collection[int] = ()) -> None:
    """
    Keep a matter with whom it was told to; a crisis goes to whoever can help.

    *agreed*: the other organisations it may go to (sharing.organisations).

    Raises:
        InvalidInputError: they are not cleared for its lane, or of another organisation
            that the resident has not agreed to.
    """
    msg = ""
    if not lanes.cleared(person, ticket.lane):
        msg = f"这是保密的事，{person.name}没有办这一类的资格。请换一个人。"
    elif sharing.is_foreign(ticket, person, agreed):
        msg = f"{person.name}是别的机构的，居民没有同意转给那里。先在“同意”里问他，或者换人。"
    if msg and ticket.level != Level.CRISIS:
        raise InvalidInputError(msg)


def _may_get(session: Session, ticket: Ticket, person: Staff, now: datetime) -> bool:
    try:
        refuse_unfit(ticket, person, sharing.organisations(session, ticket))
    except InvalidInputError:
        return False
    there = _takes_tickets(person) and person.on_duty and person.id not in away(session, now)
    return there and person.id not in handed_back_by(session, ticket)
