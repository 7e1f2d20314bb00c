"""In a rush, what is said in danger or by a person goes out before the rest."""

import pytest
from sqlalchemy.orm import Session

from bot import outbox
from bot.wechat import budget
from tests.bot.outbox.steps import claim, put
from tests.builders import a_caseworker, a_resident
from tests.conftest import NOW


@pytest.fixture
def writing(session: Session) -> list[int]:
    """Three residents to whom a message may go."""
    ids = [a_resident(session).id for _ in range(3)]
    for resident_id in ids:
        budget.opened_by_message(session, resident_id, now=NOW)
    return ids


def sent(session: Session, count: int) -> list[str]:
    found = []
    for _ in range(count):
        sendable = claim(session)
        outbox.note_result(session, sendable, outbox.Result("accepted", 0), now=NOW)
        found.append(sendable.text)
    return found


def test_danger_and_people_go_before_what_the_service_says(
    session: Session, writing: list[int]
) -> None:
    calm, danger, helped = writing
    staff = a_caseworker(session)
    put(session, calm, "calm")
    outbox.enqueue(session, resident_id=danger, text="danger", now=NOW, can_wait=False)
    outbox.enqueue(session, resident_id=helped, text="person", now=NOW, staff_id=staff.id)

    assert sent(session, 3) == ["danger", "person", "calm"]


def test_what_stands_before_it_goes_with_it_so_that_the_order_holds(
    session: Session, writing: list[int]
) -> None:
    calm, danger, _ = writing
    put(session, calm, "calm")
    put(session, danger, "earlier")
    outbox.enqueue(session, resident_id=danger, text="danger", now=NOW, can_wait=False)

    assert sent(session, 3) == ["earlier", "danger", "calm"]
