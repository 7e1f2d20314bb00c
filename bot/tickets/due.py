"""The timetable's work on tickets.

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
from bot.settings import Settings
from bot.tickets import hours
from bot.tickets.change import enter, let_speak, locked_if_free, note_event, owes_answer, route
from bot.tickets.hours import Office
from bot.tickets.tables import CloseCode, State, Ticket
from bot.wechat import budget

AT_A_TIME = 100
CONFIRM_WITHIN = timedelta(days=10)
WAIT_BEFORE_REMINDER = timedelta(days=7)
MOST_URGENT_FIRST = case({Urgency.CRISIS: 0, Urgency.URGENT: 1}, value=Ticket.urgency, else_=2)
OWED = or_(Ticket.last_reply_at.is_(None), Ticket.last_resident_at > Ticket.last_reply_at)


def drain(session: Session, *, now: datetime, settings: Settings) -> int:
    """Give away what waits in the queue, the most urgent and then the oldest first."""
    del settings
    return sum(
        route(session, ticket, now=now)
        for ticket in _due(
            session, Ticket.state == State.TRIAGE, lambda it: it.state == State.TRIAGE, now
        )
    )


def remind(session: Session, *, now: datetime, settings: Settings) -> int:
    """Mark what its caseworker has not looked at when half of the time is gone."""
    office = hours.office(session, settings)
    waiting = and_(
        Ticket.state.in_((State.DISPATCHED, State.IN_PROGRESS)),
        Ticket.reminded_at.is_(None),
        OWED,
    )
    done = 0
    for ticket in _due(session, waiting, lambda it: _half_gone_unseen(it, now, office), now):
        ticket.reminded_at = now
        note_event(session, ticket, "reminded", now=now, to=ticket.assignee_id)
        done += 1
    return done


def escalate(session: Session, *, now: datetime, settings: Settings) -> int:
    """
    Show a supervisor what is overdue, and give what nobody accepted to somebody else.

    Once for each answer owed; a crisis goes on to the next until somebody accepts it.
    """
    again = now - timedelta(minutes=settings.tickets.crisis_reply_minutes)
    overdue = and_(
        Ticket.state.in_((State.TRIAGE, State.DISPATCHED, State.IN_PROGRESS)),
        Ticket.reply_due_at <= now,
        OWED,
        or_(
            Ticket.escalated_at.is_(None),
            and_(
                Ticket.urgency == Urgency.CRISIS,
                Ticket.state == State.DISPATCHED,
                Ticket.escalated_at <= again,
            ),
        ),
    )
    done = 0
    for ticket in _due(session, overdue, lambda it: it.reply_due_at <= now, now):
        ticket.escalated_at = now
        note_event(session, ticket, "escalated", now=now, was=ticket.assignee_id)
        if ticket.state == State.DISPATCHED and ticket.assignee_id is not None:
            route(session, ticket, now=now, exclude=frozenset({ticket.assignee_id}))
        done += 1
    return done


def tidy(session: Session, *, now: datetime, settings: Settings) -> int:
    """Close what the resident never confirmed, and remind who has let us wait."""
    return _close_unconfirmed(session, now) + _remind_residents(session, now, settings)


def _close_unconfirmed(session: Session, now: datetime) -> int:
    done = 0
    old = and_(Ticket.state == State.RESOLVED, Ticket.resolved_at <= now - CONFIRM_WITHIN)
    for ticket in _due(session, old, lambda it: it.state == State.RESOLVED, now):
        # Never `solved`: that is only ever the resident's own word.
        ticket.close_code, ticket.closed_at = CloseCode.ANSWERED_UNCONFIRMED, now
        enter(ticket, State.CLOSED, now=now)
        let_speak(session, ticket, Speaker.BOT, now=now)
        note_event(session, ticket, "closed", now=now, code=str(ticket.close_code))
        done += 1
    return done


def _remind_residents(session: Session, now: datetime, settings: Settings) -> int:
    done = 0
    silent = and_(
        Ticket.state == State.WAITING_RESIDENT,
        Ticket.state_at <= now - WAIT_BEFORE_REMINDER,
        Ticket.reminded_at.is_(None),
    )
    for ticket in _due(session, silent, lambda it: it.state == State.WAITING_RESIDENT, now):
        ticket.reminded_at = now
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


def _half_gone_unseen(ticket: Ticket, now: datetime, office: Office) -> bool:
    accepted = ticket.state != State.DISPATCHED
    if accepted and ticket.seen_at is not None and ticket.seen_at >= ticket.last_resident_at:
        return False
    start = ticket.last_resident_at if accepted else ticket.assigned_at or ticket.opened_at
    if not owes_answer(ticket):
        return False
    if ticket.urgency == Urgency.CRISIS:
        return now >= start + (ticket.reply_due_at - start) / 2
    # Of a holiday no half is gone: nobody was there to look.
    whole = hours.between(start, ticket.reply_due_at, office)
    return hours.between(start, now, office) >= whole / 2


def _due(
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
