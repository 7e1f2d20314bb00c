"""Where WeChat takes nothing, somebody is told to call."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import outbox
from bot.contracts import Urgency
from bot.notices.tables import NoticeKind, StaffNotice
from bot.outbox import Result, SendState
from bot.people.tables import DutyRole, DutyShift, Role, Staff
from bot.settings import Settings
from bot.tickets.stuck import tell_to_call
from bot.tickets.tables import Ticket
from bot.wechat import budget
from tests.builders import a_caseworker, a_ticket
from tests.conftest import NOW

LEASE = timedelta(seconds=30)


def no_more_today(session: Session, ticket: Ticket) -> None:
    """What the service says is refused by WeChat with 45009."""
    outbox.enqueue(
        session, resident_id=ticket.resident_id, text="请打120", now=NOW, ticket_id=ticket.id
    )
    budget.opened_by_message(session, ticket.resident_id, now=NOW)
    sendable = outbox.claim(session, now=NOW, lease=LEASE)
    assert sendable is not None
    outbox.note_result(session, sendable, Result("daily_limit", 45009), now=NOW)


def told(session: Session) -> set[tuple[int, bool]]:
    rows = session.scalars(select(StaffNotice).where(StaffNotice.kind == NoticeKind.CALL_NOW))
    return {(row.staff_id, row.urgent) for row in rows}


@pytest.fixture
def on_duty(session: Session) -> Staff:
    person = a_caseworker(session, name="李敏")
    session.add(
        DutyShift(
            staff_id=person.id, role=DutyRole.CRISIS, rung=1,
            starts_at=NOW - LEASE, ends_at=NOW + timedelta(hours=8),
        )
    )  # fmt: skip
    session.flush()
    return person


def test_in_a_crisis_whoever_has_it_and_who_is_on_duty_are_told_at_once_and_once(
    session: Session, settings: Settings, on_duty: Staff
) -> None:
    owner = a_caseworker(session)
    no_more_today(session, a_ticket(session, assignee=owner, urgency=Urgency.CRISIS))

    counts = [tell_to_call(session, now=NOW, settings=settings) for _ in range(2)]

    assert counts == [2, 0]
    assert told(session) == {(owner.id, True), (on_duty.id, True)}


def test_an_ordinary_matter_waits_for_its_owner_and_nobody_else(
    session: Session, settings: Settings, on_duty: Staff
) -> None:
    owner = a_caseworker(session)
    no_more_today(session, a_ticket(session, assignee=owner))

    tell_to_call(session, now=NOW, settings=settings)

    assert told(session) == {(owner.id, False)}


def test_what_nobody_has_is_told_to_supervisors(session: Session, settings: Settings) -> None:
    boss = a_caseworker(session, role=Role.SUPERVISOR)
    no_more_today(session, a_ticket(session, state="triage"))

    tell_to_call(session, now=NOW, settings=settings)

    assert told(session) == {(boss.id, False)}


@pytest.mark.parametrize("state", [SendState.HELD, SendState.REFUSED])
def test_in_a_crisis_a_held_or_refused_word_is_enough(
    session: Session, settings: Settings, state: SendState
) -> None:
    owner = a_caseworker(session)
    for urgency in (Urgency.CRISIS, Urgency.NORMAL):
        ticket = a_ticket(session, assignee=owner, urgency=urgency)
        [row] = outbox.enqueue(session, resident_id=ticket.resident_id, text="您在哪", now=NOW)
        row.state = state
    session.flush()

    assert tell_to_call(session, now=NOW, settings=settings) == 1
    assert told(session) == {(owner.id, True)}
