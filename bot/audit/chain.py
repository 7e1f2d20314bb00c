"""
The record as a chain: each row's hash holds the hash before it, so an edit or a gap shows.

Rows are written without a place, which costs no lock, and taken up some seconds
later in batches.  Whoever can write to the database past its triggers could
compute the whole chain anew: only a head that is kept elsewhere (`audit head`,
the worker's log) shows that, and shows that the end was cut off.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, bindparam, func, select, update
from sqlalchemy.orm import Session

from bot.audit import WAITING, AuditEvent
from bot.db.types import JsonObject

BATCH = 200
# Any number will do, as long as it is always the same one, and not the migrations'.
ADVISORY_LOCK = 6_120_042
NOTHING = "0" * 64
CONTENT = (
    *(AuditEvent.id, AuditEvent.staff_id, AuditEvent.deed, AuditEvent.subject),
    *(AuditEvent.data, AuditEvent.at, AuditEvent.place, AuditEvent.digest),
)
Stored = Row[int, int | None, str, str, JsonObject, datetime, int | None, str | None]


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: how many rows it has, and the last one's hash."""

    place: int = 0
    digest: str = NOTHING

    def __str__(self) -> str:
        """As `audit head` prints it and `audit verify --head` takes it."""
        return f"{self.place}:{self.digest}"


@dataclass(frozen=True, slots=True)
class Broken:
    """The first row at which the chain does not hold."""

    place: int
    why: str
    row_id: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking the whole chain came to."""

    head: Head
    """As far as it holds."""
    broken: Broken | None
    waiting: int
    """Rows that are not in the chain yet."""
    waiting_since: datetime | None


def waiting(session: Session) -> bool:
    """Say whether rows are to be taken up; asked often, it must not hold up a writer."""
    return session.scalar(select(AuditEvent.id).where(WAITING).limit(1)) is not None


def head(session: Session) -> Head:
    """Return the end of the chain as it is stored."""
    last = (
        select(AuditEvent.place, AuditEvent.digest)
        .where(AuditEvent.place.is_not(None))
        .order_by(AuditEvent.place.desc())
        .limit(1)
    )
    found = session.execute(last).one_or_none()
    return Head(found.place, found.digest) if found else Head()


def take_up(session: Session, *, most: int = BATCH) -> Head:
    """
    Put waiting rows at the end of the chain, in the order of their ids, and return the new end.

    A row that was committed late, behind one with a higher id, comes after it.
    One process at a time: the write lock of SQLite, a named lock of PostgreSQL.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(ADVISORY_LOCK)))
    end = head(session)
    rows = session.execute(select(*CONTENT).where(WAITING).order_by(AuditEvent.id).limit(most))
    links = []
    for row in rows.all():
        end = Head(end.place + 1, _digest(row, end))
        links.append({"row": row.id, "new_place": end.place, "new_digest": end.digest})
    if links:
        table = AuditEvent.__table__
        filled = update(AuditEvent).where(table.c.id == bindparam("row"))
        filled = filled.values(place=bindparam("new_place"), digest=bindparam("new_digest"))
        session.connection().execute(filled, links)
    return end


def verify(session: Session, *, kept: Mapping[int, str] | None = None) -> Verdict:
    """
    Compute the chain anew and say where it first breaks.

    *kept* are heads that were noted elsewhere, hash by place: the chain must have
    had each of them, and still reach that far.
    """
    end, broken = Head(), None
    wanted = dict(kept or {})
    chained = select(*CONTENT).where(AuditEvent.place.is_not(None)).order_by(AuditEvent.place)
    rows = session.execute(chained.execution_options(yield_per=BATCH))
    for row in rows:
        broken = _flaw(row, end, wanted.pop(end.place + 1, None))
        if broken:
            break
        end = Head(end.place + 1, row.digest or NOTHING)
    rows.close()
    if wanted and not broken:
        far = max(wanted)
        broken = Broken(end.place + 1, f"the chain ends here, but had a row {far}: cut off")
    count, since = session.execute(
        select(func.count(), func.min(AuditEvent.at)).where(WAITING)
    ).one()
    return Verdict(end, broken, count, since)


def _flaw(row: Stored, end: Head, kept: str | None) -> Broken | None:
    place = end.place + 1
    if row.place != place:
        last = (row.place or place) - 1
        return Broken(place, f"rows {place} to {last} of the chain are gone", row.id)
    if row.digest != _digest(row, end):
        return Broken(place, "the row is not what was chained", row.id)
    if kept is not None and row.digest != kept:
        return Broken(place, "the chain was computed anew: its hash is not the one kept", row.id)
    return None


def _digest(row: Stored, before: Head) -> str:
    content = [
        *(before.digest, before.place + 1, row.id, row.staff_id, row.deed, row.subject),
        *(row.data, row.at.isoformat(timespec="microseconds")),
    ]
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()
