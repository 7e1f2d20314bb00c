"""Clocks are seen to: warned before, escalated after, once for each step, however late."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.contracts import Intent, Urgency
from bot.notices.tables import NoticeKind, StaffNotice
from bot.people.tables import Role
from bot.settings import Settings
from bot.tickets import escalation, moves, recounting
from bot.tickets.clocks.rules import load_rules
from bot.tickets.opening import open_ticket
from bot.tickets.tables import State, Ticket, TicketEvent
from bot.workdays.change import put_day
from bot.workdays.current import KNOWN_WITHIN
from bot.workdays.tables import CalendarChange
from tests.bot.tickets.deeds import by
from tests.builders import a_caseworker, a_resident, a_ticket
from tests.conftest import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def count(session: Session, kind: str) -> int:
    return session.scalar(select(func.count()).where(TicketEvent.kind == kind)) or 0


def an_opened(
    session: Session, settings: Settings, *, now: datetime = NOW, **what: object
) -> Ticket:
    said = {"intent": Intent.HELP_REQUEST, "urgency": Urgency.NORMAL, "topic": "wages"} | what
    return open_ticket(
        session,
        resident=a_resident(session),
        text="老板没给钱",
        facts={},
        area_code="",
        now=now,
        settings=settings,
        **said,  # type: ignore[arg-type]
    ).ticket


def attend(session: Session, settings: Settings, now: datetime) -> int:
    return escalation.attend(session, now=now, settings=settings)


def test_what_nobody_accepts_is_warned_of_once_at_half_its_time(
    session: Session, settings: Settings
) -> None:
    a_caseworker(session)
    an_opened(session, settings)

    early = attend(session, settings, NOW + HOUR)
    done = [attend(session, settings, NOW + 3 * HOUR) for _ in range(2)]

    assert (early, done) == (0, [1, 0])
    assert count(session, "reminded") == 1


def test_what_was_opened_by_the_calendar_of_before_is_counted_anew_too(
    session: Session, settings: Settings
) -> None:
    boss = a_caseworker(session, role=Role.SUPERVISOR)
    put_day(session, (NOW + DAY).date(), works=False, why="停电", by=boss, now=NOW)
    session.flush()

    recounting.recount(session, now=NOW + timedelta(seconds=1), settings=settings)
    open_still = session.scalars(select(CalendarChange.counted_at)).one()
    recounting.recount(session, now=NOW + KNOWN_WITHIN, settings=settings)

    assert open_still is None
    assert session.scalars(select(CalendarChange.counted_at)).one() == NOW + KNOWN_WITHIN


def test_a_holiday_is_no_part_of_the_time(session: Session, settings: Settings) -> None:
    # From 16:30 on the last day before National Day's week; four working hours end the day after.
    a_caseworker(session)
    start = datetime(2026, 9, 30, 8, 30, tzinfo=UTC)
    an_opened(session, settings, now=start)
    after = datetime(2026, 10, 8, 1, 31, tzinfo=UTC)

    on_holiday = attend(session, settings, after - 2 * DAY)

    assert on_holiday == 0
    assert attend(session, settings, after) == 1


def test_an_overdue_ticket_is_escalated_and_an_answer_ends_it(
    session: Session, settings: Settings
) -> None:
    staff, above = a_caseworker(session), a_caseworker(session, role=Role.SUPERVISOR)
    ticket = a_ticket(session, assignee=staff, reply_due_at=NOW)

    done = [attend(session, settings, NOW + HOUR) for _ in range(2)]
    moves.reply(session, ticket.number, by=by(session, staff), text="在办", once="a")

    assert done == [1, 0]
    assert ticket.escalated_at == NOW + HOUR
    told = session.execute(select(StaffNotice.staff_id, StaffNotice.kind)).all()
    assert {(staff.id, NoticeKind.OVERDUE), (above.id, NoticeKind.OVERDUE)} <= {*map(tuple, told)}
    assert attend(session, settings, NOW + 30 * DAY) == 0


def test_what_nobody_accepted_in_time_goes_to_somebody_else(
    session: Session, settings: Settings
) -> None:
    asleep, awake = a_caseworker(session), a_caseworker(session)
    ticket = a_ticket(session, assignee=asleep, state="dispatched", reply_due_at=NOW)

    attend(session, settings, NOW + HOUR)

    assert (ticket.assignee_id, ticket.state) == (awake.id, State.DISPATCHED)


def test_from_desk_to_desk_a_ticket_goes_a_few_times_and_never_back(
    session: Session, settings: Settings
) -> None:
    asleep = [a_caseworker(session) for _ in range(6)]
    ticket = a_ticket(session, assignee=asleep[0], state="dispatched", reply_due_at=NOW)

    had = [ticket.assignee_id]
    for day in range(1, 20):
        attend(session, settings, NOW + day * DAY)
        had += [ticket.assignee_id] if ticket.assignee_id != had[-1] else []

    assert len(had) == len(set(had)) == load_rules().desks
    assert ticket.supervised_at is not None


def test_with_nobody_else_an_overdue_ticket_stays_where_it_is(
    session: Session, settings: Settings
) -> None:
    asleep = a_caseworker(session)
    ticket = a_ticket(session, assignee=asleep, state="dispatched", reply_due_at=NOW)

    attend(session, settings, NOW + HOUR)

    assert ticket.assignee_id == asleep.id


def test_twice_overdue_is_supervised(session: Session, settings: Settings) -> None:
    staff = a_caseworker(session)
    a_caseworker(session, role=Role.SUPERVISOR)
    ticket = an_opened(session, settings)
    moves.accept(session, ticket.number, by=by(session, staff))

    attend(session, settings, NOW + 2 * DAY)
    before = ticket.supervised_at
    attend(session, settings, NOW + 14 * DAY)

    assert before is None
    assert ticket.supervised_at is not None


def test_a_pause_ends_by_itself_when_it_was_long_enough(
    session: Session, settings: Settings
) -> None:
    staff = a_caseworker(session)
    ticket = an_opened(session, settings)
    moves.reply(session, ticket.number, by=by(session, staff), text="欠条在吗？", once="a")
    moves.wait_for_resident(session, ticket.number, by=by(session, staff))

    early = attend(session, settings, NOW + 9 * DAY)
    waits = ticket.state
    attend(session, settings, NOW + 12 * DAY)

    assert (early, waits) == (0, State.WAITING_RESIDENT)
    assert ticket.state == State.IN_PROGRESS
    [clock] = [it for it in ticket.clocks if it.kind == "resolve"]
    [[start, end]] = clock.paused
    assert datetime.fromisoformat(end) - datetime.fromisoformat(start) == 10 * DAY


@pytest.mark.parametrize("level", ["ordinary", "urgent"])
def test_nobody_is_told_twice_of_one_step(
    session: Session, settings: Settings, level: str
) -> None:
    a_caseworker(session, role=Role.SUPERVISOR)
    urgency = Urgency.URGENT if level == "urgent" else Urgency.NORMAL
    an_opened(session, settings, urgency=urgency)

    for day in range(1, 9):
        for _ in range(3):
            attend(session, settings, NOW + day * DAY)

    told = session.scalars(select(TicketEvent.data).where(TicketEvent.kind == "escalated"))
    once = [(it["clock"], it["rung"]) for it in told if it["clock"] != "accept"]
    assert len(once) == len(set(once)) > 0
