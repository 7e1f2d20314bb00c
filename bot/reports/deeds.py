"""Who did and saw what in the console, for the page of the record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.audit import AuditEvent, of_ticket
from bot.people.tables import Staff
from bot.reports.tables import Export

PERSON, FILE = "staff:", "export:"
TICKET = of_ticket("")


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of the record."""

    at: datetime
    deed: str
    actor: str
    """Name of who did it; empty: nobody known, such as a failed login or the first start."""
    subject: str
    """What it was done to: a person's name, a ticket's number, or an id."""
    data: Mapping[str, Any]
    ticket: bool = False
    """Whether the subject is a ticket."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines are looked for; what is empty narrows nothing."""

    staff_id: int | None = None
    deed: str = ""
    ticket: str = ""


def deeds(
    session: Session, wanted: Wanted | None = None, *, page: int = 1, per_page: int = 50
) -> list[Deed]:
    """Return one page of the record, newest first, and one line more if there is another page."""
    wanted = wanted or Wanted()
    lines = (
        select(AuditEvent, func.coalesce(Staff.name, ""))
        .outerjoin(Staff, Staff.id == AuditEvent.staff_id)
        .order_by(AuditEvent.id.desc())
        .limit(per_page + 1)
        .offset((max(page, 1) - 1) * per_page)
    )
    if wanted.staff_id is not None:
        lines = lines.where(AuditEvent.staff_id == wanted.staff_id)
    if wanted.deed:
        lines = lines.where(AuditEvent.deed == wanted.deed)
    if wanted.ticket:
        lines = lines.where(AuditEvent.subject == of_ticket(wanted.ticket))
    rows = session.execute(lines).all()
    names = dict(session.execute(select(Staff.id, Staff.name)).all())
    purposes = _purposes(session, [event.subject for event, _ in rows])
    return [_deed(event, actor, names, purposes) for event, actor in rows]


def _purposes(session: Session, subjects: Sequence[str]) -> dict[str, str]:
    """Return what files were asked for; the record, which cannot be emptied, only names them."""
    keys = {it.removeprefix(FILE) for it in subjects if it.startswith(FILE)}
    numbers = [int(key) for key in keys if key.isdecimal()]
    rows = session.execute(select(Export.id, Export.reason).where(Export.id.in_(numbers)))
    return {f"{FILE}{number}": reason for number, reason in rows}


def _deed(
    event: AuditEvent, actor: str, names: Mapping[int, str], purposes: Mapping[str, str]
) -> Deed:
    subject = event.subject
    said = {"reason": purposes[subject]} if subject in purposes else {}
    number = subject.removeprefix(PERSON)
    if subject.startswith(PERSON) and number.isdecimal():
        subject = names.get(int(number), subject)
    ticket = subject.startswith(TICKET)
    return Deed(
        event.at, event.deed, actor, subject.removeprefix(TICKET), event.data | said,
        ticket=ticket,
    )  # fmt: skip
