"""A phone of the simulator and the console, in a browser."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import browsing
from tests.e2e.running import Service

SECONDS = 120_000


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

    def scan_last_code(self) -> None:
        """Follow by the QR code that was made last."""
        self.screen.get_by_role("button", name="扫最近的二维码关注").click()

    def shows(self, text: str | re.Pattern[str]) -> None:
        log = self.screen.get_by_role("log")
        expect(log.get_by_text(text).last).to_be_visible(timeout=SECONDS)

    def text(self) -> str:
        return self.screen.get_by_role("log").inner_text()


def log_in(page: Page, service: Service, login: str) -> None:
    """Open the console as this person."""
    browsing.log_in(page, service.console, login, service.logins()[login])


def log_in_as_the_responsible(page: Page, service: Service, number: str) -> str:
    """Open the ticket as whoever may answer it; return their login."""
    browser = page.context.browser
    assert browser is not None
    for login in service.logins():
        # Each in a browser of its own: a page that is left still tells so, with the old cookie.
        tried = browser.new_context().new_page()
        log_in(tried, service, login)
        tried.goto(f"{service.console}/tickets/{number}")
        may = tried.get_by_label("回复居民").is_visible()
        tried.context.close()
        if may:
            log_in(page, service, login)
            page.goto(f"{service.console}/tickets/{number}")
            return login
    return str(pytest.fail(f"nobody may answer {number}"))


def send_reply(page: Page, text: str, button: str = "发送") -> Locator:
    """Write to the resident; return the bubble that appears in the conversation."""
    page.get_by_label("回复居民").fill(text)
    page.get_by_role("button", name=button, exact=True).click()
    return page.locator(".say.person", has_text=text)


def deed(page: Page, name: str) -> Locator:
    """Return the form of a deed, opened."""
    part = page.locator(
        "details", has=page.locator("summary", has_text=re.compile(rf"^\s*{name}\s*$"))
    )
    if part.last.get_attribute("open") is None:
        part.last.locator("summary").first.click()
    return part.last


def resolve(page: Page, outcome: str) -> None:
    """Close the matter with its outcome."""
    page.reload()
    form = deed(page, "办结")
    form.get_by_label("办得怎么样").fill(outcome)
    form.get_by_role("button", name="把结果发给居民").click()
