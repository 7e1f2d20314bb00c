"""What is counted, and how long things took."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.contracts import Intent, Urgency
from bot.reports.breakdown import Row
from bot.reports.dimensions import DIMENSIONS
from bot.reports.measures import Asked, Opened, ended, opened
from bot.reports.periods import Period, custom, last_week, named
from bot.reports.topics import hot
from bot.reports.trend import trend
from bot.settings import Settings
from bot.tickets.change import heard, note_event
from bot.tickets.opening import open_ticket
from bot.tickets.tables import CloseCode, Ticket, TicketEvent
from tests.builders import a_caseworker, a_resident, a_ticket
from tests.conftest import NOW

Ask = Callable[..., Asked]
TODAY = date(2026, 3, 2)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONTH = named("30d", TODAY)


def answered(session: Session, hours: float, *, before: timedelta = DAY, **columns: Any) -> Ticket:
    """Opened on a working morning, and answered so many hours later."""
    start = NOW - 4 * DAY - before  # Thursday or earlier, ten in the morning
    return a_ticket(
        session,
        opened_at=start,
        reply_due_at=start + 4 * HOUR,
        first_reply_at=start + hours * HOUR,
        **columns,
    )


def test_the_middle_and_the_slow_end_are_working_time(session: Session, ask: Ask) -> None:
    for hours in (1, 2, 3, 4, 5, 6, 7, 24, 24, 24):  # 24 hours hold one working day of 9
        answered(session, hours)

    found = opened(ask(), MONTH)[""]

    assert (found.median, found.slow) == (5 * 3600, 9 * 3600)
    assert (found.count, found.in_time, found.late) == (10, 4, 6)


def test_each_value_has_its_own_middle(session: Session, ask: Ask) -> None:
    for hours, language in ((1, "彝语"), (2, "彝语"), (6, ""), (7, "")):
        answered(session, hours, facts={"languages": [language]} if language else {})

    found = opened(ask(), MONTH, DIMENSIONS["language"])

    assert {key: it.median for key, it in found.items()} == {"彝语": 3600, "汉语": 21600, "": 7200}


def test_a_promise_that_still_runs_says_nothing_of_us(session: Session, ask: Ask) -> None:
    a_ticket(session, reply_due_at=NOW + HOUR)
    a_ticket(session, reply_due_at=NOW - HOUR)

    found = opened(ask(), MONTH)[""]

    assert (found.open, found.missed, found.decided) == (1, 1, 1)


def test_what_residents_said_is_kept_apart(session: Session, ask: Ask) -> None:
    closed = {CloseCode.SOLVED: 3, CloseCode.ANSWERED_UNCONFIRMED: 2, CloseCode.UNREACHABLE: 1,
              CloseCode.EXPLAINED: 1, CloseCode.DUPLICATE: 4}  # fmt: skip
    for code, number in closed.items():
        for _ in range(number):
            a_ticket(session, state="closed", close_code=code, closed_at=NOW)
    unsolved = a_ticket(session, state="closed", close_code=CloseCode.NOT_SOLVED, closed_at=NOW)
    said_no = {"solved": False}
    session.add(TicketEvent(ticket_id=unsolved.id, kind="called_back", data=said_no, at=NOW))

    found = ended(ask(), MONTH)[""]

    assert (found.yes, found.no, found.explained) == (3, 1, 1)
    assert (found.silent, found.unreachable) == (2, 1)
    assert (found.count, found.asked, found.answered) == (12, 8, 4)
    codes = trend(ask(), MONTH).codes
    assert codes == {str(code): n for code, n in closed.items()} | {"not_solved": 1}


def test_people_and_places_tell_tickets_apart(session: Session, ask: Ask) -> None:
    worker = a_caseworker(session)
    a_ticket(session, assignee=worker, area_code="530111001002")
    a_ticket(session, state="triage")

    assert opened(ask(), MONTH, DIMENSIONS["area"]).keys() == {"", "530111", "none"}
    assert opened(ask(), MONTH, DIMENSIONS["person"]).keys() == {"", str(worker.id), "none"}
    assert opened(ask(), MONTH, DIMENSIONS["scene"]).keys() == {"", "none"}


def test_a_report_can_be_narrowed(session: Session, ask: Ask) -> None:
    a_ticket(session, topic="wages")
    a_ticket(session, topic="health")

    assert opened(ask(topic="health"), MONTH)[""].count == 1


def test_topics_are_held_against_the_days_before(session: Session, ask: Ask) -> None:
    for _ in range(6):
        a_ticket(session, topic="wages")
    for _ in range(4):
        a_ticket(session, topic="wages", opened_at=NOW - 40 * DAY)
    a_ticket(session, topic="health")

    wages, health = hot(ask(), MONTH)

    assert (wages.count, wages.before, wages.change, wages.small) == (6, 4, 0.5, False)
    assert (health.change, health.small) == (None, True)


def test_each_day_ends_with_what_is_left(session: Session, ask: Ask) -> None:
    a_ticket(session, opened_at=NOW - 90 * DAY)
    a_ticket(session, opened_at=NOW - 2 * DAY)
    a_ticket(session, opened_at=NOW - 2 * DAY, state="closed", closed_at=NOW - DAY)
    a_ticket(session, opened_at=NOW - 90 * DAY, state="closed", closed_at=NOW)

    days = trend(ask(), Period(TODAY - 3 * DAY, TODAY)).days

    assert [(day.opened, day.closed, day.left) for day in days] == [
        (0, 0, 2), (2, 0, 4), (0, 1, 3), (0, 1, 2),
    ]  # fmt: skip
    assert trend(ask(), Period(TODAY - 3 * DAY, TODAY - 2 * DAY)).days == days[:2]


def test_a_period_is_held_against_as_much_before() -> None:
    assert named("7d", TODAY).before() == Period(date(2026, 2, 17), date(2026, 2, 23))
    assert named("last_month", TODAY).before() == Period(date(2026, 1, 1), date(2026, 1, 31))
    assert last_week(TODAY) == Period(date(2026, 2, 23), date(2026, 3, 1))
    assert custom(TODAY, TODAY - 9 * DAY) == Period(TODAY - 9 * DAY, TODAY)
    assert custom(date(2000, 1, 1), TODAY).days == 400


def test_the_first_answer_is_held_against_its_own_promise(
    session: Session, ask: Ask, settings: Settings
) -> None:
    worker, start = a_caseworker(session), NOW - 4 * DAY
    late = open_ticket(
        session, resident=a_resident(session), intent=Intent.HELP_REQUEST,
        urgency=Urgency.NORMAL, topic="wages", text="工钱没给", facts={},
        area_code="", now=start, settings=settings,
    ).ticket  # fmt: skip
    answered_at = start + 3 * DAY
    note_event(session, late, "reply", now=answered_at, staff=worker)
    heard(session, late, now=NOW)  # an answer is owed again, and that promise is days away

    found = opened(ask(), MONTH)[""]

    assert late.first_due_at is not None
    assert late.first_due_at < answered_at < late.reply_due_at
    assert (found.in_time, found.late) == (0, 1)


def test_satisfaction_is_counted_of_those_who_were_asked(session: Session, ask: Ask) -> None:
    for satisfied in (True, True, True, False, None, None):
        a_ticket(session, state="closed", closed_at=NOW, satisfied=satisfied)

    found = ended(ask(), MONTH)[""]

    assert (found.happy, found.unhappy, found.rated, found.count) == (3, 1, 4, 6)
    assert Row("", Opened(), found).satisfied == 0.75
