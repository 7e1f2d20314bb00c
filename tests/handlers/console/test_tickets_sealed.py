"""The cover of a confidential ticket: what it says, and what can be done from it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from bot.db.engine import reading, transaction
from bot.people.tables import Role, Staff
from bot.tickets.tables import Lane, State, Ticket
from tests.builders import a_ticket
from tests.handlers.console.conftest import Browser, Time

STORY = "他又打我，孩子都看见了"


@pytest.fixture
def sealed(engine: Engine, worker: Staff) -> str:
    with transaction(engine) as session:
        owner = session.get_one(Staff, worker.id)
        return a_ticket(session, assignee=owner, lane=Lane.VIOLENCE, summary=STORY).number


@pytest.fixture
def above(visitor: Browser, person: Callable[..., Staff]) -> Browser:
    visitor.log_in(person(Role.SUPERVISOR, name="杨督导").login)
    return visitor


def test_a_supervisor_sees_a_line_and_a_cover_without_the_story(
    above: Browser, sealed: str
) -> None:
    lines = above.open("/tickets?view=team")
    cover = above.client.get(f"/tickets/{sealed}", follow_redirects=True)
    found = above.open(f"/tickets?q={sealed}"), above.open("/tickets?q=又打我")

    assert "家庭暴力" in lines.text
    assert f'href="/tickets/{sealed}/sealed"' in lines.text
    assert cover.request.path == f"/tickets/{sealed}/sealed"
    assert [f"row-{sealed}" in page.text for page in found] == [True, False]
    for page in (lines, cover, *found):
        assert STORY not in page.text
        assert "居民 T" not in page.text


def test_opened_with_a_reason_it_is_read_until_its_time_is_over(
    above: Browser, sealed: str, time: Time
) -> None:
    above.open(f"/tickets/{sealed}/sealed")
    refused = above.send(f"/tickets/{sealed}/unseal", {"kind": "safety", "why": "想看"})
    opened = above.send(
        f"/tickets/{sealed}/unseal", {"kind": "safety", "why": "邻居说孩子今晚没人管"}
    )

    assert (refused.status_code, opened.status_code) == (400, 303)
    assert STORY in above.open(f"/tickets/{sealed}?view=team").text
    time.at += timedelta(minutes=60)
    assert above.client.get(f"/tickets/{sealed}").status_code == 302


def test_who_has_it_reads_it_and_is_led_from_the_cover_to_it(desk: Browser, sealed: str) -> None:
    assert STORY in desk.open(f"/tickets/{sealed}").text
    assert desk.client.get(f"/tickets/{sealed}/sealed").headers["Location"].endswith(sealed)


def test_it_is_given_away_unread(
    above: Browser, engine: Engine, sealed: str, person: Callable[..., Staff]
) -> None:
    cleared = person(name="能办的", lanes=[Lane.VIOLENCE])
    person(name="没资格的")
    cover = above.open(f"/tickets/{sealed}/sealed").text

    given = above.send(f"/tickets/{sealed}/assign", {"to": str(cleared.id), "version": "99"})

    assert "能办的" in cover
    assert "没资格的" not in cover
    assert given.status_code == 303
    with reading(engine) as session:
        ticket = session.query(Ticket).filter_by(number=sealed).one()
        assert (ticket.assignee_id, ticket.state) == (cleared.id, State.DISPATCHED)
