"""That it is about a child under fourteen stands in the head of the ticket."""

from typing import Any

import pytest
from sqlalchemy import Engine

from bot.db.engine import transaction
from bot.people.tables import Staff
from tests.builders import a_ticket
from tests.handlers.console.conftest import Browser

MARK = "不满14岁</span>"


@pytest.mark.parametrize(
    ("columns", "marked"),
    [
        ({"facts": {"age": 9}}, True),
        ({"summary": "我今年12岁，爸爸不管我"}, True),
        ({"facts": {"age": 14}}, False),
        ({"summary": "孙子要上学了"}, False),
    ],
)
def test_the_page_of_a_childs_ticket_says_so(
    desk: Browser, engine: Engine, worker: Staff, columns: dict[str, Any], *, marked: bool
) -> None:
    with transaction(engine) as session:
        own = session.get_one(Staff, worker.id)
        number = a_ticket(session, assignee=own, **columns).number

    page, live = desk.open(f"/tickets/{number}"), desk.open(f"/tickets/live?open={number}")

    assert (MARK in page.text, MARK in live.text) == (marked, marked)
    assert MARK not in desk.open("/tickets").text
