"""Importing a policy document in a browser, at a desk and on a phone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, expect

from bot.people.tables import Role, Staff
from tests.browsing import log_in
from tests.handlers.console import test_tickets_browser as browser
from tests.handlers.console.conftest import PASSWORD
from tests.handlers.console.test_tickets_browser import DESK, PHONE

address = browser.address
TEXT = """# 石桥县冬季取暖补助办法
第一章 总则
第一条 为了让困难群众过好冬天，制定本办法。
第二章 补助
第二条 烧煤取暖的家庭，按下列标准补助：
（一）特困人员家庭，每户每年三百元；
（二）低保家庭，每户每年二百元。
第三条 申请补助的人，十一月三十日以前到村委会登记，带户口簿。
"""


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_document_is_imported_read_over_and_published(
    page: Page, address: str, person: Callable[..., Staff], size: ViewportSize, tmp_path: Path
) -> None:
    file = tmp_path / "policy.md"
    file.write_text(TEXT, "utf-8")
    admin = person(name="周敏", role=Role.ADMIN)
    page.set_viewport_size(size)
    log_in(page, address, admin.login, PASSWORD, then="/policies/new")

    page.get_by_label("文件", exact=True).set_input_files(file)
    page.get_by_label("文件标题").fill("石桥县冬季取暖补助办法")
    page.get_by_label("文号").fill("石政发〔2026〕3号")
    page.get_by_label("施行日期").fill("2026-01-01")
    _sound(page, size)
    page.get_by_role("button", name="导入").click()
    expect(page.get_by_role("heading", name="第三条")).to_be_visible()
    _sound(page, size)
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_text("已发布", exact=True)).to_be_visible()
    page.get_by_role("link", name="政策文件").first.click()
    expect(page.get_by_text("第 1 版")).to_be_visible()
    _sound(page, size)


def _sound(page: Page, size: ViewportSize) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert Axe().run(page)["violations"] == []
