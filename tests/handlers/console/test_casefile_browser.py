"""Tasks and case files in a real browser: for one thumb, for a screen reader, for a desk."""

from collections.abc import Callable

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Dialog, Page, ViewportSize, expect

from bot.casefile import households, persons, tasks
from bot.casefile.persons import Told
from bot.casefile.tables import TaskKind
from bot.db.engine import transaction
from bot.people.tables import Role, Staff
from bot.tickets.tables import Ticket
from tests.conftest import NOW
from tests.handlers.console import test_tickets_browser as browser
from tests.handlers.console.test_tickets_browser import DESK, PHONE, Desk, too_small

address, desk = browser.address, browser.desk


@pytest.fixture
def visit(desk: Desk) -> int:
    with transaction(desk.engine) as session:
        task = tasks.plan(
            session, ticket=desk.ticket, kind=TaskKind.VISIT, staff_id=None, by=desk.worker,
            text="看看孩子回学校没有", due_at=NOW.replace(hour=8), now=NOW,
        )  # fmt: skip
    return task.id


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_pages_of_tasks_and_files_serve_everybody(
    desk: Desk, visit: int, size: ViewportSize
) -> None:
    home = desk.page.url.split("/tickets")[0]
    desk.page.set_viewport_size(size)
    with transaction(desk.engine) as session:
        ticket = session.get_one(Ticket, desk.ticket.id)
        pair = [
            persons.record(session, ticket, Told(it), by=desk.worker, now=NOW)
            for it in ("本人", "母亲")
        ]
        home_id = households.live_together(session, *pair, by=desk.worker, now=NOW).id
    places = ["/tasks", f"/tasks/{visit}", "/mentions", "/handover"]
    for path in (
        *places,
        f"/tickets/{desk.ticket.number}/file",
        f"/tickets/{desk.ticket.number}/help",
        f"/households/{home_id}",
    ):
        desk.page.goto(home + path)
        sound(desk.page, size)
    assert desk.problems == []


def test_a_visit_is_planned_written_and_finished_on_a_phone(desk: Desk) -> None:
    page = desk.page
    page.set_viewport_size(PHONE)
    page.goto(f"{page.url}?pane=details")
    page.locator("summary", has_text="安排一件事").click()
    page.get_by_label("上门").check()
    page.get_by_label("说清楚一点").fill("看看孩子回学校没有")
    page.get_by_role("button", name="安排", exact=True).click()

    page.get_by_role("link", name="看看孩子回学校没有").click()
    page.get_by_label("见到了谁").fill("奶奶在家")
    page.get_by_role("button", name="存下，办完了").click()

    expect(page.get_by_text("这次上门办完了")).to_be_visible()
    expect(page.locator(".page-head .chip")).to_contain_text("办完")
    assert desk.problems == []


def test_an_at_offers_who_may_see_the_ticket_and_writes_the_name(
    desk: Desk, person: Callable[..., Staff]
) -> None:
    person(Role.SUPERVISOR, name="赵敏")
    person(name="李娜")
    page = desk.page
    page.locator("summary", has_text="写内部备注").click()

    page.get_by_label("备注（居民看不到）").press_sequentially("请看 @")
    offered = page.get_by_role("group", name="提醒谁").get_by_role("button")
    expect(offered).to_have_text(["王芳", "赵敏"])
    offered.nth(1).click()

    expect(page.get_by_label("备注（居民看不到）")).to_have_value("请看 @赵敏 ")
    page.get_by_role("button", name="存备注").click()
    expect(page.locator(".say.note", has_text="@赵敏")).to_be_visible()
    assert desk.problems == []


def test_a_line_is_ticked_in_place_and_a_fold_stays_open(desk: Desk) -> None:
    page = desk.page
    page.locator("summary", has_text="清单").click()
    page.get_by_role("button", name="工地或厂子叫什么").click()

    expect(page.get_by_text("问清 1 / 9")).to_be_visible()
    expect(page.get_by_role("button", name="工地或厂子叫什么")).to_have_attribute(
        "aria-pressed", "true"
    )
    page.locator("summary", has_text="是谁的事").click()
    page.locator("summary", has_text="记一个人").click()
    page.get_by_role("button", name="记下").click()

    expect(page.locator("#people")).to_be_visible()
    expect(page.locator("#people li")).to_have_count(1)
    assert desk.problems == []


def test_one_is_asked_before_a_report_on_this_phone_is_thrown_away(desk: Desk, visit: int) -> None:
    page, asked = desk.page, list[str]()

    def dismiss(box: Dialog) -> None:
        asked.append(box.message)
        box.dismiss()

    page.on("dialog", dismiss)
    page.goto(page.url.split("/tickets")[0] + f"/tasks/{visit}")
    page.get_by_label("见到了谁").fill("奶奶在家")

    page.get_by_role("button", name="退出", exact=True).click()

    assert len(asked) == 1
    assert "还没有存到服务器" in asked[0]
    expect(page.get_by_label("见到了谁")).to_have_value("奶奶在家")


def sound(page: Page, size: ViewportSize) -> None:
    """Nothing scrolls sideways, nothing is too small for a thumb, axe finds no fault."""
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert size == DESK or too_small(page) == []
    found = Axe().run(page)["violations"]
    assert [(it["id"], it["nodes"][0]["html"][:200]) for it in found] == []
