"""The notice of how we use what people tell us: what was shown, and what they said to it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.privacy.tables import Consent, ConsentKind


def note(
    session: Session,
    resident_id: int,
    kind: ConsentKind,
    *,
    version: str,
    given: bool,
    now: datetime,
) -> None:
    """Write down a yes or a no; the same again adds nothing."""
    last = latest(session, resident_id, kind)
    if last is None or (last.version, last.given) != (version, given):
        session.add(
            Consent(resident_id=resident_id, kind=kind, version=version, given=given, at=now)
        )
        session.flush()


def latest(session: Session, resident_id: int, kind: ConsentKind) -> Consent | None:
    """Return what they said last; None: nothing yet."""
    return session.scalars(
        select(Consent)
        .where(Consent.resident_id == resident_id, Consent.kind == kind)
        .order_by(Consent.id.desc())
        .limit(1)
    ).first()
