"""The bell and the list in a real browser: live, seen when looked at, usable by everybody."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_core_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, select

from bot.db.engine import reading, transaction
from bot.notices import binding, trouble
from bot.notices.queue import notify
from bot.notices.tables import Fate, NoticeDelivery, NoticeKind, StaffNotice
from bot.people.tables import Staff
from bot.tickets.tables import Ticket
from tests.browsing import log_in
from tests.conftest import NOW
from tests.handlers.console.conftest import PASSWORD
from tests.serving import serving

SIZES = ((1280, 800), (375, 720))


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with serving(app) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def desk(page: Page, address: str, worker: Staff) -> Iterator[Page]:
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
    log_in(page, address, worker.login, PASSWORD, then="/me")
    yield page
    page.goto("about:blank")  # ends the polling before the server goes
    assert problems == []


def tell(engine: Engine, worker: Staff, kind: NoticeKind, ticket: Ticket | None = None) -> None:
    with transaction(engine) as session:
        ticket_id = ticket.id if ticket else None
        notify(
            session, staff_id=worker.id, kind=kind, ticket_id=ticket_id, now=NOW, once=f"{kind}"
        )


def unseen(engine: Engine) -> int:
    with reading(engine) as session:
        return len(session.scalars(select(StaffNotice).where(StaffNotice.seen_at.is_(None))).all())


def test_the_bell_rings_while_one_does_something_else(
    desk: Page, engine: Engine, worker: Staff
) -> None:
    bell = desk.locator("#bell")
    expect(bell).to_be_visible()
    bell.focus()

    tell(engine, worker, NoticeKind.MENTIONED)

    expect(bell.locator(".count")).to_have_text("1")
    expect(bell).to_be_focused()
    assert unseen(engine) == 1


def test_the_open_list_fills_and_counts_as_seen(
    desk: Page, engine: Engine, worker: Staff, ticket: Ticket
) -> None:
    desk.locator("#bell").click()
    expect(desk.get_by_text("还没有提醒")).to_be_visible()

    tell(engine, worker, NoticeKind.ASSIGNED, ticket)

    expect(desk.get_by_role("link", name=ticket.number)).to_be_visible()
    expect(desk.get_by_text("工作台：已看")).to_be_visible()
    expect(desk.locator("#bell .count")).to_have_count(0)
    assert unseen(engine) == 0


def test_a_broken_channel_appears_on_the_open_page(
    desk: Page, engine: Engine, worker: Staff
) -> None:
    with transaction(engine) as session:
        trouble.warn(session, staff_id=worker.id, channel="wechat", reason="user_block", now=NOW)

    expect(desk.get_by_text("到不了您那里")).to_be_visible()


def test_the_binding_goes_on_by_itself(desk: Page, engine: Engine, worker: Staff) -> None:
    desk.goto(desk.url.replace("/me", "/notices/wechat"))
    desk.get_by_role("button", name="出二维码").click()
    with transaction(engine) as session:
        made = binding.running(session, worker.id, now=NOW)
        assert made is not None
        made.url = "http://weixin.qq.com/q/02abc"
    expect(desk.get_by_alt_text("绑定微信的二维码")).to_be_visible()

    with transaction(engine) as session:
        made = binding.running(session, worker.id, now=NOW)
        assert made is not None
        number = binding.scanned(session, made, "o-wang")
    desk.get_by_label("六位数字").fill(number)
    desk.get_by_role("button", name="确认绑定").click()

    expect(desk.get_by_text("绑定好了")).to_be_visible()
    expect(desk.get_by_text("已绑定")).to_be_visible()


def test_everybody_can_use_it_on_every_screen(
    desk: Page, engine: Engine, worker: Staff, ticket: Ticket
) -> None:
    home = desk.url.removesuffix("/me")
    for kind in (NoticeKind.TASK_DUE, NoticeKind.ASSIGNED, NoticeKind.CRISIS_PAGE):
        tell(engine, worker, kind, ticket)
    with transaction(engine) as session:
        for notice in session.scalars(select(StaffNotice)):
            session.add(
                NoticeDelivery(
                    notice_id=notice.id, channel="wechat", state=Fate.REFUSED,
                    reason="user_block", not_before=NOW, at=NOW,
                )
            )  # fmt: skip
        trouble.warn(session, staff_id=worker.id, channel="wechat", reason="user_block", now=NOW)
        binding.offer(session, worker.id, now=NOW).url = "http://weixin.qq.com/q/02abc"

    for width, height in SIZES:
        desk.set_viewport_size({"width": width, "height": height})
        for place in ("notices", "notices/ways", "notices/wechat"):
            desk.goto(f"{home}/{place}")
            desk.wait_for_load_state("networkidle")
            if os.environ.get("SHOTS"):
                name = f"{place.replace('/', '-')}-{width}.png"
                desk.screenshot(path=Path(os.environ["SHOTS"]) / name, full_page=True)
            assert desk.evaluate("document.documentElement.scrollWidth") <= width
            assert Axe().run(desk)["violations"] == []
