"""Files of tickets: kept encrypted for a day, handed only to who asked for them."""

import hashlib
import io
import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from bot import audit, kept_files
from bot.chores import ledger as chores
from bot.errors import InvalidInputError, NotFoundError
from bot.people.tables import Staff
from bot.privacy.tables import BY_REQUEST, Erasure
from bot.reports import exporting
from bot.reports.tables import Export, ExportState
from bot.settings import Settings
from bot.tickets import hours
from bot.tickets import narrow as narrowing
from bot.tickets.narrow import Narrow
from bot.tickets.tables import Ticket

FOLDER = "exports"
KEPT = timedelta(hours=24)
CHORE = "export"
SHEETS = "openpyxl."
"""How its files begin."""
LONGEST_WRITING = timedelta(minutes=30)
SHORTEST_REASON = 4
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Asking:
    """What somebody wants in their file."""

    narrow: Narrow
    narrowed: str
    """The same in words."""
    columns: Sequence[str]
    with_words: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Written:
    """A file that is there."""

    rows: int
    digest: str


def count(session: Session, staff: Staff, *, narrow: Narrow, now: datetime) -> int:
    """Return how many tickets the file would hold."""
    conditions = narrowing.conditions(narrow, now=now)
    wanted = select(func.count()).select_from(Ticket)
    return session.scalar(wanted.where(exporting.may_have(staff), *conditions)) or 0


def ask(session: Session, staff: Staff, asking: Asking, *, now: datetime) -> Export:
    """
    Put a file on the list of those to be written.

    Raises:
        InvalidInputError: nobody said what it is for.
    """
    reason = asking.reason.strip()
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        msg = f"请写清楚用途，{SHORTEST_REASON}到{LONGEST_REASON}个字。用途会记入操作记录。"
        raise InvalidInputError(msg)
    export = Export(
        staff_id=staff.id,
        asked_at=now,
        lease_until=now,
        narrow={"keys": dict(asking.narrow.values), "words": asking.narrowed},
        columns=exporting.chosen(asking.columns, with_words=asking.with_words),
        with_messages=asking.with_words,
        reason=reason,
    )
    session.add(export)
    session.flush()
    chores.ask(session, CHORE, str(export.id), now=now)
    return export


def is_wanted(session: Session, export_id: int) -> bool:
    """Say whether the file is still to be written."""
    return session.get_one(Export, export_id).state == ExportState.QUEUED


def give_up(session: Session, export_id: int) -> None:
    """Note that the file cannot be written."""
    session.get_one(Export, export_id).state = ExportState.FAILED


def write(session: Session, export_id: int, *, now: datetime, settings: Settings) -> Written:
    """Write the file, encrypted; only reads the database."""
    export = session.get_one(Export, export_id)
    staff = session.get_one(Staff, export.staff_id)
    narrow = narrowing.read(export.narrow["keys"], zone=settings.zone)
    from bot.reports import spreadsheet  # noqa: PLC0415 (see there)

    columns = list(export.columns)
    about = _about(export, staff, now.astimezone(settings.zone))
    rows = exporting.rows(
        session, staff, narrow=narrow, columns=columns, now=now,
        office=hours.office(session, settings),
    )  # fmt: skip
    made = io.BytesIO()
    number = spreadsheet.write(
        made, exporting.sheet(columns), rows, about=about, zone=settings.zone
    )
    kept_files.put(path_of(export, settings), made.getvalue())
    return Written(number, hashlib.sha256(made.getvalue()).hexdigest())


def finish(session: Session, export_id: int, written: Written, *, now: datetime) -> None:
    """Note that the file is there, in the record too: what was taken, how much, and its hash."""
    export = session.get_one(Export, export_id)
    export.state = ExportState.READY
    export.rows, export.digest = written.rows, written.digest
    export.ready_at, export.expires_at = now, now + KEPT
    _record(session, export, "export.ready", now)


def fetch(session: Session, export_id: int, staff: Staff, *, now: datetime) -> Export:
    """
    Return a file that may be handed to this person, and record that it was.

    Raises:
        NotFoundError: there is none, it is another's, or its day is over.
    """
    export = session.get(Export, export_id)
    if (
        export is None
        or export.staff_id != staff.id
        or export.state != ExportState.READY
        or export.expires_at is None
        or export.expires_at <= now
    ):
        raise NotFoundError(str(export_id))
    _record(session, export, "export.fetch", now)
    return export


def expire(session: Session, *, now: datetime, settings: Settings) -> int:
    """Take away the files whose day is over, or that may hold what was deleted since."""
    deleted = exists().where(Erasure.why == BY_REQUEST, Erasure.at >= Export.asked_at)
    over = or_(Export.expires_at <= now, deleted)
    sweep_unfinished(now)
    old = session.scalars(select(Export).where(Export.state == ExportState.READY, over)).all()
    for export in old:
        path_of(export, settings).unlink(missing_ok=True)
        export.state = ExportState.EXPIRED
    return len(old)


def sweep_unfinished(now: datetime) -> None:
    """
    Delete the sheets of a process that was killed while it wrote a file.

    The library keeps them readable in the folder for temporary files until it is done.
    """
    for left in Path(tempfile.gettempdir()).glob(f"{SHEETS}*"):
        with suppress(OSError):  # somebody else's, or gone just now
            if left.stat().st_uid == os.getuid() and left.stat().st_mtime < _longest_ago(now):
                left.unlink()


def _longest_ago(now: datetime) -> float:
    return (now - LONGEST_WRITING).timestamp()


def own(session: Session, staff: Staff) -> Sequence[Export]:
    """Return the last files this person asked for, newest first."""
    mine = select(Export).where(Export.staff_id == staff.id)
    return session.scalars(mine.order_by(Export.id.desc()).limit(20)).all()


def path_of(export: Export, settings: Settings) -> Path:
    """Return where the file lies."""
    return settings.service.data_dir / FOLDER / f"{export.id}.xlsx"


def _about(export: Export, staff: Staff, at: datetime) -> list[tuple[str, str]]:
    return [
        ("内容", export.narrow["words"] or "全部工单"),
        ("谁导出", staff.name),
        ("什么时候", f"{at:%Y-%m-%d %H:%M}"),
        ("用途", export.reason),
        (
            "注意",
            "一行一件工单。保密通道的工单不在里面。文件里有居民的信息，用完请删掉，不要转发。",
        ),
    ]


def _record(session: Session, export: Export, deed: str, now: datetime) -> None:
    audit.record(
        session,
        deed=deed,
        now=now,
        staff_id=export.staff_id,
        subject=f"export:{export.id}",
        narrow=export.narrow["keys"],
        columns=export.columns,
        rows=export.rows,
        sha256=export.digest,
    )
