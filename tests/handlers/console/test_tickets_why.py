"""Below a message of a ticket: the passages that were named, and why it is a crisis."""

import pytest
from sqlalchemy import Engine

from bot.conversation.tables import PassageOffered
from bot.db.engine import transaction
from bot.knowledge import policies
from bot.tickets.tables import Ticket
from tests.conftest import NOW
from tests.handlers.console.conftest import Browser
from tests.handlers.console.test_tickets_page import heard


def test_passages_that_were_named_stand_below_the_answer(
    desk: Browser, engine: Engine, ticket: Ticket
) -> None:
    with transaction(engine) as session:
        text = "第一条 补三百元。\n第二条 十一月登记。"
        draft = policies.PolicyDraft("取暖办法", text, effective_on=NOW.date())
        document = policies.import_document(session, draft, author_id=None, now=NOW)
        asked = heard(
            session, ticket, "烤火钱", reply="要看哪一条？", answered_at=NOW, action="offer"
        )
        for passage, shown in zip(policies.get(session, document.id)[1], (NOW, None), strict=True):
            clause = {"title": "取暖办法", "article": passage.article}
            session.add(
                PassageOffered(
                    resident_id=ticket.resident_id, inbound_id=asked, passage_id=passage.id,
                    confidence=0.7, clause=clause, shown_at=shown, at=NOW,
                )
            )  # fmt: skip

    page = desk.open(f"/tickets/{ticket.number}").text

    assert "问了要不要看政策原文：2 段" in page
    assert "取暖办法 · 第一条</a>，居民看了" in page
    assert "取暖办法 · 第二条</a>，居民没有点" in page


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("我不想活了", "规则“"),
        ("这里的人不准跟外面讲", "语言模型判断，没有规则命中"),
    ],
)
def test_why_a_message_was_held_to_be_a_crisis_stands_below_it(
    desk: Browser, engine: Engine, ticket: Ticket, text: str, why: str
) -> None:
    with transaction(engine) as session:
        heard(session, ticket, text, urgency="crisis")
        heard(session, ticket, "在家")

    page = desk.open(f"/tickets/{ticket.number}").text

    assert page.count("按危急处理。") == 1
    assert f"按危急处理。{why}" in page
