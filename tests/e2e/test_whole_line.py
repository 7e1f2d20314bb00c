"""From a resident's question to a solved matter, in a real browser, as a newcomer would try it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browsing import SECONDS, Phone, log_in_as_the_responsible, resolve, send_reply
from tests.e2e.running import Service

QUESTION = "老板拖欠工资咋个办"
HELP = "帮我去找老板要工钱 我们五个人在官渡"
ANSWER = "我是杨老师 明天上午陪你去工地"
OUTCOME = "公司已答应这个月底付清"


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

    reply = send_reply(console, ANSWER)
    phone.shows(re.compile(ANSWER))
    expect(reply).to_contain_text("已送达微信", timeout=SECONDS)
    expect(reply).to_be_in_viewport()

    phone.send("要得 我在工地门口等")
    expect(console.get_by_text("要得 我在工地门口等").last).to_be_visible(timeout=SECONDS)

    resolve(console, OUTCOME)
    phone.shows(re.compile(OUTCOME))

    phone.send("1")
    phone.shows(re.compile("办结"))
    console.goto(f"{service.console}/tickets/{number}")
    expect(console.get_by_text("居民说解决了").first).to_be_attached()
