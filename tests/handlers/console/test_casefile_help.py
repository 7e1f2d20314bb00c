"""Help from the machine on pages: marked as such, within sight, put into a reply by a person."""

from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import Engine

from bot.db.engine import transaction
from bot.finding import index
from bot.inbox import InboundMessage
from bot.knowledge.load import load_cards
from bot.outbox import OutboundMessage
from bot.people.tables import Staff
from bot.tickets.tables import Ticket
from tests.bot.casefile.test_gist import STORY
from tests.builders import a_caseworker, a_ticket
from tests.conftest import CARDS, NOW
from tests.handlers.console import test_tickets_browser as browser
from tests.handlers.console.conftest import Browser
from tests.handlers.console.test_tickets_browser import Desk

address = browser.address
live_desk = browser.desk
HIDDEN = "隔壁同事办的事，结果不该给别人看"


def tell(engine: Engine, ticket_id: int, story: list[str]) -> None:
    with transaction(engine) as session:
        ticket = session.get_one(Ticket, ticket_id)
        for number, text in enumerate(story):
            message = InboundMessage(
                key=f"{ticket_id}-{number}", resident_id=ticket.resident_id, kind="text",
                text=text, sent_at=NOW, received_at=NOW, lease_until=NOW, ticket_id=ticket.id,
            )  # fmt: skip
            session.add(message)
        session.flush()
        index.add(session, ticket_id, *story)


def done(engine: Engine, staff: Staff | None, outcome: str) -> None:
    with transaction(engine) as session:
        own = session.get_one(Staff, staff.id) if staff else a_caseworker(session)
        ticket = a_ticket(session, assignee=own, state="closed", outcome=outcome)
    tell(engine, ticket.id, ["包工头说再等等，一天280块钱，四个多月工钱没有给，只有聊天记录"])


@pytest.fixture
def text(desk: Browser, ticket: Ticket, engine: Engine, worker: Staff) -> str:
    done(engine, worker, "总包公司已付清")
    done(engine, None, HIDDEN)
    tell(engine, ticket.id, STORY)
    with transaction(engine) as session:
        load_cards(session, Path(CARDS), now=NOW)
    return desk.open(f"/tickets/{ticket.number}/help").text


def test_it_says_that_it_is_a_machine_and_quotes_the_resident(text: str) -> None:
    assert "机器建议，请核对" in text
    assert "<q>我想问能不能帮我们去要，要是要不到去哪里告</q>" in text
    assert "280块钱" in text


def test_a_past_ticket_shows_how_it_ended_and_a_hidden_one_nothing(text: str) -> None:
    assert "结果：总包公司已付清" in text
    assert HIDDEN not in text


def test_entries_of_the_topic_are_named_and_nothing_is_put_in_without_a_reply_form(
    text: str,
) -> None:
    assert "工资" in text[text.index("可能用得上的条目") :]
    assert "data-insert" not in text


def test_an_unread_matter_gets_a_likely_topic(
    desk: Browser, engine: Engine, text: str, ticket: Ticket
) -> None:
    with transaction(engine) as session:
        session.get_one(Ticket, ticket.id).topic = "none"

    again = desk.open(f"/tickets/{ticket.number}/help").text

    assert "机器没把握" in again
    assert "欠薪与工资工时" in again[again.index("机器没把握") :]
    assert "机器没把握" not in text


def test_an_entry_is_put_into_the_reply_by_a_tap_and_not_sent(live_desk: Desk) -> None:
    with transaction(live_desk.engine) as session:
        load_cards(session, Path(CARDS), now=NOW)
    tell(live_desk.engine, live_desk.ticket.id, STORY)
    live_desk.page.reload()

    live_desk.page.get_by_text("机器建议", exact=False).first.click()
    live_desk.page.get_by_role("button", name="放进回复").first.click()

    expect(live_desk.page.locator("#text")).not_to_have_value("")
    with transaction(live_desk.engine) as session:
        assert session.query(OutboundMessage).count() == 0
    assert live_desk.problems == []
