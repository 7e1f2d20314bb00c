"""A whole day of one matter: everybody at a real screen, every process real."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browsing import (
    SECONDS,
    Phone,
    deed,
    log_in,
    resolve,
    send_reply,
)
from tests.e2e.running import Service

QUESTION = "老板拖欠工资咋个办"
DISPUTE = "我在官渡关上的工地干了三个月 包工头欠我们六个人八万块不给 我要告他"
OUTCOME = "包工头答应月底前付清六个人的工钱"
SECOND_OUTCOME = "钱已经打到六个人的卡上"
KEPT = "明天十点带上记工本 到街道调解室"
HANDOVER = "他们怕老板跑 先去工地"
POSTER = "关上社区"
SUPERVISOR = "heguihua"
WORKERS = {"杨梅": "yangmei", "李明昌": "limingchang", "刀玉兰": "daoyulan", "赵勇": "zhaoyong"}
Desk = Callable[[], Page]


@pytest.fixture
def newcomer(browser: Browser, service: Service) -> Iterator[Callable[[], Phone]]:
    """Somebody walks by who does not follow us yet."""
    page = browser.new_page()

    def comes() -> Phone:
        page.goto(service.simulator)
        expect(page.locator(".phone")).not_to_have_count(0)
        page.locator(".bar").get_by_role("button", name="新居民").click()
        return Phone(page, "新居民")

    yield comes
    page.close()


@pytest.fixture
def desk(browser: Browser) -> Iterator[Desk]:
    """Each call opens another computer: a page with a login of its own."""
    contexts = []

    def opened() -> Page:
        contexts.append(browser.new_context())
        return contexts[-1].new_page()

    yield opened
    for context in contexts:
        context.close()


def test_from_the_poster_on_the_wall_to_the_money_in_hand(
    newcomer: Callable[[], Phone], desk: Desk, service: Service
) -> None:
    office, first, second = desk(), desk(), desk()
    log_in(office, service, SUPERVISOR)
    hang_a_poster(office, service, POSTER)
    phone = newcomer()
    ticket = f"{service.console}/tickets/{tells_of_the_wrong(phone)}"

    owner = in_charge(office, ticket)
    log_in(first, service, WORKERS[owner])
    first.goto(ticket)
    expect(first.get_by_label("这件事")).to_contain_text("官渡区")
    accept(first)
    phone.shows(re.compile("接着由我来帮您"))
    use_up_the_budget(first, phone)
    reach_by_notice_and_by_call(first, phone)

    go_on_leave(first, service)
    stand_in = wait_until_moved(office, ticket, away=owner)
    other = next(name for name in reversed(WORKERS) if name not in {owner, stand_in})
    reassign(office, ticket, to=other)
    come_back(first, service, owner)

    log_in(second, service, WORKERS[other])
    second.goto(ticket)
    expect(second.get_by_text(HANDOVER).first).to_be_visible()
    accept(second)
    resolve(second, OUTCOME)
    phone.shows(re.compile(OUTCOME))
    call_back(office, ticket)
    it_was_not_solved(second, ticket, phone)
    expect(in_state(office, ticket, "已办结").get_by_text("居民说解决了").first).to_be_attached()
    service.command("tickets", "check")  # fails where the log and the tickets disagree


def tells_of_the_wrong(phone: Phone) -> str:
    """Scan the poster, ask, and tell what happened; return the number of the ticket."""
    phone.scan_last_code()
    phone.shows(re.compile("欢迎来到云桥"))
    phone.send(QUESTION)
    phone.shows(re.compile("《保障农民工工资支付条例》"))
    phone.send(DISPUTE)
    phone.shows(re.compile(r"编号 \d{4}-\d{4}"))
    return str(re.findall(r"编号 (\d{4}-\d{4})", phone.text())[-1])


def it_was_not_solved(page: Page, ticket: str, phone: Phone) -> None:
    """The resident takes the closed matter up again; it ends a second time, by their word."""
    phone.send("没解决")
    phone.shows(re.compile("接着办"))
    in_state(page, ticket, "办理中")
    resolve(page, SECOND_OUTCOME)
    phone.shows(re.compile(SECOND_OUTCOME))
    phone.send("1")
    phone.shows(re.compile("办结"))


def hang_a_poster(page: Page, service: Service, name: str) -> None:
    """Make a QR code, and wait until WeChat has given it."""
    page.goto(f"{service.console}/codes/")
    page.get_by_label("名称").fill(name)
    page.get_by_label("地区").fill("昆明市官渡区")
    page.locator("form.panel").get_by_role("button").click()
    poster = page.get_by_label(f"下载{name}的海报 PDF")
    for _ in range(20):
        if poster.is_visible():
            return
        page.get_by_role("link", name="刷新").click()
    expect(poster).to_be_visible()


def accept(page: Page) -> None:
    page.get_by_role("button", name=re.compile("签收接手")).click()
    expect(page.locator(".talk-head")).to_contain_text("办理中")


def use_up_the_budget(page: Page, phone: Phone) -> None:
    """Five messages after the resident's last: taking over, two, two as one, the kept one."""
    send_reply(page, "记工本还在吗")
    phone.shows(re.compile("记工本还在吗"))
    send_reply(page, "工地在哪条路")
    phone.shows(re.compile("工地在哪条路"))
    expect(page.locator("#budget")).to_contain_text("还可回复 1 条", timeout=SECONDS)
    expect(send_reply(page, "包工头电话是多少")).to_contain_text("合成一条发")
    expect(send_reply(page, "工友有几个在场")).to_be_visible()
    phone.shows(re.compile("包工头电话是多少\n工友有几个在场"))
    expect(page.locator("#budget")).to_contain_text("只剩 1 条", timeout=SECONDS)
    send_reply(page, "请今天就拍照发来")
    page.get_by_role("button", name="用掉最后一条，现在发").click()
    phone.shows(re.compile("请今天就拍照发来"))
    expect(page.locator("#budget")).to_contain_text("用完了", timeout=SECONDS)


