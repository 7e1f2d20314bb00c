"""What somebody was told and has, or has not, seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, func, select, update
from sqlalchemy.orm import Session

from bot.notices.tables import (
    Channel,
    ChannelTrouble,
    Fate,
    NoticeDelivery,
    StaffNotice,
)
from bot.people.tables import Staff
from bot.tickets.tables import Ticket

MOST = 60


@dataclass(frozen=True, slots=True)
class Told:
    """One notice with its fate on each channel."""

    notice: StaffNotice
    number: str
    """Of the ticket; empty where there is none."""
    deliveries: Sequence[NoticeDelivery]


@dataclass(frozen=True, slots=True)
class Bell:
    """What every page shows."""

    unseen: int
    urgent: int
    trouble: bool


def bell(session: Session, staff_id: int) -> Bell:
    """Count what the person has not seen, and say whether a channel fails them."""
    total, urgent, trouble = session.execute(
        select(*bell_counts()).where(Staff.id == staff_id)
    ).one()
    return Bell(total, urgent, bool(trouble))


def bell_counts() -> tuple[ScalarSelect[int], ScalarSelect[int], ScalarSelect[int]]:
    """Return the numbers of a bell, to be asked for beside the `Staff` they are of."""
    unseen = (StaffNotice.staff_id == Staff.id, StaffNotice.seen_at.is_(None))
    count = select(func.count()).select_from(StaffNotice).correlate(Staff)
    failing = select(func.count()).select_from(ChannelTrouble).correlate(Staff)
    return (
        count.where(*unseen).scalar_subquery(),
        count.where(*unseen, StaffNotice.urgent).scalar_subquery(),
        failing.where(ChannelTrouble.staff_id == Staff.id).scalar_subquery(),
    )


def newest(session: Session, staff_id: int, *, before: int | None = None) -> list[Told]:
    """Return the person's notices, the newest first; those older than *before* for more."""
    mine: list[ColumnElement[bool]] = [StaffNotice.staff_id == staff_id]
    if before is not None:
        mine.append(StaffNotice.id < before)
    rows = session.execute(
        select(StaffNotice, Ticket.number)
        .outerjoin(Ticket, Ticket.id == StaffNotice.ticket_id)
        .where(*mine)
        .order_by(StaffNotice.id.desc())
        .limit(MOST)
    ).all()
    ways = _deliveries(session, [notice.id for notice, _ in rows])
    return [Told(notice, number or "", ways.get(notice.id, [])) for notice, number in rows]


def mark(
    session: Session,
    staff_id: int,
    *,
    now: datetime,
    up_to: int | None = None,
    ticket_id: int | None = None,
    channel: Channel = Channel.CONSOLE,
) -> int:
    """
    Note that the person saw what they were told, and on which channel; return how many.

    What was still to be sent is not sent any more.
    """
    unseen: list[ColumnElement[bool]] = [
        StaffNotice.staff_id == staff_id,
        StaffNotice.seen_at.is_(None),
    ]
    if up_to is not None:
        unseen.append(StaffNotice.id <= up_to)
    if ticket_id is not None:
        unseen.append(StaffNotice.ticket_id == ticket_id)
    ids = session.scalars(select(StaffNotice.id).where(*unseen).with_for_update()).all()
    if not ids:
        return 0
    session.execute(
        update(StaffNotice).where(StaffNotice.id.in_(ids)).values(seen_at=now, next_at=None)
    )
    of_these = NoticeDelivery.notice_id.in_(ids)
    session.execute(
        update(NoticeDelivery)
        .where(of_these, NoticeDelivery.state == Fate.QUEUED, NoticeDelivery.attempts == 0)
        .values(state=Fate.SPARED, at=now)
    )
    session.execute(
        update(NoticeDelivery)
        .where(of_these, NoticeDelivery.channel == channel)
        .values(state=Fate.SEEN, at=now)
    )
    return len(ids)


def _deliveries(session: Session, ids: Sequence[int]) -> dict[int, list[NoticeDelivery]]:
    found: dict[int, list[NoticeDelivery]] = {}
    rows = session.scalars(
        select(NoticeDelivery).where(NoticeDelivery.notice_id.in_(ids)).order_by(NoticeDelivery.id)
    )
    for row in rows:
        found.setdefault(row.notice_id, []).append(row)
    return found
