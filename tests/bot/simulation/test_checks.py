"""Whatever must not be is found: each test bends the books of a sound month in one place."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import ColumnElement, select, true, update
from sqlalchemy.orm import Session

from bot.inbox import InboundMessage
from bot.notices.tables import NoticeKind, StaffNotice
from bot.outbox import OutboundMessage, SendState
from bot.simulation.books import Books
from bot.simulation.checks import looked_at
from bot.simulation.month import Month
from bot.tickets.alarm.tables import Page
from bot.tickets.approvals.tables import Approval, ApprovalKind
from bot.tickets.tables import CloseCode, Level, State, Ticket, TicketEvent

HOUR = timedelta(hours=1)


@pytest.fixture
def session(month: Month) -> Iterator[Session]:
    """The month's own database; nothing that a test writes is kept."""
    with Session(month.line.engine, expire_on_commit=False) as session:
        yield session


def _a_ticket(session: Session, *conditions: ColumnElement[bool]) -> Ticket:
    ticket = session.scalars(select(Ticket).where(*conditions).order_by(Ticket.id)).first()
    assert ticket is not None
    return ticket


def _add_event(
    session: Session, month: Month, kind: str, *, hour: int = 70, **data: object
) -> None:
    ticket = _a_ticket(session, Ticket.state != State.MERGED)
    at = month.scenario.starts_at + hour * HOUR
    session.add(TicketEvent(ticket_id=ticket.id, kind=kind, text="", data=data, at=at))


def _bend(
    table: Any,
    values: dict[str, object],
    *conditions: ColumnElement[bool],
) -> Callable[[Session, Month], None]:
    def bend(session: Session, month: Month) -> None:
        del month
        first = select(table.id).where(*conditions).order_by(table.id).limit(1)
        found = session.scalar(first)
        assert found is not None
        session.execute(update(table).where(table.id == found).values(values))

    return bend


def _closed_alone(session: Session, month: Month) -> None:
    _add_event(session, month, "closed", code=str(CloseCode.SOLVED))


def _closed_for_no_code(session: Session, month: Month) -> None:
    _add_event(session, month, "closed", code="done")


def _refused_alone(session: Session, month: Month) -> None:
    _add_event(session, month, "closed", code=str(CloseCode.NOT_SOLVED))


def _back_in_the_queue(session: Session, month: Month) -> None:
    _add_event(session, month, "put_back", hour=33)


def _climbed_twice(session: Session, month: Month) -> None:
    for _ in range(2):
        step = {"do": "breach", "kind": "ack", "rung": 1}
        _add_event(session, month, "escalated", rung=1, clocks=[step])


def _approved_alone(session: Session, month: Month) -> None:
    ticket = _a_ticket(session)
    who, at = month.town.supervisors[0], month.clock.at
    session.add(
        Approval(ticket_id=ticket.id, kind=ApprovalKind.CLOSE, asked_by_id=who, asked_at=at,
                 reason="", decided_by_id=who, decided_at=at, approved=True)
    )  # fmt: skip


def _told(session: Session, month: Month) -> None:
    ticket = _a_ticket(session)
    owners = select(TicketEvent.staff_id).where(TicketEvent.ticket_id == ticket.id)
    given = [event.data.get("to") for event in session.scalars(
        select(TicketEvent).where(TicketEvent.ticket_id == ticket.id))]  # fmt: skip
    strangers = {*month.town.caseworkers} - {*given, *session.scalars(owners)}
    session.add(
        StaffNotice(staff_id=min(strangers), kind=NoticeKind.ASSIGNED, ticket_id=ticket.id,
                    once="stray", created_at=month.clock.at)
    )  # fmt: skip


def _called(
    session: Session, month: Month, *conditions: ColumnElement[bool], **columns: object
) -> None:
    ticket = _a_ticket(session, *conditions)
    if columns.pop("crisis", False):
        ticket.level = Level.CRISIS
    at = month.scenario.starts_at + 50 * HOUR
    who = month.town.caseworkers[0]
    page = Page(ticket_id=ticket.id, staff_id=who, rung=1, paged_at=at, **columns)
    session.add(page)


def _gave_up(session: Session, month: Month) -> None:
    _called(session, month, Ticket.state == State.CLOSED)


def _accepted_by_a_stranger(session: Session, month: Month) -> None:
    at = month.scenario.starts_at + 50 * HOUR
    _called(session, month, accepted_at=at, accepted_by_id=month.town.supervisors[0])


