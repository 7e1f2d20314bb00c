"""Tickets that belong together."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.people.tables import Resident, Role
from bot.settings import Settings
from bot.tickets import joining
from bot.tickets.alarm.tables import Page
from bot.tickets.tables import ClockKind, Level
from tests.bot.tickets.deeds import by
from tests.builders import a_caseworker, a_ticket


def test_what_is_split_off_while_speaking_with_the_resident_needs_no_first_words(
    session: Session, settings: Settings
) -> None:
    staff = a_caseworker(session)
    ticket = a_ticket(session, assignee=staff)

    made = joining.split(session, ticket.number, by=by(session, staff), summary="低保也没办下来")

    running = {clock.kind for clock in made.clocks if clock.stopped_at is None}
    assert ClockKind.ACK not in running
    assert ClockKind.RESOLVE in running


def test_a_matter_that_becomes_a_crisis_by_what_is_put_into_it_is_called_out(
    session: Session, settings: Settings
) -> None:
    staff, owner = a_caseworker(session), a_caseworker(session)
    boss = a_caseworker(session, role=Role.SUPERVISOR)
    target = a_ticket(session, assignee=owner)
    resident = session.get_one(Resident, target.resident_id)
    crisis = a_ticket(session, resident=resident, strand=1, assignee=staff, urgency="crisis")

    joining.merge(session, crisis.number, by=by(session, boss), into=target.number)

    assert target.level == Level.CRISIS
    called = session.scalars(select(Page.staff_id).where(Page.ticket_id == target.id)).all()
    assert called == [owner.id]
