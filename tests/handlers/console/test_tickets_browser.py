"""The desk in a real browser: live, and never in the way of who is typing."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from axe_core_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, ViewportSize, expect
from sqlalchemy import Engine, func, select

from bot.contracts import Urgency
from bot.db.engine import transaction
from bot.inbox import InboundMessage
from bot.outbox import OutboundMessage, SendState
from bot.people.tables import Role, Staff
from bot.tickets import moves
from bot.tickets.change import note_event
from bot.tickets.tables import Ticket
from bot.wechat import budget
from tests.browsing import log_in
from tests.builders import a_caseworker, a_ticket
from tests.conftest import NOW
from tests.handlers.console.conftest import PASSWORD
from tests.serving import serving

DESK = ViewportSize(width=1280, height=800)
PHONE = ViewportSize(width=375, height=720)
LEAST_TARGET = 44


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with serving(app) as port:
        yield f"http://127.0.0.1:{port}"


@dataclass
class Desk:
    """A caseworker at work on a ticket."""

    page: Page
    engine: Engine
    ticket: Ticket
    worker: Staff
    problems: list[str]

    def hears(self, text: str) -> None:
        """The resident writes."""
        with transaction(self.engine) as session:
            message = InboundMessage(
                key=text, resident_id=self.ticket.resident_id, kind="text", text=text,
                sent_at=NOW, received_at=NOW, lease_until=NOW, ticket_id=self.ticket.id,
            )  # fmt: skip
            session.add(message)

    def sent(self) -> int:
        """How many messages were written for sending."""
        with transaction(self.engine) as session:
            return session.scalar(select(func.count()).select_from(OutboundMessage)) or 0


@pytest.fixture
def desk(page: Page, address: str, engine: Engine, person: Callable[..., Staff]) -> Iterator[Desk]:
    worker = person(name="王芳")
    with transaction(engine) as session:
        own = session.get_one(Staff, worker.id)
        ticket = a_ticket(session, assignee=own, urgency=Urgency.CRISIS)
        budget.opened_by_message(session, ticket.resident_id, now=NOW)
        for _ in range(3):
            a_ticket(session, assignee=own)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
    page.set_viewport_size(DESK)
    log_in(page, address, worker.login, PASSWORD, then=f"/tickets/{ticket.number}")
    yield Desk(page, engine, ticket, worker, problems)
    page.goto("about:blank")  # ends the polling before the server goes


def test_new_words_appear_while_a_draft_keeps_focus_and_cursor(desk: Desk) -> None:
    box = desk.page.get_by_label("回复居民")
    box.press_sequentially("您先别急，")
    box.evaluate("field => field.setSelectionRange(1, 3)")

    desk.hears("刚刚又来人了")

    expect(desk.page.locator(".say.resident", has_text="刚刚又来人了")).to_be_visible()
    expect(box).to_have_value("您先别急，")
    expect(box).to_be_focused()
    assert box.evaluate("field => [field.selectionStart, field.selectionEnd]") == [1, 3]
    assert desk.problems == []


def test_an_answer_appears_in_place_and_its_fate_follows(desk: Desk) -> None:
    desk.page.get_by_label("回复居民").fill("您在哪个工地？")
    desk.page.get_by_role("button", name="发送", exact=True).click()
    bubble = desk.page.locator(".say.person", has_text="您在哪个工地？")
    expect(bubble).to_contain_text("排队")
    expect(desk.page.get_by_label("回复居民")).to_have_value("")

    with transaction(desk.engine) as session:
        for message in session.scalars(select(OutboundMessage)):
            message.state = SendState.ACCEPTED

    expect(bubble).to_contain_text("已送达微信")
    assert desk.problems == []


def test_a_double_click_sends_one_message(desk: Desk) -> None:
    desk.page.get_by_label("回复居民").fill("您在哪个工地？")

    desk.page.get_by_role("button", name="发送", exact=True).dblclick()

    expect(desk.page.locator(".say.person")).to_have_count(1)
    assert desk.sent() == 1


def test_a_draft_survives_a_reload_and_ends_with_the_sending(desk: Desk) -> None:
    box = desk.page.get_by_label("回复居民")
    box.press_sequentially("写到一半")
    desk.page.reload()
    expect(box).to_have_value("写到一半")

    desk.page.get_by_role("button", name="发送", exact=True).click()
    expect(box).to_have_value("")
    desk.page.reload()

    expect(box).to_have_value("")


def test_a_change_by_a_colleague_is_told_and_the_text_kept(desk: Desk) -> None:
    box = desk.page.get_by_label("回复居民")
    box.fill("写了半天的话")
    with transaction(desk.engine) as session:
        boss = a_caseworker(session, name="赵敏", role=Role.SUPERVISOR)
        act = moves.Act(boss, 10**6, NOW)
        moves.accept(session, desk.ticket.number, by=act)
        moves.assign(session, desk.ticket.number, by=act, to=desk.worker.id)

    send = desk.page.get_by_role("button", name="发送", exact=True)
    send.click()
    expect(desk.page.locator("#collision")).to_contain_text("有了变化")
    expect(box).to_have_value("写了半天的话")
    send.click()

    expect(desk.page.locator(".say.person", has_text="写了半天的话")).to_be_visible()


def test_a_changed_state_offers_to_look_and_keeps_the_draft(desk: Desk) -> None:
    desk.page.get_by_label("回复居民").press_sequentially("写到一半")

    with transaction(desk.engine) as session:
        ticket = session.get_one(Ticket, desk.ticket.id)
        note_event(session, ticket, "closed", now=NOW, code="duplicate")

    expect(desk.page.locator("#stale")).to_be_visible()
    expect(desk.page.locator("#talk-head")).to_contain_text("已办结")
    expect(desk.page.get_by_label("回复居民")).to_have_value("写到一半")


def test_unread_words_are_counted_in_the_title(desk: Desk) -> None:
    expect(desk.page).to_have_title(re.compile(r"^\(3\) "))


def test_a_phone_shows_one_pane_with_targets_for_a_thumb(desk: Desk) -> None:
    desk.page.set_viewport_size(PHONE)
    home = desk.page.url.split("/tickets")[0]

    for path in (f"/tickets/{desk.ticket.number}", "/tickets"):
        desk.page.goto(home + path)
        assert desk.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        assert too_small(desk.page) == []


def test_a_phone_shows_tickets_at_once_and_the_chosen_list_among_all(desk: Desk) -> None:
    desk.page.set_viewport_size(PHONE)
    home = desk.page.url.split("/tickets")[0]

    desk.page.goto(f"{home}/tickets?view=done")
    expect(desk.page.locator("#view-done")).to_be_in_viewport(ratio=1)
    desk.page.goto(f"{home}/tickets")

    first = desk.page.locator("[data-row]").first.bounding_box()
    assert first is not None
    assert first["y"] < PHONE["height"] / 3 + 20


def test_on_a_phone_ones_own_words_are_seen(desk: Desk) -> None:
    desk.page.set_viewport_size(PHONE)

    desk.page.get_by_label("回复居民").fill("您在哪个工地？")
    desk.page.get_by_role("button", name="发送", exact=True).click()

    expect(desk.page.locator(".say.person", has_text="您在哪个工地？")).to_be_in_viewport()


def too_small(page: Page) -> list[str]:
    """What is too low for a thumb."""
    found: list[str] = page.locator("main :is(a, button, input, summary):visible").evaluate_all(
        """(all, least) => all
            .filter(it => it.getBoundingClientRect().height < least)
            .map(it => it.outerHTML.slice(0, 80))""",
        LEAST_TARGET,
    )
    return found


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("pane", ["", "?pane=details"], ids=["talk", "details"])
def test_everybody_can_use_it(desk: Desk, size: ViewportSize, pane: str) -> None:
    desk.page.set_viewport_size(size)
    desk.page.goto(desk.page.url + pane)

    found = Axe().run(desk.page)["violations"]

    assert [(it["id"], it["nodes"][0]["html"][:200]) for it in found] == []
