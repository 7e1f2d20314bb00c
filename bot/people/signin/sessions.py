"""Logins: started, found by their cookie, listed for whose they are, and ended."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from bot import audit
from bot.errors import NotFoundError
from bot.people.signin.tables import Login
from bot.people.tables import Staff
from bot.settings import Settings

KEPT = timedelta(days=30)
"""How long a login that is over stays, to be looked into."""
LONGEST_ADDRESS = 45


@dataclass(frozen=True, slots=True)
class Browser:
    """Where somebody logs in."""

    key: str
    """The number in its cookie."""
    device: str
    address: str


def start(
    session: Session, person: Staff, browser: Browser, *, until: datetime, now: datetime,
    proven: bool = False,
) -> Login:  # fmt: skip
    """Open a login in this browser."""
    login = Login(
        key=_digest(browser.key),
        staff_id=person.id,
        epoch=person.session_epoch,
        device=browser.device,
        address=browser.address[:LONGEST_ADDRESS],
        started_at=now,
        seen_at=now,
        until=until,
        proven_at=now if proven else None,
    )
    session.add(login)
    session.flush()
    return login


def of_cookie(key: str) -> Select[Staff, Login]:
    """Return the query for whose login this cookie holds; it may be over (`runs`)."""
    wanted = select(Staff, Login).join(Login, Login.staff_id == Staff.id)
    return wanted.where(Login.key == _digest(key))


def runs(person: Staff, login: Login, *, idle: timedelta, now: datetime) -> bool:
    """Say whether the login is in force: not ended, too old, or left alone for too long."""
    return (
        person.active
        and login.ended_at is None
        and login.epoch == person.session_epoch
        and now < login.until
        and now < login.seen_at + idle
    )


def running(session: Session, person: Staff, *, idle: timedelta, now: datetime) -> Sequence[Login]:
    """Return the person's logins, the one seen last first."""
    own = select(Login).where(Login.staff_id == person.id, Login.ended_at.is_(None))
    rows = session.scalars(own.order_by(Login.seen_at.desc(), Login.id.desc()))
    return [login for login in rows if runs(person, login, idle=idle, now=now)]


def end(session: Session, person: Staff, login_id: int, *, now: datetime) -> None:
    """
    End one of the person's own logins.

    Raises:
        NotFoundError: it is another's, or there is none.
    """
    login = session.get(Login, login_id)
    if login is None or login.staff_id != person.id:
        raise NotFoundError(str(login_id))
    login.ended_at = login.ended_at or now
    audit.record(
        session, deed="staff.end_login", staff_id=person.id, subject=f"staff:{person.id}", now=now,
        login=login.id,
    )  # fmt: skip


def tidy(session: Session, *, now: datetime, settings: Settings) -> int:
    """Take away logins that have long been over."""
    del settings
    old = session.scalars(select(Login.id).where(Login.until < now - KEPT)).all()
    session.execute(delete(Login).where(Login.id.in_(old)))
    return len(old)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
