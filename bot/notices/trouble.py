"""A channel that stops working is said aloud: to the person, and to whoever can mend it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.notices.queue import notify
from bot.notices.tables import Channel, ChannelTrouble, NoticeKind
from bot.people.tables import Role, Staff

PERSONAL = frozenset({"user_block", "not_following", "bad_openid", "no_address", "mail_address"})
"""What lies with one person; everything else hits all whom the channel serves."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A channel that does not reach somebody."""

    staff_id: int
    name: str
    channel: Channel
    reason: str
    since: datetime


def warn(session: Session, *, staff_id: int, channel: str, reason: str, now: datetime) -> None:
    """Note that the channel does not reach the person, and tell them and the admins, once."""
    row = session.get(ChannelTrouble, (staff_id, channel))
    if row is not None:
        row.reason = reason
        return
    session.add(ChannelTrouble(staff_id=staff_id, channel=channel, reason=reason, since=now))
    session.flush()
    # A dead token fails for everybody at once: the admins are told of it once an hour.
    what = f"{staff_id}:{now.isoformat()}" if reason in PERSONAL else f"{now:%Y%m%d%H}"
    for told in {staff_id, *_admins(session)}:
        notify(
            session,
            staff_id=told,
            kind=NoticeKind.CHANNEL_BROKEN,
            now=now,
            once=f"broken:{channel}:{reason}:{what}",
        )


def over(session: Session, *, staff_id: int, channel: str) -> None:
    """Note that the channel reaches the person."""
    session.execute(
        delete(ChannelTrouble).where(
            ChannelTrouble.staff_id == staff_id, ChannelTrouble.channel == channel
        )
    )


def everybodys(session: Session, *, staff_id: int | None = None) -> Sequence[Trouble]:
    """Return what does not work now, the oldest first; of one person where one is named."""
    wanted = select(ChannelTrouble, Staff.name).join(Staff, Staff.id == ChannelTrouble.staff_id)
    if staff_id is not None:
        wanted = wanted.where(ChannelTrouble.staff_id == staff_id)
    rows = session.execute(
        wanted.where(Staff.active).order_by(ChannelTrouble.since, ChannelTrouble.staff_id)
    )
    return [
        Trouble(row.staff_id, name, Channel(row.channel), row.reason, row.since)
        for row, name in rows
    ]


def _admins(session: Session) -> Sequence[int]:
    admins = select(Staff.id).where(Staff.role == Role.ADMIN, Staff.active).order_by(Staff.id)
    return session.scalars(admins).all()
