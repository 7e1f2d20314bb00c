"""While a notice is unseen it goes on to the person's next channel."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.notices import preferences
from bot.notices.tables import Channel, Fate, NoticeDelivery, NoticeKind, StaffNotice
from bot.people.tables import Staff
from bot.settings import Settings
from bot.tickets.tables import Ticket

AT_A_TIME = 50
AT_ONCE = frozenset({NoticeKind.CRISIS_PAGE, NoticeKind.DRILL, NoticeKind.TEST})
"""What goes over every channel in one moment."""
OF_THE_OWNER = frozenset({NoticeKind.ASSIGNED, NoticeKind.NEW_MESSAGE, NoticeKind.REMINDER})


def waiting(session: Session, *, now: datetime) -> bool:
    """Say whether anything is due, without keeping anybody from writing."""
    unseen = select(StaffNotice.id).where(StaffNotice.next_at <= now)
    queued = select(NoticeDelivery.id).where(
        NoticeDelivery.state == Fate.QUEUED, NoticeDelivery.not_before <= now
    )
    return any(session.scalar(found.limit(1)) is not None for found in (unseen, queued))


def advance(session: Session, *, now: datetime, settings: Settings) -> int:
    """Queue every notice that is due for its next channel; return how many were looked at."""
    due = session.scalars(
        select(StaffNotice)
        .where(StaffNotice.next_at <= now)
        .order_by(StaffNotice.urgent.desc(), StaffNotice.next_at, StaffNotice.id)
        .limit(AT_A_TIME)
        .with_for_update(skip_locked=True)
    ).all()
    for notice in due:
        notice.next_at = _go_on(session, notice, now=now, settings=settings)
    session.flush()
    return len(due)


def _go_on(
    session: Session, notice: StaffNotice, *, now: datetime, settings: Settings
) -> datetime | None:
    """Queue the next channel where it is time; return when to look again."""
    if notice.seen_at is not None or _moot(session, notice):
        return None
    wanted = preferences.of(session, notice.staff_id, settings)
    left = _left(session, notice, settings)
    if not left:
        return None
    if notice.kind in AT_ONCE:
        for channel in left:
            _queue(session, notice, channel, now)
        return None
    wait = _not_yet(notice, wanted, now=now, settings=settings)
    if wait is not None:
        return wait
    _queue(session, notice, left[0], now)
    minutes = wanted.next_minutes
    if notice.urgent:
        minutes = min(minutes, settings.alerts.urgent_next_channel_minutes)
    return now + timedelta(minutes=minutes)


def _not_yet(
    notice: StaffNotice, wanted: preferences.Preference, *, now: datetime, settings: Settings
) -> datetime | None:
    """Return until when a notice that is not urgent stays in the console alone."""
    if notice.urgent:
        return None
    begins = notice.created_at + timedelta(minutes=settings.alerts.console_minutes)
    if now < begins:
        return begins
    return preferences.quiet_until(wanted, now, settings)


def _left(session: Session, notice: StaffNotice, settings: Settings) -> Sequence[Channel]:
    tried = set(
        session.scalars(
            select(NoticeDelivery.channel).where(NoticeDelivery.notice_id == notice.id)
        )
    )
    open_now = preferences.open_to(session, notice.staff_id, settings)
    return [channel for channel in open_now if channel not in tried]


def _queue(session: Session, notice: StaffNotice, channel: Channel, now: datetime) -> None:
    session.add(
        NoticeDelivery(
            notice_id=notice.id, channel=channel, state=Fate.QUEUED, not_before=now, at=now
        )
    )


def _moot(session: Session, notice: StaffNotice) -> bool:
    """Say whether there is nothing left for this person to do about it."""
    person = session.get(Staff, notice.staff_id)
    if person is None or not person.active:
        return True
    if notice.ticket_id is None:
        return False
    ticket = session.get(Ticket, notice.ticket_id)
    if ticket is None:
        return True
    if notice.kind == NoticeKind.CRISIS_PAGE:
        return ticket.accepted_at is not None
    return notice.kind in OF_THE_OWNER and ticket.assignee_id != notice.staff_id
