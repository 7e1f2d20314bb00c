"""What an answer rested on, opened below it on a desk and on a phone."""

from dataclasses import asdict

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import ViewportSize, expect
from sqlalchemy.orm import Session

from bot.conversation.tables import AnswerGiven
from bot.db.engine import transaction
from bot.inbox import InboundMessage
from bot.tickets.tables import Ticket
from tests.bot.knowledge.builders import LAW, an_entry, newest
from tests.conftest import NOW
from tests.handlers.console import test_tickets_browser as browser
from tests.handlers.console.test_tickets_browser import DESK, LEAST_TARGET, PHONE, Desk

address, desk = browser.address, browser.desk
QUOTE = "可以打12333投诉，也可以申请劳动仲裁。"


def an_answer(session: Session, ticket: Ticket) -> None:
    version = newest(session, an_entry(session))
    message = InboundMessage(
        key="asked", resident_id=ticket.resident_id, kind="text", text="找哪个", sent_at=NOW,
        received_at=NOW, lease_until=NOW, ticket_id=ticket.id, reply=QUOTE, answered_at=NOW,
    )  # fmt: skip
    session.add(message)
    session.flush()
    given = AnswerGiven(
        resident_id=ticket.resident_id, inbound_id=message.id, version_id=version.id,
        confidence=0.9, at=NOW, quote=QUOTE, clauses=[asdict(LAW)],
    )  # fmt: skip
    session.add(given)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_basis_opens_under_a_thumb_and_fits(desk: Desk, size: ViewportSize) -> None:
    with transaction(desk.engine) as session:
        an_answer(session, desk.ticket)
    desk.page.set_viewport_size(size)
    desk.page.reload()

    line = desk.page.locator(".basis summary")
    line.click()

    expect(desk.page.get_by_text("保障农民工工资支付条例 · 第三条")).to_be_visible()
    box = line.bounding_box()
    assert box is not None
    assert box["height"] >= LEAST_TARGET
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert Axe().run(desk.page)["violations"] == []
    assert desk.problems == []
