"""Lists somebody wants to find again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlencode

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.desk.tables import SavedFilter
from bot.errors import InvalidInputError, NotFoundError
from bot.people.tables import Staff

LONGEST_NAME = 12
LONGEST_ADDRESS = 500
MOST = 12
"""More nobody finds again."""


def of(session: Session, staff: Staff) -> Sequence[SavedFilter]:
    """Return the filters of a person, the oldest first."""
    own = select(SavedFilter).where(SavedFilter.staff_id == staff.id)
    return session.scalars(own.order_by(SavedFilter.id)).all()


def save(
    session: Session, staff: Staff, name: str, wanted: Mapping[str, str], *, now: datetime
) -> SavedFilter:
    """
    Keep a list under a name; the same name means the new list from now on.

    Raises:
        InvalidInputError: without a name, too long, or too many.
    """
    name, address = name.strip(), urlencode(sorted(wanted.items()))
    if not name or len(name) > LONGEST_NAME:
        msg = f"请给这个列表起个名字，最多{LONGEST_NAME}个字。"
        raise InvalidInputError(msg)
    if len(address) > LONGEST_ADDRESS:
        msg = "条件太多，存不下。请少用几个条件。"
        raise InvalidInputError(msg)
    own = select(SavedFilter).where(SavedFilter.staff_id == staff.id)
    known = session.scalar(own.where(SavedFilter.name == name))
    if known is not None:
        known.address = address
        return known
    if (session.scalar(own.with_only_columns(func.count())) or 0) >= MOST:
        msg = f"最多存{MOST}个。请先删掉一个不用的。"
        raise InvalidInputError(msg)
    kept = SavedFilter(staff_id=staff.id, name=name, address=address, made_at=now)
    session.add(kept)
    session.flush()
    return kept


def remove(session: Session, staff: Staff, filter_id: int) -> None:
    """
    Forget a filter.

    Raises:
        NotFoundError: there is none of this person.
    """
    kept = session.get(SavedFilter, filter_id)
    if kept is None or kept.staff_id != staff.id:
        msg = "没有这个列表。"
        raise NotFoundError(msg)
    session.delete(kept)
    session.flush()
