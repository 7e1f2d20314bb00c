"""
The report of a week: frozen when it is made, and counted again from the log at any time.

Only the log is counted, and only as far as it had come: what happens later to a
ticket changes nothing in a report that was handed out.  What the log does not
say, such as where a resident lives, is kept in the report itself.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.chores import ledger as chores
from bot.db.types import JsonObject
from bot.notices.queue import notify
from bot.notices.tables import NoticeKind
from bot.people.tables import Organisation, Role, Staff
from bot.reports.dimensions import COUNTY_DIGITS
from bot.reports.periods import Period, last_week
from bot.reports.tables import ReportSnapshot
from bot.settings import Settings
from bot.tickets import hours
from bot.tickets.fold import fold
from bot.tickets.hours import Office
from bot.tickets.narrow import LANGUAGE, NONE
from bot.tickets.tables import ClockKind, CloseCode, Ticket, TicketEvent

KIND = "weekly"
CLOSING = ("closed", "rated", "called_back", "withdrawn")
Shifts = Sequence[Sequence[int]]
Traits = Mapping[int, Sequence[str]]
"""Topic, county and language of each ticket, as they were."""


def ask_for_due(session: Session, *, now: datetime, settings: Settings) -> int:
    """Have the report of last week made in the first working hours of this one."""
    office = hours.office(session, settings)
    if not hours.is_open(now, office=office):
        return 0
    period = last_week(office.day(now))
    if find(session, period) is not None:
        return 0
    return int(chores.ask(session, KIND, period.first.isoformat(), now=now))


def make_due(session: Session, first: date, *, now: datetime, settings: Settings) -> int:
    """Make the report of the week that began then, unless it is there, and tell of it."""
    office = hours.office(session, settings)
    period = Period(first, first + timedelta(days=6))
    if find(session, period) is not None:
        return 0
    make(session, period, now=now, office=office)
    supervisors = select(Staff).where(Staff.active, Staff.role == Role.SUPERVISOR)
    for staff_id in [it.id for it in session.scalars(supervisors) if may_see(session, it)]:
        once = f"{KIND}:{period.first.isoformat()}"
        notify(session, staff_id=staff_id, kind=NoticeKind.WEEKLY_REPORT, now=now, once=once)
    return 1


def may_see(session: Session, staff: Staff) -> bool:
    """
    Say whether this person may see the report, which is of the whole installation.

    A supervisor of one organisation of several sees the numbers of their own alone.
    """
    others = (Organisation.active, Organisation.id != staff.organisation_id)
    if staff.organisation_id is None:
        return True
    return session.scalar(select(Organisation.id).where(*others).limit(1)) is None


def make(session: Session, period: Period, *, now: datetime, office: Office) -> ReportSnapshot:
    """Freeze the numbers of the period as the log knows them now."""
    newest = session.scalar(select(func.max(TicketEvent.id))) or 0
    frame: JsonObject = {"made_at": now.isoformat(), "shifts": _shifts(office, period, now)}
    content = _content(session, period, newest, frame, office, traits=None)
    snapshot = ReportSnapshot(
        kind=KIND, first=period.first, last=period.last, last_event_id=newest,
        content=content, digest=digest_of(content), made_at=now,
    )  # fmt: skip
    session.add(snapshot)
    session.flush()
    return snapshot


def counted_again(session: Session, snapshot: ReportSnapshot, *, office: Office) -> str:
    """Return the hash of the same report counted from the log once more."""
    kept = snapshot.content
    frame = {"made_at": kept["made_at"], "shifts": kept["shifts"]}
    traits = {int(number): said for number, *said in kept["tickets"]}
    period = Period(snapshot.first, snapshot.last)
    content = _content(session, period, snapshot.last_event_id, frame, office, traits=traits)
    # What is counted only since then is no part of an older report.
    return digest_of({key: value for key, value in content.items() if key in kept})


def find(session: Session, period: Period) -> ReportSnapshot | None:
    """Return the report of these days, if it was made."""
    return session.scalar(
        select(ReportSnapshot).where(
            ReportSnapshot.kind == KIND,
            ReportSnapshot.first == period.first,
            ReportSnapshot.last == period.last,
        )
    )


def all_made(session: Session) -> Sequence[ReportSnapshot]:
    """Return the reports of a year, newest first."""
    made = select(ReportSnapshot).where(ReportSnapshot.kind == KIND)
    return session.scalars(made.order_by(ReportSnapshot.first.desc()).limit(53)).all()


def digest_of(content: JsonObject) -> str:
    """Return the hash of a content, however its keys are ordered."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _content(
    session: Session,
    period: Period,
    newest: int,
    frame: JsonObject,
    office: Office,
    *,
    traits: Traits | None,
) -> JsonObject:
    zone = office.settings.zone
    within = (
        TicketEvent.id <= newest,
        TicketEvent.at >= period.start(zone),
        TicketEvent.at < period.end(zone),
    )
    opened = select(TicketEvent.ticket_id).where(*within, TicketEvent.kind == "opened")
    ids = sorted(session.scalars(opened))
    known = _traits(session, ids) if traits is None else traits
    tickets: list[list[Any]] = [[number, *known.get(number, ("?", "?", "?"))] for number in ids]
    logs = _logs(session, ids, newest)
    ended = session.execute(
        select(TicketEvent.ticket_id, TicketEvent.kind, TicketEvent.data)
        .where(*within, TicketEvent.kind.in_(CLOSING))
        .order_by(TicketEvent.id)
    )
    made_at = datetime.fromisoformat(frame["made_at"])
    return {
        **frame,
        "tickets": tickets,
        "topics": _tally(row[1] for row in tickets),
        "areas": _tally(row[2] for row in tickets),
        "languages": _tally(row[3] for row in tickets),
        "opened": len(ids),
        "replies": _replies(logs, made_at, frame["shifts"]),
        **_ended(ended.all()),
    }


