"""Nobody approves their own work: what one admin wrote another reads before residents do."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.errors import NotAllowedError
from bot.knowledge.tables import EntryVersion, PolicyDocument
from bot.people.tables import Role, Staff

OWN = "这一版是您写的，要另一位管理员看过再发布。"


Written = EntryVersion | PolicyDocument


def waits_for_another(session: Session, written: Written, staff_id: int | None) -> bool:
    """Say whether another admin has to publish it; where there is no other one, nobody has to."""
    read_before = written.published_at is not None
    if read_before or written.author_id is None or written.author_id != staff_id:
        return False
    others = select(Staff.id).where(Staff.role == Role.ADMIN, Staff.active, Staff.id != staff_id)
    return session.scalar(others.limit(1)) is not None


def refuse_own(session: Session, written: Written, staff_id: int | None) -> None:
    """
    Refuse to publish what one wrote oneself.

    Raises:
        NotAllowedError: there is another admin, who should read it first.
    """
    if waits_for_another(session, written, staff_id):
        raise NotAllowedError(OWN)
