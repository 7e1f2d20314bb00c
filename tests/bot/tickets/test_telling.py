"""The person in charge learns that the resident wrote, also while the machine speaks."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.notices.tables import NoticeKind, StaffNotice
from bot.settings import Settings
from bot.tickets import moves
from tests.builders import a_caseworker, a_ticket
from tests.conftest import NOW


def told(session: Session) -> list[tuple[int, bool]]:
    rows = session.scalars(select(StaffNotice).where(StaffNotice.kind == NoticeKind.NEW_MESSAGE))
    return [(row.staff_id, row.urgent) for row in rows]


def test_the_assignee_is_told_once_until_they_look(session: Session, settings: Settings) -> None:
    owner = a_caseworker(session)
    ticket = a_ticket(session, assignee=owner, seen_at=NOW)

    for minutes in (1, 2):
        now = NOW + timedelta(minutes=minutes)
        moves.resident_wrote(session, ticket, now=now, settings=settings)
    assert told(session) == [(owner.id, False)]

    ticket.seen_at = NOW + timedelta(minutes=3)
    moves.resident_wrote(session, ticket, now=NOW + timedelta(minutes=4), settings=settings)
    assert told(session) == [(owner.id, False)] * 2


def test_who_never_looked_was_told_of_the_ticket_itself(
    session: Session, settings: Settings
) -> None:
    ticket = a_ticket(session, assignee=a_caseworker(session), state="dispatched")

    moves.resident_wrote(session, ticket, now=NOW, settings=settings)

    assert told(session) == []
