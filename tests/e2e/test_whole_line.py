"""From a resident's question to a solved matter, in a real browser, as a newcomer would try it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.running import Service

QUESTION = "老板拖欠工资咋个办"
HELP = "帮我去找老板要工钱 我们五个人在官渡"
ANSWER = "我是杨老师 明天上午陪你去工地"
OUTCOME = "公司已答应这个月底付清"
SECONDS = 20_000


class Phone:
    """A phone of the simulator."""

    def __init__(self, page: Page, name: str) -> None:
        self.screen = page.locator(".phone").filter(has_text=name).first

    def send(self, text: str) -> None:
        keyboard = self.screen.get_by_label("切换到键盘")
        if keyboard.is_visible():
            keyboard.click()
        self.screen.get_by_label("发消息").fill(text)
        self.screen.get_by_label("发消息").press("Enter")

    def shows(self, text: str | re.Pattern[str]) -> None:
        log = self.screen.get_by_role("log")
        expect(log.get_by_text(text).last).to_be_visible(timeout=SECONDS)

    def text(self) -> str:
        return self.screen.get_by_role("log").inner_text()


@pytest.fixture
def phone(browser: Browser, service: Service) -> Iterator[Phone]:
    page = browser.new_page()
    page.goto(service.simulator)
    yield Phone(page, "小李")
    page.close()


@pytest.fixture
def console(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def log_in_as_the_responsible(page: Page, service: Service, number: str) -> None:
    for login, password in service.logins().items():
        page.context.clear_cookies()
        page.goto(f"{service.console}/login")
        page.get_by_label("登录名").fill(login)
        page.get_by_label("密码").fill(password)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(lambda url: "/login" not in url)
        page.goto(f"{service.console}/tickets/{number}")
        if page.get_by_label("回复居民").is_visible():
            return
    pytest.fail(f"nobody may answer {number}")


def test_a_question_a_matter_a_reply_and_the_end(
    phone: Phone, console: Page, service: Service
) -> None:
    phone.send(QUESTION)
    phone.shows(re.compile("12333"))
    assert "《保障农民工工资支付条例》" in phone.text()

    phone.send(HELP)
    phone.shows(re.compile(r"编号 \d{4}-\d{4}"))
    number = re.findall(r"编号 (\d{4}-\d{4})", phone.text())[-1]

    log_in_as_the_responsible(console, service, number)
    expect(console.get_by_text(HELP).last).to_be_visible()

    console.get_by_label("回复居民").fill(ANSWER)
    console.get_by_role("button", name="发送", exact=True).click()
    phone.shows(re.compile(ANSWER))
    reply = console.locator(".say.person", has_text=ANSWER)
    expect(reply).to_contain_text("已送达微信", timeout=SECONDS)
    expect(reply).to_be_in_viewport()

    phone.send("要得 我在工地门口等")
    expect(console.get_by_text("要得 我在工地门口等").last).to_be_visible(timeout=SECONDS)

    resolve(console)
    phone.shows(re.compile(OUTCOME))

    phone.send("1")
    phone.shows(re.compile("办结"))
    console.goto(f"{service.console}/tickets/{number}")
    expect(console.get_by_text("居民说解决了").first).to_be_attached()


def resolve(console: Page) -> None:
    """Close the matter with its outcome."""
    console.reload()
    console.locator("summary", has_text=re.compile(r"^\s*办结\s*$")).click()
    console.get_by_label("办得怎么样").fill(OUTCOME)
    console.get_by_role("button", name="把结果发给居民").click()
