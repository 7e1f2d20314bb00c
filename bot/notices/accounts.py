"""
Who is told when an account is opened, raised or reset: an admin must not become a reader unseen.

An admin reads no ticket, and could log in as somebody who does whose password they just made.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.notices.queue import notify
from bot.notices.tables import NoticeKind
from bot.people.tables import Role, Staff


def tell_of_account(
    session: Session, person: Staff, *, deed: str, by: Staff, now: datetime
) -> None:
    """Tell whose account it is, their supervisors and the other admins."""
    others = select(Staff).where(Staff.active, Staff.id != by.id, Staff.role != Role.CASEWORKER)
    told = {it.id for it in session.scalars(others) if _sees_to(it, person)} | {person.id}
    for staff_id in sorted(told - {by.id}):
        # At once over every channel: whoever is in that account now could mark it as seen.
        notify(
            session, staff_id=staff_id, kind=NoticeKind.ACCOUNT, now=now,
            urgent=staff_id == person.id,
            once=f"account:{person.id}:{deed}:{now:%Y%m%d%H%M%S}",
        )  # fmt: skip


def _sees_to(other: Staff, person: Staff) -> bool:
    of_house = person.organisation_id in {None, other.organisation_id}
    return other.role == Role.ADMIN or other.organisation_id is None or of_house
