"""The page in a real browser: what a person types, taps and sees."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.handlers.simulator.conftest import Driver
from tests.handlers.simulator.stub import Stub, text_reply
from tests.serving import serving

CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs the system's Chromium")


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
    yield browser
    browser.close()


@pytest.fixture
def address(driver: Driver) -> Iterator[str]:
    """The page of a simulator whose first phone belongs to the driver's resident."""
    driver.openid = driver.client.get("/sim/residents").get_json()[0]["openid"]
    with serving(driver.app) as port:
        yield f"http://127.0.0.1:{port}/"


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    page = chromium.new_page(viewport={"width": 1280, "height": 800})
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
    page.goto(address)
    yield page
    page.close()
    assert problems == []


def test_enter_sends_and_the_reply_appears(page: Page, stub: Stub) -> None:
    stub.answer = lambda message: text_reply(message, "可以要，打 12333")
    phone = page.locator(".phone").first

    phone.get_by_label("发消息").fill("工钱没给")
    phone.get_by_label("发消息").press("Enter")

    expect(phone.locator(".own .bubble")).to_have_text("工钱没给")
    expect(phone.locator(".message:not(.own) .bubble")).to_have_text("可以要，打 12333")
    expect(phone.locator("a[href='tel:12333']")).to_be_visible()
    expect(page.locator("#who")).to_contain_text("还能发 5/5 条")


def test_html_in_a_message_is_only_text(page: Page, driver: Driver) -> None:
    driver.act("text", text="<img src=x onerror=alert(1)> <a href='javascript:alert(1)'>x</a>")
    driver.act("text", text='<a href="javascript:alert(2)">y</a><script>alert(3)</script>')
    bubbles = page.locator(".phone").first.locator(".own .bubble")

    expect(bubbles).to_have_count(2)
    expect(bubbles.nth(1)).to_contain_text("javascript:alert(2)")
    expect(bubbles.locator("img, a, script")).to_have_count(0)


def test_a_tapped_choice_goes_out_with_its_number(page: Page, driver: Driver, stub: Stub) -> None:
    driver.act("text", text="娃娃读书")
    link = '<a href=\\"weixin://bizmsgmenu?msgmenucontent=转学&msgmenuid=2\\">转学</a>'
    driver.say(f"选一个：{link}")

    page.locator(".phone").first.get_by_role("button", name="转学").click()

    expect(page.locator(".phone").first.locator(".own .bubble").last).to_have_text("转学")
    assert (stub.got[-1]["Content"], stub.got[-1]["bizmsgmenuid"]) == ("转学", "2")


def test_a_menu_opens_and_its_entry_is_told(page: Page, driver: Driver, stub: Stub) -> None:
    stub.answer = lambda message: text_reply(message, "您没有工单")
    sub = [{"type": "click", "name": "查进度", "key": "status"}]
    menu = {"button": [{"name": "我的", "sub_button": sub}]}
    driver.call("menu/create", json.dumps(menu, ensure_ascii=False))
    phone = page.locator(".phone").first

    phone.get_by_role("button", name="我的", exact=True).click()
    phone.get_by_role("button", name="查进度").click()

    expect(phone.locator(".bubble")).to_have_text("您没有工单")
    assert stub.got[-1]["EventKey"] == "status"


def test_a_new_resident_follows_and_is_welcomed(page: Page, stub: Stub) -> None:
    stub.answer = lambda message: text_reply(message, "欢迎")

    page.get_by_role("button", name="新居民", exact=True).click()
    page.get_by_role("button", name="关注服务号").click()

    expect(page.locator(".phone").last.locator(".bubble")).to_have_text("欢迎")


def test_phones_fit_and_everybody_can_use_them(page: Page, driver: Driver) -> None:
    driver.act("voice", text="我腿疼")
    driver.act("location", label="镇雄")
    expect(page.locator(".phone").first.locator(".card")).to_be_visible()

    for width, phones in ((1280, 2), (1700, 3), (375, 1)):
        page.set_viewport_size({"width": width, "height": 800})
        expect(page.locator(".phone")).to_have_count(phones)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert Axe().run(page)["violations"] == []
