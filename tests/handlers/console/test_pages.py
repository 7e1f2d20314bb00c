"""The console in a real browser: on a desk, on a phone, with a login that ends half-way."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from axe_core_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from bot.contracts import Source
from bot.db.engine import transaction
from bot.knowledge import entries
from bot.knowledge.entries import Draft
from bot.people.tables import Role, Staff
from bot.reports import weekly
from bot.reports.periods import Period
from bot.settings import Settings
from bot.tickets import hours
from tests.browsing import enter, log_in
from tests.builders import a_caseworker
from tests.conftest import NOW
from tests.handlers.console.conftest import PASSWORD, Time
from tests.serving import serving

PATHS = ("/knowledge/", "/knowledge/own-0001", "/knowledge/own-0001/edit", "/knowledge/try",
         "/staff/", "/staff/new", "/staff/1", "/staff/1/work", "/roster/", "/leave/", "/codes/",
         "/organisations/", "/organisations/new", "/outbox/", "/audit/", "/calendar/",
         "/calendar/?year=2027", "/me", "/me/password", "/help")  # fmt: skip


@pytest.fixture
def address(app: Flask, engine: Engine) -> Iterator[str]:
    with transaction(engine) as session:
        draft = Draft(
            question="低保怎么申请",
            variants=("我家穷得很给可以吃低保",),
            answer="向户籍地乡镇申请。",
            sources=(Source("中华人民共和国社会救助法", "第十八条"),),
            topic="assistance",
            subject="低保",
            editor_note="新法施行后核对",
        )
        author = a_caseworker(session).id
        entries.create(session, draft, author_id=author, now=NOW)
        entries.publish(session, "own-0001", staff_id=author, now=NOW)
    with serving(app) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def admin(person: Callable[..., Staff]) -> Staff:
    return person(Role.ADMIN)


@pytest.fixture
def page(browser: Chromium, address: str, admin: Staff) -> Iterator[Page]:
    """An admin's page; nothing may go wrong in it."""
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
    log_in(page, "", admin.login, PASSWORD)
    yield page
    context.close()
    assert [problem for problem in problems if "401" not in problem] == []


def test_every_page_can_be_used_by_everybody(page: Page) -> None:
    for path in PATHS:
        page.goto(path)
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]})["violations"]
        assert [(hit["id"], hit["nodes"][0]["html"]) for hit in found] == [], path


def test_a_phone_needs_no_sideways_scrolling_and_no_small_targets(page: Page) -> None:
    page.set_viewport_size({"width": 375, "height": 740})
    for path in PATHS:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 375, path
        small = page.locator(".btn:visible, .bottombar a").evaluate_all(
            "all => all.filter(e => e.getBoundingClientRect().height < 44).map(e => e.outerHTML)"
        )
        assert small == [], path
    expect(page.locator(".bottombar a")).to_have_count(4)


def test_the_length_of_an_answer_is_counted_as_it_is_typed(page: Page) -> None:
    page.goto("/knowledge/own-0001/edit")

    page.get_by_label("答案", exact=True).fill("长" * 605)

    expect(page.locator("#answer-length")).to_have_text("605 字，多了 5 字")


def test_entries_are_found_while_typing_and_the_address_keeps_it(page: Page) -> None:
    page.goto("/knowledge/")

    page.get_by_label("搜索", exact=True).press_sequentially("养老")

    expect(page.get_by_text("没有找到")).to_be_visible()
    assert "q=%E5%85%BB%E8%80%81" in page.url


def test_a_sentence_is_tried_on_the_entrys_own_page(page: Page) -> None:
    page.goto("/knowledge/own-0001")

    page.get_by_label("照居民的话写一句").fill("低保怎么申请")
    page.get_by_role("button", name="看看会怎么答").click()

    expect(page.get_by_text("就是这一条")).to_be_visible()
    assert page.url.endswith("/knowledge/own-0001")


def test_a_half_written_entry_survives_a_login_that_ended(
    page: Page, time: Time, admin: Staff
) -> None:
    page.goto("/knowledge/own-0001/edit")
    page.get_by_label("答案", exact=True).fill("写了一半的新答案")
    page.get_by_role("button", name="再加一个出处").click()
    page.get_by_label("文件名称").last.fill("最低生活保障审核确认办法")
    time.at += timedelta(hours=13)

    page.get_by_role("button", name="保存草稿").click()
    expect(page.get_by_role("heading", name="请重新登录")).to_be_visible()
    expect(page.get_by_text("写了一半的新答案")).to_be_visible()
    enter(page, admin.login, PASSWORD)

    page.wait_for_url("**/knowledge/own-0001/edit")
    expect(page.get_by_label("答案", exact=True)).to_have_value("写了一半的新答案")
    expect(page.get_by_label("文件名称").nth(2)).to_have_value("最低生活保障审核确认办法")
    page.get_by_role("button", name="保存草稿").click()
    expect(page.get_by_text("草稿已保存")).to_be_visible()


def test_another_person_at_the_same_browser_finds_no_draft(
    page: Page, person: Callable[..., Staff]
) -> None:
    page.goto("/knowledge/own-0001/edit")
    page.get_by_label("答案", exact=True).fill("写了一半")
    page.get_by_role("button", name="退出").click()
    log_in(page, "", person(Role.ADMIN).login, PASSWORD)

    page.goto("/knowledge/own-0001/edit")

    expect(page.get_by_label("答案", exact=True)).to_have_value("向户籍地乡镇申请。")


def test_a_page_goes_on_after_a_login_beside_it(page: Page, time: Time, admin: Staff) -> None:
    page.goto("/knowledge/own-0001")
    page.get_by_label("照居民的话写一句").fill("低保怎么申请")
    time.at += timedelta(hours=13)
    page.get_by_role("button", name="看看会怎么答").click()
    expect(page.get_by_text("登录已过期")).to_be_visible()

    beside = page.context.new_page()
    log_in(beside, "", admin.login, PASSWORD)
    beside.close()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.get_by_text("登录已过期")).to_have_count(0)
    page.get_by_role("button", name="看看会怎么答").click()

    expect(page.get_by_text("就是这一条")).to_be_visible()


def test_keys_open_help_and_jump_to_the_search(page: Page) -> None:
    page.goto("/knowledge/")

    page.keyboard.press("/")
    expect(page.get_by_label("搜索", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.get_by_label("搜索", exact=True).blur()
    page.keyboard.press("?")

    page.wait_for_url("**/help")


def test_a_checksum_can_be_read_in_the_dark(
    page: Page, person: Callable[..., Staff], engine: Engine, console_settings: Settings
) -> None:
    with transaction(engine) as session:
        office = hours.office(session, console_settings)
        weekly.make(session, Period(date(2026, 2, 23), date(2026, 3, 1)), now=NOW, office=office)
    page.context.clear_cookies()
    log_in(page, "", person(Role.SUPERVISOR, login="boss").login, PASSWORD)
    page.emulate_media(color_scheme="dark")
    page.goto("/reports/weekly/1")
    expect(page.locator("code")).to_be_visible()

    found = Axe().run(page, options={"runOnly": ["color-contrast"]})["violations"]

    assert [hit["nodes"][0]["html"] for hit in found] == []
