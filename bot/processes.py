"""Which processes live, and which one of them holds a lock such as the timetable."""

from datetime import datetime, timedelta

from sqlalchemy import String, or_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.db.engine import Base
from bot.db.types import UTCDateTime


class Heartbeat(Base):
    """The last sign of life of a kind of process."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Lock(Base):
    """A named lock with a lease: whoever holds it renews it or loses it."""

    __tablename__ = "process_lock"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(String(80))
    until: Mapped[datetime] = mapped_column(UTCDateTime)


def beat(session: Session, name: str, *, now: datetime) -> None:
    """Note that the process *name* lives."""
    row = session.get(Heartbeat, name)
    if row is None:
        session.add(Heartbeat(name=name, at=now))
    else:
        row.at = now


def hold(session: Session, name: str, holder: str, *, now: datetime, lease: timedelta) -> bool:
    """
    Take or renew the lock *name*; False while another holder's lease runs.

    A lease in the far future is one from before the clock was set back, and is
    taken as over.
    """
    taken = session.scalar(
        update(Lock)
        .where(
            Lock.name == name,
            or_(Lock.holder == holder, Lock.until <= now, Lock.until > now + 2 * lease),
        )
        .values(holder=holder, until=now + lease)
        .returning(Lock.name)
    )
    if taken is not None:
        return True
    try:
        with session.begin_nested():
            session.add(Lock(name=name, holder=holder, until=now + lease))
    except IntegrityError:
        return False
    return True
