"""
The timetable's work on tickets.

Each job looks for what is due now, so running late catches up and running
twice does nothing more.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, or_, select
from sqlalchemy.orm import Session

from bot import outbox, wording
from bot.contracts import Urgency
from bot.conversation.tables import Speaker
from bot.notices.queue import notify
from bot.notices.tables import NoticeKind
from bot.settings import Settings, working_hours
from bot.tickets.change import let_speak, locked_if_free, note_event
from bot.tickets.clocks.rules import load_rules
from bot.tickets.supervisors import supervisors_of
from bot.tickets.tables import LIVE, CloseCode, State, Ticket
from bot.wechat import budget

AT_A_TIME = 100
WAIT_BEFORE_REMINDER = timedelta(days=7)
MOST_URGENT_FIRST = case({Urgency.CRISIS: 0, Urgency.URGENT: 1}, value=Ticket.urgency, else_=2)
OWED = or_(Ticket.last_reply_at.is_(None), Ticket.last_resident_at > Ticket.last_reply_at)


def tidy(session: Session, *, now: datetime, settings: Settings) -> int:
    """Close what the resident never confirmed, and remind who has let us wait."""
    return _close_unconfirmed(session, now) + _remind_residents(session, now, settings)


def watch(session: Session, *, now: datetime, settings: Settings) -> int:
    """Tell once a day of every supervised ticket, until it is watched no longer."""
    del settings
    today = now.astimezone(working_hours().zone).date()
    watched = select(Ticket).where(
        Ticket.supervised_at.is_not(None),
        Ticket.state.in_((*LIVE, State.RESOLVED)),
        or_(Ticket.watched_on.is_(None), Ticket.watched_on < today),
    )
    done = 0
    for ticket in session.scalars(watched.order_by(Ticket.id).limit(AT_A_TIME)).all():
        for staff_id in {ticket.assignee_id, *supervisors_of(session, ticket)} - {None}:
            notify(
                session,
                staff_id=int(staff_id or 0),
                kind=NoticeKind.SUPERVISED,
                now=now,
                ticket_id=ticket.id,
                once=f"watch:{ticket.id}:{today}",
            )
        ticket.watched_on = today
        done += 1
    return done


def _close_unconfirmed(session: Session, now: datetime) -> int:
    done = 0
    long_ago = now - load_rules().unconfirmed
    old = and_(Ticket.state == State.RESOLVED, Ticket.resolved_at <= long_ago)
    for ticket in due_tickets(session, old, lambda it: it.state == State.RESOLVED, now):
        # Never `solved`: that is only ever the resident's own word, or a call-back.
        note_event(session, ticket, "closed", now=now, code=str(CloseCode.ANSWERED_UNCONFIRMED))
        let_speak(session, ticket, Speaker.BOT, now=now)
        done += 1
    return done


def _remind_residents(session: Session, now: datetime, settings: Settings) -> int:
    done = 0
    silent = and_(
        Ticket.state == State.WAITING_RESIDENT,
        Ticket.state_at <= now - WAIT_BEFORE_REMINDER,
        Ticket.reminded_at.is_(None),
    )
    for ticket in due_tickets(session, silent, lambda it: it.state == State.WAITING_RESIDENT, now):
        # WeChat takes no message so long after the resident's last; one that is held
        # until they write would then ask for what they have just done.
        reachable = budget.left(session, ticket.resident_id, now=now).left > 0
        if reachable:
            outbox.enqueue(
                session,
                resident_id=ticket.resident_id,
                text=wording.REMINDER.format(number=ticket.number),
                now=now,
                limit_bytes=settings.wechat.text_bytes,
                ticket_id=ticket.id,
                once_key=f"reminder:{ticket.id}:{ticket.state_at:%Y%m%d%H%M%S}",
            )
        note_event(session, ticket, "nudged", now=now, sent=reachable)
        done += 1
    return done


def due_tickets(
    session: Session,
    condition: ColumnElement[bool],
    still: Callable[[Ticket], bool],
    now: datetime,
) -> Iterator[Ticket]:
    """
    Yield what meets the condition, each locked, and only if it is still so by then.

    What somebody is at work on is left for the next time.
    """
    found = session.scalars(
        select(Ticket)
        .where(condition)
        .order_by(MOST_URGENT_FIRST, Ticket.opened_at, Ticket.id)
        .limit(AT_A_TIME)
    ).all()
    for ticket in found:
        if locked_if_free(session, ticket, now=now) and still(ticket):
            yield ticket
