"""What was deleted, by when the last backup that still holds it is gone, and doing it again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.errors import InvalidInputError
from bot.people.tables import Resident, Staff
from bot.privacy.erasure import NOBODY, erase_resident
from bot.privacy.tables import BY_REQUEST, Erasure

MOST = 20


def lately(session: Session, staff: Staff) -> Sequence[tuple[Erasure, Resident]]:
    """Return the last deletions at residents' word that this person sees, the newest first."""
    own = Resident.organisation_id == staff.organisation_id
    house = or_(own, Resident.organisation_id.is_(None)) if staff.organisation_id else None
    rows = session.execute(
        select(Erasure, Resident)
        .join(Resident, Resident.id == Erasure.resident_id)
        .where(Erasure.why == BY_REQUEST, *([] if house is None else [house]))
        .order_by(Erasure.id.desc())
        .limit(MOST)
    )
    return [(proof, resident) for proof, resident in rows]


@dataclass(frozen=True, slots=True)
class Deleted:
    """That everything of a resident was deleted at their word; numbers only."""

    resident_id: int
    at: datetime


def at_their_word(session: Session) -> Sequence[Deleted]:
    """Return all of them, the oldest first."""
    rows = select(Erasure.resident_id, Erasure.at).where(Erasure.why == BY_REQUEST)
    return [Deleted(*row) for row in session.execute(rows.order_by(Erasure.id))]


def again(session: Session, known: Sequence[Deleted], *, now: datetime) -> tuple[int, list[int]]:
    """
    Delete once more what a restored backup brought back; return how many, and who cannot yet be.

    Whose matter was live when the backup was made has to have it ended first.
    """
    done, left = 0, []
    for one in known:
        resident = session.get(Resident, one.resident_id)
        if resident is None or resident.created_at > one.at or _is_deleted(resident):
            continue
        try:
            with session.begin_nested():
                erase_resident(session, resident, by=None, now=now)
        except InvalidInputError:
            left.append(one.resident_id)
        else:
            done += 1
    return done, left


def _is_deleted(resident: Resident) -> bool:
    return resident.openid.startswith(NOBODY)
