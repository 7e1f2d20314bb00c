"""Complaint 5: two workers answer at once, or a lock keeps everybody out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine, select

from bot.db.engine import transaction
from bot.outbox import OutboundMessage
from bot.people.tables import Role, Staff
from tests.browsing import log_in
from tests.builders import a_ticket
from tests.handlers.console import conftest as console
from tests.handlers.console import test_tickets_browser as browser_parts
from tests.handlers.console.conftest import PASSWORD

address = browser_parts.address
app, console_settings, time, person = (
    console.app, console.console_settings, console.time, console.person,
)  # fmt: skip

MINE = "我下午去看您，带上欠条。"
THEIRS = "我是督导，三点给您打电话。"


@dataclass
class Two:
    """A caseworker and a supervisor, each in a browser of their own, on one ticket."""

    worker: Page
    boss: Page
    number: str
    engine: Engine

    def sent(self) -> str:
        with transaction(self.engine) as session:
            return "\n".join(session.scalars(select(OutboundMessage.text)))


def enter(browser: Browser, address: str, login: str, path: str) -> Page:
    page = browser.new_context().new_page()
    log_in(page, address, login, PASSWORD, then=path)
    return page


@pytest.fixture(params=["in_progress", "triage"])
def state(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def two(
    browser: Browser, address: str, engine: Engine, person: Callable[..., Staff], state: str
) -> Iterator[Two]:
    worker = person(name="王芳")
    boss = person(Role.SUPERVISOR, name="赵敏")
    with transaction(engine) as session:
        own = session.get_one(Staff, worker.id) if state != "triage" else None
        number = a_ticket(session, state=state, assignee=own).number
    pages = [enter(browser, address, one.login, f"/tickets/{number}") for one in (worker, boss)]
    yield Two(pages[0], pages[1], number, engine)
    for page in pages:
        page.context.close()


def test_each_sees_the_other_and_that_he_writes(two: Two) -> None:
    expect(two.boss.locator("#around")).to_contain_text("王芳 也在看")
    expect(two.worker.locator("#around")).to_contain_text("赵敏 也在看")

    two.worker.get_by_label("回复居民").press_sequentially(MINE)

    expect(two.boss.locator("#around")).to_contain_text("王芳 正在写回复")


def test_who_leaves_is_gone(two: Two) -> None:
    expect(two.worker.locator("#around")).to_contain_text("赵敏 也在看")

    two.boss.goto("about:blank")

    expect(two.worker.locator("#around")).to_be_hidden()


@pytest.mark.parametrize("state", ["triage"], indirect=True)
def test_the_slower_keeps_the_text_sees_what_was_said_and_leaves_it_to_the_other(
    two: Two,
) -> None:
    two.boss.get_by_label("回复居民").fill(MINE)
    two.worker.get_by_label("回复居民").fill(THEIRS)
    two.worker.locator("#send").click()
    expect(two.worker.locator(".say.person")).to_contain_text(THEIRS)

    two.boss.locator("#send").click()

    asks = two.boss.locator("#collision")
    expect(asks).to_contain_text("还没有发出")
    expect(asks).to_contain_text("王芳")
    expect(asks).to_contain_text(THEIRS)
    expect(two.boss.get_by_label("回复居民")).to_have_value(MINE)
    assert MINE not in two.sent()

    asks.get_by_role("button", name="存成内部备注").click()
    expect(two.worker.locator(".say.note")).to_contain_text(MINE)
    assert MINE not in two.sent()


@pytest.mark.parametrize("state", ["in_progress"], indirect=True)
def test_the_slower_sends_all_the_same_with_one_tap(two: Two) -> None:
    two.worker.get_by_label("回复居民").fill(MINE)
    two.boss.get_by_role("button", name="手上接手").click()
    two.boss.get_by_label("回复居民").fill(THEIRS)
    two.boss.locator("#send").click()
    expect(two.boss.locator(".say.person")).to_contain_text([THEIRS])
    two.boss.locator("summary", has_text="转给别人").click()
    two.boss.get_by_label("转给谁").select_option(index=1)  # the only other one
    two.boss.get_by_role("button", name="转出").click()
    expect(two.worker.get_by_label("回复居民")).to_have_value(MINE)

    two.worker.locator("#send").click()
    asks = two.worker.locator("#collision")
    expect(asks).to_contain_text(THEIRS)
    assert Axe().run(two.worker)["violations"] == []
    asks.get_by_role("button", name="照样发送").click()

    expect(two.worker.locator(".say.person").last).to_contain_text(MINE)
    expect(asks).to_be_hidden()
    assert MINE in two.sent()


@pytest.mark.parametrize("state", ["triage"], indirect=True)
def test_nobody_is_locked_out_by_somebody_who_only_looks_or_writes(two: Two) -> None:
    two.worker.get_by_label("回复居民").press_sequentially(MINE)
    expect(two.boss.locator("#around")).to_contain_text("王芳 正在写回复")

    two.boss.get_by_label("回复居民").fill(THEIRS)
    two.boss.locator("#send").click()

    expect(two.boss.locator(".say.person")).to_contain_text(THEIRS)
