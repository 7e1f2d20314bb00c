"""One deed to many tickets, and taking it back."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.contracts import Intent, Urgency
from bot.errors import InvalidInputError, NotFoundError
from bot.notices.tables import StaffNotice
from bot.people.tables import Role, Staff
from bot.reports.tables import BulkItem
from bot.settings import Settings
from bot.tickets import bulk, moves
from bot.tickets.acting import Act
from bot.tickets.bulk import Action, Order
from bot.tickets.change import last_event_id
from bot.tickets.fold import fold
from bot.tickets.opening import open_ticket
from bot.tickets.tables import State, Ticket, TicketEvent
from tests.bot.tickets.deeds import kinds
from tests.builders import a_caseworker, a_resident, a_ticket
from tests.conftest import NOW

LATER = NOW + timedelta(minutes=3)


@pytest.fixture
def boss(session: Session) -> Staff:
    return a_caseworker(session, name="和桂花", role=Role.SUPERVISOR)


def act(session: Session, ticket: Ticket, staff: Staff, *, version: int | None = None) -> Act:
    seen = last_event_id(session, ticket.id) if version is None else version
    return Act(staff, seen, LATER)


def done(session: Session, boss: Staff, ticket: Ticket, order: Order) -> int:
    """The item of a deed done to one ticket."""
    bulk_id = bulk.start(session, boss, order, now=NOW)
    bulk.do(session, bulk_id, ticket.number, order, by=act(session, ticket, boss))
    return session.scalars(select(BulkItem.id).where(BulkItem.bulk_id == bulk_id)).one()


def take_back(session: Session, boss: Staff, ticket: Ticket, item: int) -> BulkItem:
    bulk.undo(session, item, by=act(session, ticket, boss))
    return session.get_one(BulkItem, item)


@pytest.mark.parametrize("state", ["in_progress", "triage", "dispatched"])
def test_taking_back_leads_to_where_it_stood(session: Session, boss: Staff, state: str) -> None:
    other = a_caseworker(session, name="李明")
    ticket = a_ticket(session, state=state)
    owner = ticket.assignee_id
    item = done(session, boss, ticket, Order(Action.ASSIGN, "人手调整", other.id))
    assert (ticket.assignee_id, ticket.state) == (other.id, State.DISPATCHED)

    undone = take_back(session, boss, ticket, item)

    assert undone.undone
    assert (ticket.assignee_id, ticket.state) == (owner, state)
    assert "assigned" in kinds(session)  # nothing was deleted


def test_where_it_stands_is_the_fold_of_its_log_also_after_it(
    session: Session, boss: Staff, settings: Settings
) -> None:
    other = a_caseworker(session, name="李明", on_duty=False)
    ticket = open_ticket(
        session, resident=a_resident(session), intent=Intent.HELP_REQUEST,
        urgency=Urgency.NORMAL, topic="wages", text="工钱没给", facts={}, area_code="",
        now=NOW, settings=settings,
    ).ticket  # fmt: skip
    moves.accept(session, ticket.number, by=act(session, ticket, boss))
    item = done(session, boss, ticket, Order(Action.ASSIGN, "", other.id))
    take_back(session, boss, ticket, item)

    log = session.scalars(
        select(TicketEvent).where(TicketEvent.ticket_id == ticket.id).order_by(TicketEvent.id)
    )
    standing = fold(log)

    assert standing.state == ticket.state == State.IN_PROGRESS
    assert standing.assignee_id == ticket.assignee_id == boss.id
    assert standing.accepted_at == ticket.accepted_at


def test_who_has_begun_keeps_it(session: Session, boss: Staff) -> None:
    other = a_caseworker(session, name="李明")
    ticket = a_ticket(session)
    item = done(session, boss, ticket, Order(Action.ASSIGN, "", other.id))
    moves.accept(session, ticket.number, by=act(session, ticket, other))

    undone = take_back(session, boss, ticket, item)

    assert not undone.undone
    assert undone.undo_says == "之后李明已接手，不能撤销。"
    assert ticket.assignee_id == other.id


def test_supervision_is_taken_back_by_its_reverse(session: Session, boss: Staff) -> None:
    ticket = a_ticket(session)
    item = done(session, boss, ticket, Order(Action.SUPERVISE, "拖太久"))
    before = ticket.supervised_at

    take_back(session, boss, ticket, item)

    assert (before, ticket.supervised_at) == (LATER, None)
    assert kinds(session)[-2:] == ["supervised", "supervision_over"]


def test_an_urging_reaches_its_owner_and_cannot_be_unsaid(session: Session, boss: Staff) -> None:
    ticket = a_ticket(session)
    item = done(session, boss, ticket, Order(Action.URGE, "今天要回"))

    undone = take_back(session, boss, ticket, item)

    assert session.scalars(select(StaffNotice.staff_id)).all() == [ticket.assignee_id]
    assert undone.undo_says == "催办已经发出去了，撤不回。"


@pytest.mark.parametrize(
    ("columns", "order", "says"),
    [
        ({"state": "closed"}, Order(Action.ASSIGN, "", 1), "已办结"),
        ({"state": "triage"}, Order(Action.URGE), "还没有人负责"),
        ({"state": "waiting_resident"}, Order(Action.URGE), "不用催"),
        ({"supervised_at": NOW}, Order(Action.SUPERVISE, "拖"), "已经在督办"),
        ({}, Order(Action.END_SUPERVISION), "没有在督办"),
    ],
)
def test_what_would_change_nothing_is_told_before(
    session: Session, boss: Staff, columns: dict[str, str], order: Order, says: str
) -> None:
    ticket = a_ticket(session, **columns)  # type: ignore[arg-type]

    assert says in bulk.refusal(ticket, order, boss)


def test_only_supervisors_supervise(session: Session) -> None:
    assert bulk.refusal(a_ticket(session), Order(Action.SUPERVISE, "拖"), a_caseworker(session))


def test_it_is_taken_back_by_who_did_it_and_soon(session: Session, boss: Staff) -> None:
    bulk_id = bulk.start(session, boss, Order(Action.URGE), now=NOW)

    found = bulk.undoable(session, bulk_id, boss, now=NOW + bulk.UNDO_WITHIN)
    assert found.id == bulk_id
    with pytest.raises(InvalidInputError, match="10分钟"):
        bulk.undoable(session, bulk_id, boss, now=NOW + timedelta(minutes=11))
    with pytest.raises(NotFoundError):
        bulk.undoable(session, bulk_id, a_caseworker(session), now=NOW)
