"""What was deleted, and by when the last backup that still holds it is gone."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.people.tables import Resident, Staff
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
