"""Reopening: never, always, or by the wrong person."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bot.contracts import Intent, Urgency
from bot.people.tables import Resident
from bot.settings import Settings
from bot.tickets import moves
from bot.tickets.opening import Opened, open_ticket
from bot.tickets.tables import CloseCode, State
from tests.bot.tickets.deeds import by
from tests.builders import a_caseworker, a_resident, a_ticket
from tests.conftest import NOW

DAY = timedelta(days=1)


def writes(session: Session, settings: Settings, resident: Resident, now: datetime) -> Opened:
    return open_ticket(
        session,
        resident=resident,
        intent=Intent.HELP_REQUEST,
        urgency=Urgency.NORMAL,
        topic="wages",
        text="钱还是没给",
        facts={},
        area_code="",
        now=now,
        settings=settings,
    )


@pytest.fixture
def resident(session: Session) -> Resident:
    return a_resident(session)


def test_inside_the_window_a_resident_goes_on_under_the_same_number(
    session: Session, settings: Settings, resident: Resident
) -> None:
    code = CloseCode.ANSWERED_UNCONFIRMED
    old = a_ticket(session, resident=resident, state="closed", close_code=code, closed_at=NOW)

    found = writes(session, settings, resident, NOW + 11 * DAY)  # nine working days

    assert (found.ticket, found.again, old.state) == (old, True, State.IN_PROGRESS)


def test_later_it_is_a_new_ticket_that_is_linked(
    session: Session, settings: Settings, resident: Resident
) -> None:
    code = CloseCode.NOT_SOLVED
    old = a_ticket(session, resident=resident, state="closed", close_code=code, closed_at=NOW)

    found = writes(session, settings, resident, NOW + 20 * DAY)

    assert found.created
    assert (found.ticket.parent_id, old.state) == (old.id, State.CLOSED)


def test_what_was_solved_is_not_opened_by_a_new_matter(
    session: Session, settings: Settings, resident: Resident
) -> None:
    a_ticket(session, resident=resident, state="closed", closed_at=NOW)

    assert writes(session, settings, resident, NOW + DAY).ticket.parent_id is None


def test_staff_reopen_at_any_time(session: Session) -> None:
    staff = a_caseworker(session)
    old = a_ticket(session, assignee=staff, state="closed", closed_at=NOW - 400 * DAY)

    moves.reopen(session, old.number, by=by(session, staff))

    assert (old.state, old.assignee_id) == (State.IN_PROGRESS, staff.id)


def test_the_second_time_somebody_above_watches(session: Session, settings: Settings) -> None:
    staff = a_caseworker(session)
    ticket = a_ticket(session, assignee=staff, state="resolved", resolved_at=NOW)

    moves.rate(session, ticket, solved=False, now=NOW, settings=settings)
    once = ticket.supervised_at
    moves.resolve(session, ticket.number, by=by(session, staff), outcome="给了一半")
    moves.rate(session, ticket, solved=False, now=NOW + DAY, settings=settings)

    assert once is None
    assert ticket.supervised_at is not None
