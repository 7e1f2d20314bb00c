"""What the browser tests of the console share."""

from playwright.sync_api import Page


def log_in(page: Page, console: str, login: str, password: str, then: str = "") -> None:
    """Log in at *console* (its address), go on to the path *then*; returns once that is loaded."""
    page.goto(f"{console}/login" + (f"?next={then}" if then else ""))
    enter(page, login, password)
    # Chromium refuses to reload a page that it is still putting in the place of another.
    page.wait_for_url(lambda url: "/login" not in url)


def enter(page: Page, login: str, password: str) -> None:
    """Fill in the form for logging in, and send it."""
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
