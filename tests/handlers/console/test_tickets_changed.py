"""Two people on one ticket: nobody's words are lost, nobody's are sent by mistake."""

import re

import pytest
from sqlalchemy import Engine, select

from bot.db.engine import transaction
from bot.outbox import OutboundMessage
from bot.people.tables import Role, Staff
from bot.tickets import moves
from bot.tickets.tables import Ticket
from tests.builders import a_caseworker
from tests.conftest import NOW
from tests.handlers.console.conftest import Browser
from tests.handlers.console.tickets_forms import Page

HTMX = {"HX-Request": "true"}


def sent(engine: Engine) -> list[str]:
    with transaction(engine) as session:
        return list(session.scalars(select(OutboundMessage.text).order_by(OutboundMessage.id)))


@pytest.fixture
def changed(desk: Browser, engine: Engine, ticket: Ticket, worker: Staff) -> Page:
    """A page that was opened before a supervisor took the ticket and gave it back."""
    page = Page(desk, ticket.number)
    with transaction(engine) as session:
        boss = a_caseworker(session, name="赵敏", role=Role.SUPERVISOR)
        act = moves.Act(boss, 10**6, NOW)
        moves.accept(session, ticket.number, by=act)
        moves.assign(session, ticket.number, by=act, to=worker.id)
    return page


def test_an_answer_on_a_changed_ticket_keeps_the_text_and_asks(
    changed: Page, engine: Engine
) -> None:
    answer = changed.send("reply", text="写了半天的话")

    assert answer.status_code == 409
    assert "写了半天的话</textarea>" in answer.text
    assert "有了变化" in answer.text
    assert not any("写了半天" in text for text in sent(engine))


def test_sending_again_after_looking_is_meant(changed: Page, engine: Engine) -> None:
    answer = changed.send("reply", HTMX, text="写了半天的话")
    fresh = re.search(r'id="version" name="version" value="(\d+)" hx-swap-oob', answer.text)
    assert fresh is not None

    again = changed.send("reply", HTMX, text="写了半天的话", version=fresh.group(1))

    assert (answer.status_code, answer.headers["HX-Reswap"]) == (409, "none")
    assert again.status_code == 200
    assert any("写了半天" in text for text in sent(engine))