def reach_by_notice_and_by_call(page: Page, phone: Phone) -> None:
    """What cannot be sent is kept: the resident is told of it, writes, and has it."""
    page.get_by_label("回复居民").fill(KEPT)
    page.get_by_role("button", name="存着并发提醒").click()
    phone.shows(re.compile("新答复|新的答复"))
    page.get_by_role("button", name="改为打电话").click()
    expect(page.locator("#tasks")).to_contain_text("打电话")
    assert KEPT not in phone.text()
    phone.send("看到了")
    phone.shows(re.compile(KEPT))


def go_on_leave(page: Page, service: Service) -> None:
    """From this minute on, until tomorrow."""
    page.goto(f"{service.console}/leave/")
    page.get_by_label("事假").check()
    today = page.evaluate("new Date().toLocaleDateString('sv', {timeZone: 'Asia/Shanghai'})")
    page.get_by_label("哪天开始").fill(today)
    page.get_by_label("几点开始").fill("00:00")
    page.get_by_role("button", name="请假", exact=True).click()
    page.wait_for_url("**/handover**")


def come_back(page: Page, service: Service, name: str) -> None:
    page.goto(f"{service.console}/leave/")
    page.once("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name=f"{name} 回来了").click()
    expect(page.get_by_text("已经回来上班")).to_be_visible()


def in_charge(page: Page, ticket: str) -> str:
    """Return the name of whoever has the ticket."""
    page.goto(ticket)
    said = page.get_by_label("这件事").locator("dt", has_text="负责人").locator("+ dd")
    return said.inner_text().split()[0]


def wait_until_moved(page: Page, ticket: str, *, away: str) -> str:
    """Wait until somebody else has it, because of the leave; return their name."""
    page.goto(ticket)
    expect(page.get_by_label("这件事")).to_contain_text(f"{away}请假", timeout=SECONDS)
    return in_charge(page, ticket)


def reassign(page: Page, ticket: str, *, to: str) -> None:
    """Give it to somebody else, with a word for them."""
    page.goto(ticket)
    form = deed(page, "转给别人")
    option = form.get_by_label("转给谁").locator("option", has_text=to)
    form.get_by_label("转给谁").select_option(option.get_attribute("value"))
    form.get_by_label("交接").fill(HANDOVER)
    form.get_by_role("button", name="转出").click()
    expect(page.get_by_text("已转出")).to_be_visible()


def in_state(page: Page, ticket: str, state: str) -> Page:
    page.goto(ticket)
    expect(page.locator(".talk-head")).to_contain_text(state)
    return page


def call_back(page: Page, ticket: str) -> None:
    page.goto(ticket)
    form = deed(page, "回访")
    form.get_by_label("解决了", exact=True).check()
    form.get_by_label("满意", exact=True).check()
    form.get_by_label("居民怎么说的").fill("说答应了 月底看")
    form.get_by_role("button", name="记下回访").click()
    expect(page.locator(".talk-head")).to_contain_text("已办结")
