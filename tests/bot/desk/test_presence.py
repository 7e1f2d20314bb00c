"""Who is there, and until when that is believed; on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.desk import presence
from bot.desk.around import around
from bot.desk.presence import There
from bot.people.tables import Staff
from bot.settings import Settings
from tests.builders import a_caseworker, a_ticket
from tests.conftest import NOW


@pytest.fixture
def engine(any_engine: Engine) -> Engine:
    """The same test on both databases."""
    return any_engine


def test_a_colleague_is_there_writes_and_is_gone(session: Session, settings: Settings) -> None:
    ticket, colleague = a_ticket(session), a_caseworker(session, name="赵敏")
    own = session.get_one(Staff, ticket.assignee_id)

    def look(seconds: int, *, typing: bool = False) -> None:
        at = NOW + timedelta(seconds=seconds)
        presence.look(session, ticket_id=ticket.id, staff_id=colleague.id, now=at, typing=typing)

    def there(seconds: int) -> list[There]:
        session.expire_all()
        return list(around(session, ticket, own, now=NOW + timedelta(seconds=seconds)).there)

    look(0)
    assert there(10) == [There("赵敏", typing=False)]

    look(10, typing=True)
    assert there(12) == [There("赵敏", typing=True)]
    assert there(30) == [There("赵敏", typing=False)]
    assert there(60) == []

    presence.leave(session, ticket_id=ticket.id, staff_id=colleague.id)
    assert there(12) == []


def test_nobody_is_told_of_themselves(session: Session) -> None:
    ticket = a_ticket(session)
    own = session.get_one(Staff, ticket.assignee_id)

    presence.look(session, ticket_id=ticket.id, staff_id=own.id, now=NOW, typing=True)

    assert list(around(session, ticket, own, now=NOW).there) == []


def test_what_is_long_ago_is_forgotten(session: Session, settings: Settings) -> None:
    ticket = a_ticket(session)
    presence.look(session, ticket_id=ticket.id, staff_id=ticket.assignee_id or 0, now=NOW)

    later = NOW + timedelta(hours=2)
    assert presence.tidy(session, now=later, settings=settings) == 1
    assert presence.tidy(session, now=later, settings=settings) == 0
