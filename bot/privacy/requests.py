"""A resident's wish to have something mended or deleted, and what becomes of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot import outbox, wording_personal
from bot.audit import record
from bot.errors import ConflictError, InvalidInputError, NotFoundError
from bot.notices.queue import notify
from bot.notices.tables import NoticeKind
from bot.people.tables import Resident, Role, Staff
from bot.privacy.erasure import erase_resident, hindrance
from bot.privacy.tables import DataRequest, RequestKind, RequestState
from bot.tickets.supervisors import admins
from bot.tickets.tables import Ticket

WITHIN = timedelta(days=15)
"""By then it is done, or the resident is told why not."""


def ask(
    session: Session, resident: Resident, kind: RequestKind, *, now: datetime, text: str = ""
) -> DataRequest:
    """Write the wish down, once while it is open, and tell who decides it."""
    known = _open(session, resident.id, kind)
    if known is not None:
        known.text = "\n".join(filter(None, (known.text, text)))
        return known
    asked = DataRequest(
        resident_id=resident.id, kind=kind, text=text, asked_at=now, due_at=now + WITHIN
    )
    session.add(asked)
    session.flush()
    record(session, deed=f"data.{kind}", now=now, subject=f"resident:{resident.id}")
    tell_staff(session, told(session, resident), f"data:{asked.id}", now)
    return asked


def take_back(session: Session, resident: Resident, kind: RequestKind, *, now: datetime) -> bool:
    """Let the resident have changed their mind; say whether there was anything open."""
    known = _open(session, resident.id, kind)
    if known is None:
        return False
    known.state, known.decided_at = RequestState.WITHDRAWN, now
    return True


def deciders(session: Session, resident: Resident) -> Sequence[int]:
    """Return who decides for this resident: the supervisors of their organisation."""
    every = select(Staff.id).where(Staff.active, Staff.role == Role.SUPERVISOR)
    if resident.organisation_id is None:
        return session.scalars(every).all()
    theirs = or_(
        Staff.organisation_id == resident.organisation_id, Staff.organisation_id.is_(None)
    )
    return session.scalars(every.where(theirs)).all()


def told(session: Session, resident: Resident) -> Sequence[int]:
    """Return who learns of a wish: who decides it; the admins, where there is nobody."""
    return deciders(session, resident) or admins(session)


def seconds(session: Session, asked: DataRequest, resident: Resident) -> Sequence[int]:
    """
    Return who may be the second to agree to a deletion.

    The other supervisors; where there is none, the admins, who see that somebody is to be
    deleted and who agreed, and nothing of the matter.
    """
    others = [it for it in deciders(session, resident) if it != asked.agreed_by_id]
    if others:
        return others
    return [it for it in admins(session) if it != asked.agreed_by_id]


def waiting_for(session: Session, admin: Staff) -> Sequence[tuple[DataRequest, Resident, str]]:
    """Return the deletions that wait for an admin, each with who agreed first; empty: nobody."""
    rows = session.execute(
        select(DataRequest, Resident, Staff.name)
        .join(Resident, Resident.id == DataRequest.resident_id)
        .outerjoin(Staff, Staff.id == DataRequest.agreed_by_id)
        .where(DataRequest.state == RequestState.OPEN, DataRequest.kind == RequestKind.ERASE)
        .order_by(DataRequest.due_at, DataRequest.id)
    ).all()
    return [
        (asked, resident, name or "")
        for asked, resident, name in rows
        if _may_now(session, admin, asked, resident)
    ]


def open_for(session: Session, staff: Staff) -> Sequence[tuple[DataRequest, Resident]]:
    """Return the open wishes this person may decide, the one due first at the top."""
    rows = session.execute(
        select(DataRequest, Resident)
        .join(Resident, Resident.id == DataRequest.resident_id)
        .where(DataRequest.state == RequestState.OPEN)
        .order_by(DataRequest.due_at, DataRequest.id)
    )
    return [(asked, resident) for asked, resident in rows if _may(staff, resident)]


def decide(
    session: Session,
    request_id: int,
    *,
    by: Staff,
    granted: bool,
    answer: str,
    now: datetime,
) -> DataRequest:
    """
    Do what was asked, or say why not; the resident is told.

    A deletion cannot be undone: the first who agrees only opens it for a second.

    Raises:
        NotFoundError: there is no such wish, or this person may not decide it.
        ConflictError: it is decided.
        InvalidInputError: a reason is missing, a ticket is not over yet, or this
            person was the first to agree.
    """
    asked, resident = _taken(session, request_id, by)
    words = answer.strip()
    if not words and not (granted and asked.kind == RequestKind.ERASE):
        msg = "请写一句话告诉居民：改了什么，或者为什么不能。"
        raise InvalidInputError(msg)
    erases = granted and asked.kind == RequestKind.ERASE
    if erases and not _second(session, asked, resident, by, now):
        return asked
    asked.state = RequestState.DONE if granted else RequestState.REFUSED
    asked.decided_at, asked.decided_by_id, asked.answer = now, by.id, words
    deed = f"data.{asked.kind}.{asked.state}"
    record(session, deed=deed, now=now, staff_id=by.id, subject=f"resident:{resident.id}")
    if erases:
        erase_resident(session, resident, by=by, now=now)
    else:
        _tell(session, asked, now)
    return asked


def _tell(session: Session, asked: DataRequest, now: datetime) -> None:
    granted = asked.state == RequestState.DONE
    told = wording_personal.DATA_DONE if granted else wording_personal.DATA_REFUSED
    outbox.enqueue(
        session, resident_id=asked.resident_id, text=told.format(answer=asked.answer), now=now,
        staff_id=asked.decided_by_id, by_machine=False, once_key=f"data:{asked.id}",
    )  # fmt: skip


def _second(
    session: Session, asked: DataRequest, resident: Resident, by: Staff, now: datetime
) -> bool:
    """Say whether this is the second of two to agree; the first is noted, and others are told."""
    if asked.agreed_by_id == by.id:
        msg = "您已经同意过了。删了找不回来，要另一位来确认：别的督导，没有的话是管理员。"
        raise InvalidInputError(msg)
    if asked.agreed_by_id is not None:
        return True
    if why := hindrance(session, _tickets(session, resident)):
        raise InvalidInputError(why)
    asked.agreed_by_id = by.id
    subject = f"resident:{resident.id}"
    record(session, deed="data.erase.agreed", now=now, staff_id=by.id, subject=subject)
    tell_staff(session, seconds(session, asked, resident), f"data:{asked.id}:second", now)
    return False


def tell_staff(session: Session, whom: Sequence[int], once: str, now: datetime) -> int:
    """Tell each of them, once; return how many did not know yet."""
    kind = NoticeKind.DATA_REQUEST
    return sum(notify(session, staff_id=it, kind=kind, now=now, once=once) for it in whom)


def _taken(session: Session, request_id: int, by: Staff) -> tuple[DataRequest, Resident]:
    asked = session.get(DataRequest, request_id, with_for_update=True)
    resident = session.get(Resident, asked.resident_id) if asked else None
    if asked is None or resident is None or not _may_now(session, by, asked, resident):
        raise NotFoundError(str(request_id))
    if asked.state != RequestState.OPEN:
        msg = "这一条已经有人办了。"
        raise ConflictError(msg)
    return asked, resident


def _tickets(session: Session, resident: Resident) -> Sequence[Ticket]:
    return session.scalars(select(Ticket).where(Ticket.resident_id == resident.id)).all()


def _may_now(session: Session, staff: Staff, asked: DataRequest, resident: Resident) -> bool:
    if staff.role != Role.ADMIN:
        return _may(staff, resident)
    if asked.kind != RequestKind.ERASE:
        return False  # it is said in words, which are not theirs to read
    if asked.agreed_by_id is None:
        return not deciders(session, resident)
    return staff.id in seconds(session, asked, resident)


def _may(staff: Staff, resident: Resident) -> bool:
    own = {None, resident.organisation_id}
    everywhere = resident.organisation_id is None or staff.organisation_id in own
    return staff.role == Role.SUPERVISOR and everywhere


def _open(session: Session, resident_id: int, kind: RequestKind) -> DataRequest | None:
    return session.scalars(
        select(DataRequest)
        .where(
            DataRequest.resident_id == resident_id,
            DataRequest.kind == kind,
            DataRequest.state == RequestState.OPEN,
        )
        .with_for_update()
    ).first()
