"""Tickets that belong together."""

from sqlalchemy.orm import Session

from bot.settings import Settings
from bot.tickets import joining
from bot.tickets.tables import ClockKind
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
