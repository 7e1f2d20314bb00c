"""Practising the alarm: the duty roster is called as in a crisis, and measured the same way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from bot import audit
from bot.errors import ConflictError, InvalidInputError, NotFoundError
from bot.notices.queue import notify
from bot.notices.tables import NoticeKind
from bot.people.tables import Staff
from bot.settings import Settings
from bot.tickets import routing
from bot.tickets.alarm.ladder import next_of
from bot.tickets.alarm.tables import Drill, Page
from bot.tickets.clocks.rules import load_rules

ROUNDS = 2
"""After so many rounds of the ladder a drill ends by itself: nobody came."""
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Measured:
    """How an alarm went."""

    id: int
    number: str
    """Of the ticket; empty for a drill."""
    started_at: datetime
    accepted_at: datetime | None
    accepted_by: str
    called: tuple[str, ...]
    """Who was called, in order."""
    ended_at: datetime | None = None

    @property
    def took(self) -> timedelta | None:
        """From the first call to the acceptance."""
        return self.accepted_at - self.started_at if self.accepted_at else None


def start(session: Session, *, now: datetime, by: Staff | None) -> Drill:
    """
    Start a drill and call the first of the ladder.

    Raises:
        ConflictError: one is under way.
        InvalidInputError: there is nobody to call.
    """
    if session.scalar(_under_way().limit(1)) is not None:
        msg = "有一次演练还没结束。"
        raise ConflictError(msg)
    drill = Drill(started_at=now, started_by_id=by.id if by else None)
    session.add(drill)
    session.flush()
    if not _call_next(session, drill, now):
        msg = "值班表上没有人，演练叫不到人。请先排班。"
        raise InvalidInputError(msg)
    audit.record(
        session, deed="drill.start", now=now, staff_id=drill.started_by_id, subject=str(drill.id)
    )
    return drill


def call_next(session: Session, *, now: datetime, settings: Settings) -> int:
    """Call the next in every drill that nobody has accepted in time."""
    del settings
    done = 0
    for drill in session.scalars(_under_way().with_for_update(skip_locked=True)).all():
        last = session.scalar(select(func.max(Page.paged_at)).where(Page.drill_id == drill.id))
        if last is None or last <= now - load_rules().page:
            if not _call_next(session, drill, now):
                drill.ended_at = now
            done += 1
    session.flush()
    return done


def accept(session: Session, drill_id: int, *, by: Staff, now: datetime) -> Drill:
    """
    Note that somebody who was called is there; a second time changes nothing.

    Raises:
        NotFoundError: there is no such drill, or this person was not called.
    """
    drill = session.get(Drill, drill_id, with_for_update=True)
    called = select(Page.id).where(Page.drill_id == drill_id, Page.staff_id == by.id)
    if drill is None or session.scalar(called.limit(1)) is None:
        raise NotFoundError(str(drill_id))
    if drill.accepted_at is None and drill.ended_at is None:
        drill.accepted_at, drill.accepted_by_id = now, by.id
        session.execute(
            update(Page)
            .where(Page.drill_id == drill.id, Page.accepted_at.is_(None))
            .values(accepted_at=now, accepted_by_id=by.id)
        )
    return drill


def drills(session: Session) -> list[Measured]:
    """Return the newest drills and how they went, the newest first."""
    rows = session.scalars(select(Drill).order_by(Drill.id.desc()).limit(SHOWN)).all()
    names = _names(session)
    called = _called(session, [row.id for row in rows], names)
    return [
        Measured(
            row.id,
            "",
            row.started_at,
            row.accepted_at,
            names.get(row.accepted_by_id or 0, ""),
            called.get(row.id, ()),
            row.ended_at,
        )
        for row in rows
    ]


def waiting_for(session: Session, staff: Staff) -> Drill | None:
    """Return the drill that this person has been called to and nobody has accepted."""
    called = select(Page.drill_id).where(Page.staff_id == staff.id)
    return session.scalar(_under_way().where(Drill.id.in_(called)).limit(1))


def _call_next(session: Session, drill: Drill, now: datetime) -> bool:
    calls = session.scalars(
        select(Page.staff_id).where(Page.drill_id == drill.id).order_by(Page.id)
    ).all()
    ladder = routing.ladder(session, service="", area_code="", now=now)
    if not ladder or len(calls) >= ROUNDS * len(ladder):
        return False
    this_round = calls[len(calls) // len(ladder) * len(ladder) :]
    staff_id = next_of(ladder, this_round, calls[-1] if calls else None)
    if staff_id is None:
        return False
    rung = len(calls) + 1
    session.add(Page(drill_id=drill.id, staff_id=staff_id, rung=rung, paged_at=now))
    session.flush()
    once = f"drill:{drill.id}:{rung}"
    notify(session, staff_id=staff_id, kind=NoticeKind.DRILL, now=now, urgent=True, once=once)
    return True


def _under_way() -> Select[Drill]:
    return select(Drill).where(Drill.accepted_at.is_(None), Drill.ended_at.is_(None))


def _names(session: Session) -> dict[int, str]:
    return dict(session.execute(select(Staff.id, Staff.name)).all())


def _called(
    session: Session, drill_ids: Sequence[int], names: dict[int, str]
) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    pages = select(Page).where(Page.drill_id.in_(drill_ids)).order_by(Page.id)
    for page in session.scalars(pages):
        name = names.get(page.staff_id, "")
        found[page.drill_id or 0] = (*found.get(page.drill_id or 0, ()), name)
    return found