def _rang_on(session: Session, month: Month) -> None:
    live = (Ticket.state.in_((State.DISPATCHED, State.IN_PROGRESS)),)
    _called(session, month, *live, crisis=True)


def _nobody_called(session: Session, month: Month) -> None:
    del month
    called = select(Page.ticket_id).where(Page.ticket_id.is_not(None))
    _a_ticket(session, Ticket.id.not_in(called)).level = Level.CRISIS


def _spoke_in_between(session: Session, month: Month) -> None:
    del month
    accepted = session.scalars(select(TicketEvent).where(TicketEvent.kind == "accepted")).first()
    assert accepted is not None
    ticket = session.get_one(Ticket, accepted.ticket_id)
    of = InboundMessage.resident_id == ticket.resident_id
    message = session.scalars(select(InboundMessage).where(of)).first()
    assert message is not None
    message.received_at = accepted.at + timedelta(seconds=1)
    message.reply, message.action = "我是机器人", "chat"


def _overtook(session: Session, month: Month) -> None:
    """Two wait, and the newer is given away, and the reason names nobody."""
    live = select(Ticket).where(Ticket.level == Level.ORDINARY, Ticket.state != State.MERGED)
    older, newer = session.scalars(live.order_by(Ticket.opened_at, Ticket.id).limit(2)).all()
    at, basis = month.clock.at, {"considered": [], "level": "ordinary", "passed": []}
    for ticket in (older, newer):
        session.add(TicketEvent(ticket_id=ticket.id, kind="put_back", text="等", data={}, at=at))
        session.flush()
    given = {"to": month.town.caseworkers[0], "basis": basis}
    session.add(TicketEvent(ticket_id=newer.id, kind="assigned", text="合适", data=given, at=at))


BENT: dict[str, Callable[[Session, Month], None]] = {
    "1 .*kept 0 times": _bend(InboundMessage, {"key": "m:nobody's"}),
    "1 .*never answered": _bend(InboundMessage, {"answered_at": None}),
    "2 .*triage, and its owner": _bend(
        Ticket,
        {"state": State.TRIAGE},
        Ticket.assignee_id.is_not(None),
        Ticket.state == "resolved",
    ),
    "2 .*no alarm 1": _back_in_the_queue,
    "2 .*for no reason": _bend(TicketEvent, {"text": ""}, TicketEvent.kind == "assigned"),
    "3 .*called sent": _bend(
        OutboundMessage, {"text": "别的"}, OutboundMessage.state == SendState.ACCEPTED
    ),
    "4 .*hand_backs": _bend(Ticket, {"hand_backs": 7}),
    "5 .*solved, and nobody said so": _closed_alone,
    "5 .*closed without a code": _closed_for_no_code,
    "6 .*decided by who asked": _approved_alone,
    "6 .*nobody had asked": _refused_alone,
    "11 .*was told of": _told,
    "12 .*resident's words are lost": _bend(InboundMessage, {"text": "别的"}),
    "12 .*words of staff are lost": _bend(
        OutboundMessage, {"text": "别的"}, OutboundMessage.once_key.like("reply:%")
    ),
    "16 .*nobody had accepted": _gave_up,
    "16 .*who did not have it": _accepted_by_a_stranger,
    "16 .*nobody was called for": _rang_on,
    "16 .*a crisis, and nobody was called": _nobody_called,
    "18 .*in between": _spoke_in_between,
    "nothing overtaken.*unsaid": _overtook,
    "each step.*ack went from 1 to 1": _climbed_twice,
}


@pytest.mark.parametrize("told", BENT)
def test_what_must_not_be_is_told(session: Session, month: Month, told: str) -> None:
    BENT[told](session, month)
    session.flush()
    session.expire_all()

    _, wrong = looked_at(Books(month, session), told.split(".*", maxsplit=1)[0])

    assert any(re.match(told, text) for text in wrong), wrong


def test_a_scope_that_shows_everything_is_told(
    session: Session, month: Month, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("board.visible", "board.listed", "views.in_charge"):
        monkeypatch.setattr(f"bot.tickets.{name}", lambda _: true())

    _, wrong = looked_at(Books(month, session), "11 counts")

    assert any("finds" in text for text in wrong)
    assert any("counts" in text for text in wrong)


def test_a_message_that_is_answered_otherwise_when_it_comes_again_is_told(
    session: Session, month: Month, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(month, "amiss", ["m:1: answered otherwise"])

    _, wrong = looked_at(Books(month, session), "1 ")

    assert wrong == ["1 one effect of each message: m:1: answered otherwise"]
