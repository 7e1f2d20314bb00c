"""The report of a week stays what it was, and can be proved."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.chores.tables import Chore
from bot.contracts import Intent, Urgency
from bot.notices.tables import StaffNotice
from bot.people.tables import Role, Staff
from bot.reports import weekly
from bot.reports.periods import Period
from bot.settings import Settings
from bot.tickets import hours, moves
from bot.tickets.acting import Act
from bot.tickets.change import last_event_id
from bot.tickets.hours import Office
from bot.tickets.opening import open_ticket
from bot.tickets.resident_moves import rate
from bot.tickets.tables import Ticket, TicketEvent
from tests.builders import a_caseworker, a_resident
from tests.conftest import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TUESDAY = NOW - 6 * DAY  # ten in the morning
WEEK = Period(date(2026, 2, 23), date(2026, 3, 1))
Open = Callable[..., Ticket]


@pytest.fixture
def office(session: Session, settings: Settings) -> Office:
    return hours.office(session, settings)


@pytest.fixture
def worker(session: Session) -> Staff:
    return a_caseworker(session, name="王芳")


@pytest.fixture
def opened(session: Session, settings: Settings, worker: Staff) -> Open:
    def make(at: datetime = TUESDAY, topic: str = "wages") -> Ticket:
        return open_ticket(
            session, resident=a_resident(session), intent=Intent.HELP_REQUEST,
            urgency=Urgency.NORMAL, topic=topic, text="工钱没给", facts={},
            area_code="530111", now=at, settings=settings,
        ).ticket  # fmt: skip

    return make


def by(session: Session, ticket: Ticket, staff: Staff, at: datetime) -> Act:
    return Act(staff, last_event_id(session, ticket.id), at)


def done(session: Session, ticket: Ticket, staff: Staff, at: datetime) -> None:
    moves.reply(session, ticket.number, by=by(session, ticket, staff, at), text="好", once="1")
    moves.resolve(session, ticket.number, by=by(session, ticket, staff, at), outcome="已付清")


def test_a_week_is_counted_from_the_log(
    session: Session, settings: Settings, office: Office, opened: Open, worker: Staff
) -> None:
    first, second = opened(), opened(topic="health")
    opened(NOW)  # not of that week
    done(session, first, worker, TUESDAY + 3 * HOUR)
    rate(session, first, solved=True, now=TUESDAY + DAY, settings=settings)

    content = weekly.make(session, WEEK, now=NOW, office=office).content

    assert (content["opened"], content["ended"]) == (2, 1)
    assert content["replies"] == {
        "in_time": 1, "late": 0, "missed": 1, "open": 0, "median": 10800, "slow": 10800,
    }  # fmt: skip
    assert content["codes"] == {"solved": 1}
    assert content["said"] == {"yes": 1, "no": 0}
    assert content["topics"] == {"wages": 1, "health": 1}
    assert second.first_reply_at is None


def test_what_happens_later_changes_nothing_and_it_recomputes_to_the_same(
    session: Session, office: Office, opened: Open, worker: Staff
) -> None:
    ticket = opened()
    report = weekly.make(session, WEEK, now=NOW, office=office)
    before = report.digest

    done(session, ticket, worker, NOW + HOUR)
    ticket.topic, ticket.area_code = "health", "530302"
    session.flush()

    assert weekly.counted_again(session, report, office=office) == before
    assert weekly.digest_of(report.content) == before


def test_an_older_report_is_held_to_what_was_counted_then(
    session: Session, office: Office, opened: Open
) -> None:
    opened()
    report = weekly.make(session, WEEK, now=NOW, office=office)
    report.content = {key: it for key, it in report.content.items() if key != "satisfied"}
    report.digest = weekly.digest_of(report.content)

    assert weekly.counted_again(session, report, office=office) == report.digest


def test_a_bent_log_or_report_is_noticed(session: Session, office: Office, opened: Open) -> None:
    opened()
    report = weekly.make(session, WEEK, now=NOW, office=office)
    event = session.scalars(select(TicketEvent).where(TicketEvent.kind == "opened")).one()

    event.at = NOW - 30 * DAY
    session.flush()

    assert weekly.counted_again(session, report, office=office) != report.digest


def test_it_is_asked_for_once_in_working_hours_made_once_and_told_to_supervisors(
    session: Session, settings: Settings, worker: Staff
) -> None:
    boss = a_caseworker(session, role=Role.SUPERVISOR)
    night = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)  # four on Monday morning there

    asked = [
        weekly.ask_for_due(session, now=at, settings=settings) for at in (night, NOW, NOW + HOUR)
    ]
    made = [weekly.make_due(session, WEEK.first, now=NOW, settings=settings) for _ in range(2)]

    assert (asked, made) == ([0, 1, 0], [1, 0])
    assert session.execute(select(Chore.kind, Chore.subject)).all() == [("weekly", "2026-02-23")]
    assert weekly.find(session, WEEK)
    told = session.execute(select(StaffNotice.staff_id, StaffNotice.kind)).all()
    assert told == [(boss.id, "weekly_report")]
    assert weekly.ask_for_due(session, now=NOW + DAY, settings=settings) == 0


def test_a_monday_that_was_missed_is_made_up_for(session: Session, settings: Settings) -> None:
    assert weekly.ask_for_due(session, now=NOW + 2 * DAY, settings=settings) == 1