def _logs(session: Session, ids: Sequence[int], newest: int) -> Mapping[int, list[Any]]:
    logs: dict[int, list[Any]] = defaultdict(list)
    for start in range(0, len(ids), 500):
        rows = session.execute(
            select(TicketEvent.ticket_id, TicketEvent.kind, TicketEvent.staff_id,
                   TicketEvent.text, TicketEvent.data, TicketEvent.at)
            .where(TicketEvent.ticket_id.in_(ids[start : start + 500]), TicketEvent.id <= newest)
            .order_by(TicketEvent.id)
        )  # fmt: skip
        for row in rows:
            logs[row.ticket_id].append(row)
    return logs


def _replies(logs: Mapping[int, list[Any]], made_at: datetime, shifts: Shifts) -> JsonObject:
    """How the first answers stood to their promises, and how long they took."""
    counts, times = Counter({"in_time": 0, "late": 0, "missed": 0, "open": 0}), []
    for log in logs.values():
        standing = fold(log)
        clocks = [it for it in standing.clocks if it.kind == ClockKind.FIRST_REPLY]
        due = clocks[0].due_at if clocks else standing.reply_due_at
        first = standing.first_reply_at
        if first is None:
            counts["missed" if due is not None and due <= made_at else "open"] += 1
        else:
            counts["in_time" if due is None or first <= due else "late"] += 1
            times.append(_worked(log[0].at, first, shifts))
    times.sort()
    return {**counts, "median": _rank(times, 0.5), "slow": _rank(times, 0.9)}


def _ended(rows: Iterable[Any]) -> JsonObject:
    """How what ended did so, each ticket as it ended last; and what residents said."""
    codes: dict[int, str] = {}
    satisfied = Counter({"yes": 0, "no": 0})
    said = Counter({"yes": 0, "no": 0})
    for ticket_id, kind, data in rows:
        if data.get("satisfied") is not None:
            satisfied["yes" if data["satisfied"] else "no"] += 1
        if kind in {"rated", "called_back"}:
            said["yes" if data.get("solved") else "no"] += 1
            if not data.get("solved"):
                codes.pop(ticket_id, None)
                continue
        codes[ticket_id] = str(
            CloseCode.WITHDRAWN if kind == "withdrawn" else data.get("code", CloseCode.SOLVED)
        )
    return {
        "ended": len(codes),
        "codes": _tally(codes.values()),
        "said": dict(said),
        "satisfied": dict(satisfied),
    }


def _traits(session: Session, ids: Sequence[int]) -> Traits:
    rows = session.execute(
        select(Ticket.id, Ticket.topic, Ticket.area_code, LANGUAGE).where(Ticket.id.in_(ids))
    )
    return {
        number: (topic, area[:COUNTY_DIGITS] or NONE, said) for number, topic, area, said in rows
    }


def _shifts(office: Office, period: Period, now: datetime) -> list[list[int]]:
    day, last = period.first, office.day(now)
    found: list[list[int]] = []
    while day <= last:
        found += [[int(a.timestamp()), int(b.timestamp())] for a, b in office.shifts(day)]
        day += timedelta(days=1)
    return found


def _worked(start: datetime, end: datetime, shifts: Shifts) -> int:
    first, last = int(start.timestamp()), int(end.timestamp())
    return sum(max(min(b, last) - max(a, first), 0) for a, b in shifts)


def _rank(times: Sequence[int], share: float) -> int | None:
    """The smallest time that so large a share of all does not exceed."""
    return times[max(-int(-share * len(times) // 1), 1) - 1] if times else None


def _tally(values: Iterable[str]) -> dict[str, int]:
    return dict(Counter(values))
