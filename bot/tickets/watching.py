"""How urgent a ticket is, who watches over it, and who works on it beside us."""

from sqlalchemy.orm import Session

from bot import wording
from bot.db.types import JsonObject
from bot.errors import InvalidInputError
from bot.notices.tables import NoticeKind
from bot.tickets import sharing
from bot.tickets.acting import Act, required, send, take_up
from bot.tickets.alarm.ladder import sound
from bot.tickets.allowed import check_unchanged
from bot.tickets.change import note_event
from bot.tickets.supervisors import tell
from bot.tickets.tables import LIVE, Level, Ticket


def relevel(session: Session, number: str, *, by: Act, level: Level, reason: str = "") -> Ticket:
    """
    Put the ticket on another level; its clocks are set anew from now on.

    Raises:
        InvalidInputError: it is a crisis, which is not ended by one person.
    """
    ticket = take_up(session, number, "relevel", by)
    if ticket.level == level:
        return ticket
    check_unchanged(session, ticket, by.staff, by.version)
    if ticket.level == Level.CRISIS:
        msg = "危机要两个人才能解除：请申请解除，由督导决定。"
        raise InvalidInputError(msg)
    if ticket.state not in LIVE:
        msg = "这件事已经办了，不用再改急缓。"
        raise InvalidInputError(msg)
    words = required(reason, "请写明为什么改。")
    levels: JsonObject = {"before": ticket.level, "after": str(level)}
    note_event(session, ticket, "level", now=by.now, staff=by.staff, text=words, **levels)
    if level == Level.CRISIS:
        sound(session, ticket, now=by.now)
    return ticket


def supervise(session: Session, number: str, *, by: Act, reason: str) -> Ticket:
    """Watch over the ticket: it is told of every day until that is over."""
    ticket = take_up(session, number, "supervise", by)
    if ticket.supervised_at is None:
        words = required(reason, "请写明为什么督办。")
        note_event(session, ticket, "supervised", now=by.now, staff=by.staff, text=words)
        if ticket.assignee_id is not None:
            tell(session, ticket, ticket.assignee_id, NoticeKind.SUPERVISED, now=by.now)
    return ticket


def end_supervision(session: Session, number: str, *, by: Act) -> Ticket:
    """Watch over it no longer."""
    ticket = take_up(session, number, "end_supervision", by)
    if ticket.supervised_at is not None:
        note_event(session, ticket, "supervision_over", now=by.now, staff=by.staff)
    return ticket


def ask_partner(session: Session, number: str, *, by: Act, partner: str, purpose: str) -> Ticket:
    """
    Ask another body to help; our own clocks run on.

    Raises:
        InvalidInputError: the resident has not agreed to what is passed on, and nothing
            else allows it (agreeing.py).
    """
    ticket = take_up(session, number, "ask_partner", by)
    check_unchanged(session, ticket, by.staff, by.version)
    who = required(partner, "请写请哪个单位协办。")
    words = required(purpose, "请写请他们办什么、给了他们哪些情况。")
    if not sharing.may_share(session, ticket, sharing.to_partner(ticket, who)):
        msg = f"居民还没有同意把情况告诉{who}。先在微信里问他，或者选他是怎么同意的。"
        raise InvalidInputError(msg)
    said: JsonObject = {"partner": who, "agreed": True}
    event = note_event(
        session, ticket, "partner_asked", now=by.now, staff=by.staff, text=words, **said
    )
    text = wording.PARTNER_ASKED.format(number=ticket.number, partner=who)
    send(session, ticket, by, text, once=f"partner:{event.id}")
    return ticket


def partner_answered(session: Session, number: str, *, by: Act, result: str) -> Ticket:
    """Note what came of asking another body; the matter is ours again."""
    ticket = take_up(session, number, "partner_answered", by)
    words = required(result, "请写协办的结果。")
    note_event(session, ticket, "partner_answered", now=by.now, staff=by.staff, text=words)
    return ticket
