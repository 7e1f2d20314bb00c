"""Who did what in the console, for the page of the record."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.audit import AuditEvent
from bot.people.tables import Staff

PERSON = "staff:"


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of the record."""

    at: datetime
    deed: str
    actor: str
    """Name of who did it; empty: nobody known, such as a failed login or the first start."""
    subject: str
    """What it was done to: a person's name, or an id."""


def deeds(
    session: Session, *, staff_id: int | None = None, deed: str = "", page: int = 1,
    per_page: int = 50,
) -> list[Deed]:  # fmt: skip
    """Return one page of the record, newest first, and one line more if there is another page."""
    wanted = (
        select(AuditEvent.at, AuditEvent.deed, func.coalesce(Staff.name, ""), AuditEvent.subject)
        .outerjoin(Staff, Staff.id == AuditEvent.staff_id)
        .order_by(AuditEvent.id.desc())
        .limit(per_page + 1)
        .offset((max(page, 1) - 1) * per_page)
    )
    if staff_id is not None:
        wanted = wanted.where(AuditEvent.staff_id == staff_id)
    if deed:
        wanted = wanted.where(AuditEvent.deed == deed)
    rows = session.execute(wanted).all()
    names = dict(session.execute(select(Staff.id, Staff.name)).all())
    return [Deed(at, did, actor, _subject(what, names)) for at, did, actor, what in rows]


def _subject(subject: str, names: dict[int, str]) -> str:
    number = subject.removeprefix(PERSON)
    if subject.startswith(PERSON) and number.isdecimal():
        return names.get(int(number), subject)
    return subject
