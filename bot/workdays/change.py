"""Changing the calendar, each change in the record."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot import audit
from bot.errors import InvalidInputError, NotFoundError
from bot.people.tables import Staff
from bot.workdays.calendar import Calendar, days_of
from bot.workdays.holidays import LAW_SINCE
from bot.workdays.lists import AnnouncedList
from bot.workdays.tables import LONGEST_WHY, OWN, CalendarChange, CalendarDay

FURTHEST = timedelta(days=2 * 366)


@dataclass(frozen=True, slots=True)
class Change:
    """A day that is worked from now on and was not, or the other way round."""

    day: date
    works: bool
    why: str


def own_days(session: Session, year: int) -> Sequence[tuple[CalendarDay, str]]:
    """Return the days of our own in a year, each with the name of who said so."""
    rows = session.execute(
        select(CalendarDay, Staff.name)
        .outerjoin(Staff, Staff.id == CalendarDay.staff_id)
        .where(
            CalendarDay.list_year == OWN,
            CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31)),
        )
        .order_by(CalendarDay.day)
    )
    return [(row, name or "") for row, name in rows]


def put_day(
    session: Session, day: date, *, works: bool, why: str, by: Staff, now: datetime
) -> None:
    """
    Say that a day is worked or not, whatever else is said of it.

    Raises:
        InvalidInputError: the day is too far off, or no reason is given.
    """
    if day.year < LAW_SINCE or day > now.date() + FURTHEST:
        msg = f"日期 {day} 太早或太远，请核对年份。"
        raise InvalidInputError(msg)
    why = why.strip()
    if not 0 < len(why) <= LONGEST_WHY:
        msg = f"说明要有 1 到 {LONGEST_WHY} 个字，写给同事看的，例如 火把节。"
        raise InvalidInputError(msg)
    session.merge(
        CalendarDay(day=day, list_year=OWN, works=works, why=why, staff_id=by.id, noted_at=now)
    )
    said = f"{day} {'上班' if works else '放假'}"
    session.add(CalendarChange(at=now))
    audit.record(session, deed="calendar.put", now=now, staff_id=by.id, subject=said)


def remove_day(session: Session, day: date, *, by: Staff, now: datetime) -> None:
    """
    Take back a day of our own; then the announcement or its weekday counts again.

    Raises:
        NotFoundError: there is none.
    """
    row = session.get(CalendarDay, (day, OWN))
    if row is None:
        msg = "这一天已经撤回了。"
        raise NotFoundError(msg)
    session.delete(row)
    session.add(CalendarChange(at=now))
    audit.record(session, deed="calendar.remove", now=now, staff_id=by.id, subject=str(day))


def changes(calendar: Calendar, announced: AnnouncedList) -> list[Change]:
    """Return what the list would change."""
    after = replace(calendar, lists={**calendar.lists, announced.year: announced.days})
    before_it = [day for day in announced.days if day.year < announced.year]
    found = []
    for day in [*sorted(before_it), *days_of(announced.year)]:
        works, mark = after.works(day), after.mark(day)
        if works != calendar.works(day):
            found.append(Change(day, works, mark.why if mark else ""))
    return found


def load_list(
    session: Session, announced: AnnouncedList, *, by: Staff | None, now: datetime
) -> None:
    """Put the list in place of whatever was known of its year; days of our own stay."""
    staff_id = by.id if by else None
    session.execute(delete(CalendarDay).where(CalendarDay.list_year == announced.year))
    session.add_all(
        CalendarDay(
            day=day,
            list_year=announced.year,
            works=mark.works,
            why=mark.why,
            staff_id=staff_id,
            noted_at=now,
        )
        for day, mark in announced.days.items()
    )
    session.add(CalendarChange(at=now))
    audit.record(
        session, deed="calendar.load", now=now, staff_id=staff_id, subject=str(announced.year)
    )


def drop_list(session: Session, year: int, *, by: Staff, now: datetime) -> None:
    """
    Take a loaded list back; what is built in counts again.

    Raises:
        NotFoundError: there is none.
    """
    gone = session.scalars(
        delete(CalendarDay)
        .where(CalendarDay.list_year == year, CalendarDay.list_year != OWN)
        .returning(CalendarDay.day)
    ).all()
    if not gone:
        msg = "这一年没有载入过放假安排。"
        raise NotFoundError(msg)
    session.add(CalendarChange(at=now))
    audit.record(session, deed="calendar.drop", now=now, staff_id=by.id, subject=str(year))
