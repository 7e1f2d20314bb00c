"""Looking over what residents asked in a browser, at a desk and on a phone."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, expect
from sqlalchemy import Engine

from bot.contracts import Action
from bot.db.engine import transaction
from bot.knowledge import entries
from bot.people.tables import Role, Staff
from tests.browsing import log_in
from tests.conftest import NOW
from tests.handlers.console import test_tickets_browser as browser
from tests.handlers.console.conftest import DRAFT, PASSWORD, QUESTION
from tests.handlers.console.test_knowledge_asked import SAID, asked, kept
from tests.handlers.console.test_tickets_browser import DESK, PHONE

address = browser.address
OTHER = "八十岁以上老人的高龄津贴怎么领，在哪里登记"


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_each_deed_is_one_tap(
    page: Page,
    address: str,
    engine: Engine,
    entry: str,
    person: Callable[..., Staff],
    size: ViewportSize,
) -> None:
    boss = person(name="赵敏", role=Role.SUPERVISOR)
    with transaction(engine) as session:
        draft = replace(DRAFT, question=OTHER, topic="elderly", variants=("高龄补贴咋个领",))
        other = entries.create(session, draft, author_id=boss.id, now=NOW).entry_id
        entries.publish(session, other, staff_id=1, now=NOW)
    asked(engine, "工程包给个人了工资咋个要", shown=[entry, other], picked=entry)
    asked(engine, "工程包给个人了，工资咋个要嘛", shown=[entry], picked=entry)
    asked(engine, SAID.replace("咋个要", "找哪个要，他说下个月给，又不写条子"), shown=[entry])
    asked(engine, "我妈八十三了，村里说有一笔钱，哪里领", action=Action.DECLINE)
    page.set_viewport_size(size)
    log_in(page, address, boss.login, PASSWORD, then="/knowledge/asked")

    expect(page.get_by_text("问了 2 次")).to_be_visible()
    _sound(page, size)
    page.get_by_role("button", name=f"就是这条：{QUESTION}").first.click()
    expect(page.get_by_text("收下了")).to_be_visible()
    _choose_another(page, size)
    _none_answers(page, size)
    assert len(kept(engine)) == 3


def _choose_another(page: Page, size: ViewportSize) -> None:
    last = page.locator("article").last
    last.get_by_text("是另一条").click()
    last.get_by_label("找条目").press("Enter")  # which must not be taken for a deed
    last.get_by_label("找条目").fill("高龄")
    expect(last.get_by_role("button", name=OTHER, exact=True)).to_be_visible()
    _sound(page, size)
    last.get_by_role("textbox", name="问法，可以改").fill("八十多岁的老人有一笔钱，哪里领")
    last.get_by_role("button", name=OTHER, exact=True).click()
    expect(page.get_by_text("收下了")).to_be_visible()


def _none_answers(page: Page, size: ViewportSize) -> None:
    page.get_by_role("button", name="没有答案").click()
    expect(page.get_by_role("heading", name="没有保存")).to_be_visible()  # a name is still in it
    page.go_back()
    page.get_by_role("textbox", name="问法，可以改").fill("工资下个月给，又不写条子，咋个办")
    page.get_by_role("button", name="没有答案").click()
    expect(page.get_by_text("都看过了")).to_be_visible()
    page.get_by_role("link", name="收下的问法").click()
    expect(page.get_by_text("八十多岁的老人有一笔钱，哪里领")).to_be_visible()
    _sound(page, size)


def _sound(page: Page, size: ViewportSize) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert Axe().run(page)["violations"] == []
