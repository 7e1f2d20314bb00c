"""A pause, another level, a merge corrupt the clock."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bot.contracts import Intent, Urgency
from bot.errors import InvalidInputError
from bot.people.tables import Role
from bot.settings import Settings
from bot.tickets import check, hours, joining, moves, recounting, watching
from bot.tickets.approvals import asking, deciding
from bot.tickets.opening import open_ticket
from bot.tickets.tables import Level, Ticket
from bot.workdays.change import put_day
from tests.builders import a_caseworker, a_resident
from tests.conftest import NOW

DAY = timedelta(days=1)


def opened(session: Session, settings: Settings, now: datetime = NOW) -> Ticket:
    return open_ticket(
        session,
        resident=a_resident(session),
        intent=Intent.HELP_REQUEST,
        urgency=Urgency.NORMAL,
        topic="wages",
        text="还没给钱",
        facts={},
        area_code="",
        now=now,
        settings=settings,
    ).ticket


def due(ticket: Ticket, kind: str = "resolve") -> datetime:
    return next(it.due_at for it in ticket.clocks if it.kind == kind and not it.stopped_at)


@pytest.fixture
def worker(session: Session) -> moves.Act:
    return moves.Act(a_caseworker(session), 10**9, NOW + timedelta(hours=1))


def later(act: moves.Act, span: timedelta) -> moves.Act:
    return moves.Act(act.staff, act.version, act.now + span)


def sound(session: Session, settings: Settings) -> bool:
    session.flush()
    session.expire_all()
    return list(check.differences(session, settings)) == []


def test_a_pause_moves_the_end_by_what_was_waited_of_working_time(
    session: Session, settings: Settings, worker: moves.Act
) -> None:
    ticket = opened(session, settings)
    before = due(ticket)
    moves.reply(session, ticket.number, by=worker, text="欠条在吗？", once="a")
    moves.wait_for_resident(session, ticket.number, by=worker)
    office = hours.office(session, settings)

    back = worker.now + 2 * DAY
    moves.resident_wrote(session, ticket, now=back, settings=settings)

    waited = hours.between(worker.now, back, office)
    assert hours.between(before, due(ticket), office) == waited
    assert sound(session, settings)


def test_a_higher_level_never_gives_more_time_than_there_was(
    session: Session, settings: Settings, worker: moves.Act
) -> None:
    ticket = opened(session, settings)
    near_the_end = later(worker, due(ticket) - worker.now - timedelta(minutes=5))
    before = due(ticket)

    watching.relevel(
        session, ticket.number, by=near_the_end, level=Level.URGENT, reason="没饭吃了"
    )

    assert due(ticket) <= before
    assert sound(session, settings)


def test_a_merged_ticket_keeps_the_earlier_promise_and_gives_it_back(
    session: Session, settings: Settings, worker: moves.Act
) -> None:
    old = opened(session, settings)
    new = opened(session, settings, NOW + 3 * DAY)
    act = later(worker, 3 * DAY)
    own, earlier = due(new), due(old)
    for ticket in (old, new):
        moves.accept(session, ticket.number, by=act)

    joining.merge(session, old.number, by=act, into=new.number, other_person=True)
    merged = due(new)
    joining.unmerge(session, old.number, by=later(act, DAY))

    assert merged == earlier < own
    assert (due(new), due(old)) == (own, earlier)
    assert sound(session, settings)


def test_a_new_holiday_moves_what_runs_and_nothing_else(
    session: Session, settings: Settings, worker: moves.Act
) -> None:
    ticket = opened(session, settings)
    done = opened(session, settings)
    moves.accept(session, done.number, by=worker)
    moves.resolve(session, done.number, by=worker, outcome="付清了")
    kept = {it.kind: it.due_at for it in done.clocks if it.stopped_at}
    before, by = due(ticket), a_caseworker(session, role=Role.SUPERVISOR)

    put_day(session, (NOW + DAY).date(), works=False, why="停电", by=by, now=worker.now)
    session.flush()
    while recounting.recount(session, now=worker.now, settings=settings):
        pass

    assert due(ticket) == before + DAY
    assert {it.kind: it.due_at for it in done.clocks if it.stopped_at} == kept
    assert sound(session, settings)


def test_a_holiday_found_out_while_a_ticket_was_merged_counts_when_it_goes_on(
    session: Session, settings: Settings, worker: moves.Act
) -> None:
    kept, out = opened(session, settings), opened(session, settings)
    promised = due(out)
    for ticket in (kept, out):
        moves.accept(session, ticket.number, by=worker)
    joining.merge(session, out.number, by=worker, into=kept.number, other_person=True)
    day = (NOW + 2 * DAY).date()
    put_day(session, day, works=False, why="停电", by=worker.staff, now=NOW)
    recounting.recount(session, now=NOW, settings=settings)

    joining.unmerge(session, out.number, by=later(worker, timedelta(hours=1)))

    assert due(out) > promised
    assert due(out) == due(kept)
    assert sound(session, settings)


def test_more_time_is_not_granted_for_what_is_done(
    session: Session, settings: Settings, worker: moves.Act
) -> None:
    ticket = opened(session, settings)
    moves.accept(session, ticket.number, by=worker)
    act = later(worker, timedelta(minutes=1))
    asking.ask_extension(session, ticket.number, by=act, reason="等材料")
    moves.resolve(session, ticket.number, by=later(act, timedelta(hours=1)), outcome="付清了")
    [request] = asking.open_requests(session, ticket)
    chief = a_caseworker(session, role=Role.SUPERVISOR)
    boss = moves.Act(chief, act.version, act.now + timedelta(hours=2))

    with pytest.raises(InvalidInputError, match="先看看最新情况"):
        deciding.decide(session, request.id, by=boss, approved=True)

    assert sound(session, settings)
