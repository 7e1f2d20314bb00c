"""Wishes that nobody sees to: late ones, and those of an organisation without supervisor."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.people.tables import Organisation, Resident
from bot.privacy.requests import deciders, tell_staff, told
from bot.privacy.tables import DataRequest, RequestState
from bot.settings import Settings
from bot.tickets.supervisors import admins

SOON = timedelta(days=3)
"""So long before a wish is due, whoever decides is told again; once it is late, the admins too."""


def remind(session: Session, *, now: datetime, settings: Settings) -> int:
    """Tell again of what is due in some days, and the admins too of what is late; a job."""
    del settings
    rows = session.execute(
        select(DataRequest, Resident)
        .join(Resident, Resident.id == DataRequest.resident_id)
        .where(DataRequest.state == RequestState.OPEN, DataRequest.due_at <= now + SOON)
    ).all()
    done = 0
    for asked, resident in rows:
        late = asked.due_at <= now
        who = {*told(session, resident), *(admins(session) if late else ())}
        once = f"data:{asked.id}:{'late' if late else 'soon'}"
        done += tell_staff(session, sorted(who), once, now)
    return done


def nobodys(session: Session) -> Sequence[tuple[DataRequest, Resident, str]]:
    """Return the open wishes of residents whose organisation has no supervisor, with its name."""
    rows = session.execute(
        select(DataRequest, Resident, Organisation.name)
        .join(Resident, Resident.id == DataRequest.resident_id)
        .outerjoin(Organisation, Organisation.id == Resident.organisation_id)
        .where(DataRequest.state == RequestState.OPEN)
        .order_by(DataRequest.due_at, DataRequest.id)
    ).all()
    return [
        (asked, resident, name or "")
        for asked, resident, name in rows
        if not deciders(session, resident)
    ]
