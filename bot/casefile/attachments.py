"""Files staff put into a ticket: kept apart from everything that is served as a page."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import kept_files
from bot.casefile.papers import clean_name, read
from bot.casefile.tables import Attachment, CaseTask
from bot.errors import InvalidInputError, NotAllowedError, NotFoundError
from bot.people.tables import Role, Staff
from bot.settings import Settings
from bot.tickets.change import note_event
from bot.tickets.scope import visible
from bot.tickets.sharing import refuse_unconsented
from bot.tickets.tables import Ticket

FOLDER = "attachments"
MOST = 50
"""Per ticket, removed ones not counted."""
RESTORABLE = timedelta(days=7)
AT_A_TIME = 100


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file as it came, under the name staff gave it."""

    name: str
    content: bytes
    task_id: int | None = None
    """The visit it was made on."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A file as the page of a ticket lists it."""

    file: Attachment
    by: str

    @property
    def is_picture(self) -> bool:
        """Whether a browser can show it small."""
        return self.file.content_type.startswith("image/")


def of_ticket(session: Session, ticket: Ticket) -> Sequence[Listed]:
    """Return the ticket's files, the newest first; removed ones while they can be restored."""
    rows = session.execute(
        select(Attachment, Staff.name)
        .join(Staff, Staff.id == Attachment.staff_id)
        .where(Attachment.ticket_id == ticket.id, Attachment.path != "")
        .order_by(Attachment.removed_at.is_not(None), Attachment.id.desc())
    )
    return [Listed(file, name) for file, name in rows]


def of_task(session: Session, task: CaseTask) -> Sequence[Attachment]:
    """Return the files made on a visit, the newest first."""
    return session.scalars(
        select(Attachment)
        .where(Attachment.task_id == task.id, Attachment.removed_at.is_(None))
        .order_by(Attachment.id.desc())
    ).all()


def add(
    session: Session, ticket: Ticket, file: Incoming, *, folder: Path, by: Staff, now: datetime
) -> Attachment:
    """
    Keep a file below the data *folder* for a ticket that *by* may see; the same one once.

    Raises:
        InvalidInputError: papers.read refuses it, the ticket has too many, or is about what
            needs a consent that nobody gave.
    """
    refuse_unconsented(session, ticket)
    paper = read(file.content)
    digest = hashlib.sha256(paper.content).hexdigest()
    kept = _kept(session, ticket, digest)
    if kept is not None:
        return kept
    _refuse_more(session, ticket)
    row = Attachment(
        ticket_id=ticket.id,
        task_id=file.task_id,
        name=clean_name(file.name, paper.extension),
        path=kept_files.write(folder / FOLDER, paper.content, paper.extension),
        content_type=paper.content_type,
        size=len(paper.content),
        digest=digest,
        staff_id=by.id,
        at=now,
    )
    session.add(row)
    session.flush()
    note_event(session, ticket, "file_added", now=now, staff=by, attachment_id=row.id)
    return row


def find(session: Session, attachment_id: int, staff: Staff) -> tuple[Attachment, Ticket]:
    """
    Return the file's row with its ticket.

    Raises:
        NotFoundError: there is none, or this person may not see its ticket.
    """
    row = session.execute(
        select(Attachment, Ticket)
        .join(Ticket, Ticket.id == Attachment.ticket_id)
        .where(Attachment.id == attachment_id, Attachment.path != "", visible(staff))
    ).one_or_none()
    if row is None:
        raise NotFoundError(str(attachment_id))
    return row[0], row[1]


def remove(session: Session, attachment_id: int, *, by: Staff, now: datetime) -> Ticket:
    """
    Take a file out; its bytes go after a week, until then it can be put back.

    Raises:
        NotAllowedError: somebody else added it, and this person is no supervisor.
    """
    file, ticket = find(session, attachment_id, by)
    _refuse_unless_own(file, by)
    if file.removed_at is None:
        file.removed_at, file.removed_by_id = now, by.id
        note_event(session, ticket, "file_removed", now=now, staff=by, attachment_id=file.id)
    return ticket


def restore(session: Session, attachment_id: int, *, by: Staff, now: datetime) -> Ticket:
    """Put a removed file back."""
    file, ticket = find(session, attachment_id, by)
    _refuse_unless_own(file, by)
    if file.removed_at is not None:
        file.removed_at = file.removed_by_id = None
        note_event(session, ticket, "file_restored", now=now, staff=by, attachment_id=file.id)
    return ticket


def sweep_files(session: Session, *, now: datetime, settings: Settings) -> int:
    """Delete the bytes of what was removed a week ago; a file that is gone already is fine."""
    old = session.scalars(
        select(Attachment)
        .where(Attachment.removed_at <= now - RESTORABLE, Attachment.path != "")
        .order_by(Attachment.id)
        .limit(AT_A_TIME)
        .with_for_update(skip_locked=True)
    ).all()
    for file in old:
        (settings.service.data_dir / FOLDER / file.path).unlink(missing_ok=True)
        file.path = file.name = ""
    return len(old)


def _kept(session: Session, ticket: Ticket, digest: str) -> Attachment | None:
    return session.scalar(
        select(Attachment).where(
            Attachment.ticket_id == ticket.id,
            Attachment.digest == digest,
            Attachment.removed_at.is_(None),
        )
    )


def _refuse_more(session: Session, ticket: Ticket) -> None:
    counted = select(func.count()).where(
        Attachment.ticket_id == ticket.id, Attachment.removed_at.is_(None)
    )
    if (session.scalar(counted) or 0) >= MOST:
        msg = f"一件工单最多{MOST}个附件，请先移走用不着的。"
        raise InvalidInputError(msg)


def _refuse_unless_own(file: Attachment, by: Staff) -> None:
    if file.staff_id != by.id and by.role != Role.SUPERVISOR:
        msg = "只有传的人和督导能移走这个附件。"
        raise NotAllowedError(msg)
