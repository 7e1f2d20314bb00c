"""Complaint 17: in the field the phone lacks deadlines, and an offline edit overwrites another."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.casefile import tasks, visits
from bot.casefile.tables import CaseTask, TaskKind
from bot.db.engine import transaction
from bot.people.tables import Role, Staff
from tests.browsing import log_in
from tests.builders import a_ticket
from tests.conftest import NOW
from tests.handlers.console import conftest as console
from tests.handlers.console import test_tickets_browser as browser_parts
from tests.handlers.console.test_casefile_tasks import PLAN

address = browser_parts.address
app, console_settings, time, person = (
    console.app, console.console_settings, console.time, console.person,
)  # fmt: skip


@dataclass
class Field:
    """Two people with a phone each, on the page of the same visit."""

    contexts: list[BrowserContext]
    pages: list[Page]
    task_id: int
    engine: Engine

    def values(self) -> list[list[str]]:
        with Session(self.engine) as session:
            report = visits.report(session, session.get_one(CaseTask, self.task_id))
            return [[value.text for value in field.values] for field in report[:2]]


@pytest.fixture
def field(
    app: Flask, address: str, browser: Browser, engine: Engine, person: Callable[..., Staff]
) -> Iterator[Field]:
    worker, boss = person(name="王芳"), person(Role.SUPERVISOR, name="赵敏")
    with transaction(engine) as session:
        ticket = a_ticket(session, assignee=session.get_one(Staff, worker.id))
        task = tasks.plan(
            session, ticket=ticket, kind=TaskKind.VISIT, staff_id=None, by=worker,
            text=PLAN["text"], due_at=NOW.replace(hour=8), now=NOW,
        )  # fmt: skip
    contexts = [browser.new_context(viewport=browser_parts.PHONE) for _ in range(2)]
    pages = [context.new_page() for context in contexts]
    for page, staff in zip(pages, (worker, boss), strict=True):
        log_in(page, address, staff.login, console.PASSWORD, then=f"/tasks/{task.id}")
        expect(page.get_by_label("见到了谁")).to_be_visible()
    yield Field(contexts, pages, task.id, engine)
    for context in contexts:
        context.close()


def test_two_offline_edits_of_one_field_are_both_kept_and_the_conflict_is_shown(
    field: Field,
) -> None:
    for context in field.contexts:
        context.set_offline(True)
    for page, met in zip(field.pages, ("奶奶在家", "爷爷在家"), strict=True):
        page.get_by_label("见到了谁").fill(met)
        page.get_by_role("button", name="先存下").click()
        expect(page.locator("[data-visit-state]")).to_contain_text("没有信号")
    assert field.values() == [[], []]

    for context, page in zip(field.contexts, field.pages, strict=True):
        context.set_offline(False)
        expect(page.locator("[data-visit-state]")).to_be_hidden()

    assert sorted(field.values()[0]) == ["奶奶在家", "爷爷在家"]
    second = field.pages[1]
    expect(second.get_by_role("heading", name="写得不一样")).to_be_visible()
    second.get_by_role("button", name="用王芳写的").click()
    expect(second.get_by_text("定下来了")).to_be_visible()
    assert field.values()[0] == ["奶奶在家"]


def test_offline_edits_of_different_fields_need_nobody_to_settle(field: Field) -> None:
    first, second = field.pages
    field.contexts[1].set_offline(True)
    second.get_by_label("家里、住处的情况").fill("砖房，漏雨")
    second.get_by_role("button", name="先存下").click()
    first.get_by_label("见到了谁").fill("奶奶在家")
    first.get_by_role("button", name="先存下").click()
    expect(first.get_by_text("走访记录存下了")).to_be_visible()

    field.contexts[1].set_offline(False)

    expect(second.get_by_label("见到了谁")).to_have_value("奶奶在家")
    assert field.values() == [["奶奶在家"], ["砖房，漏雨"]]


def test_what_was_typed_without_a_connection_survives_a_closed_page(field: Field) -> None:
    page, context = field.pages[0], field.contexts[0]
    page.get_by_label("见到了谁").press_sequentially("奶奶在家")
    address = page.url
    page.close()

    again = context.new_page()
    again.goto(address)

    expect(again.get_by_label("见到了谁")).to_have_value("奶奶在家")
    expect(again.locator("[data-visit-kept]")).to_be_visible()
    assert field.values() == [[], []]


def test_the_phone_shows_when_it_is_due_and_leads_back_to_the_ticket(field: Field) -> None:
    page = field.pages[0]

    expect(page.locator(".page-head .chip")).to_contain_text("今天 16:00")
    page.locator("dd a[href*='/tickets/']").click()

    expect(page.get_by_label("回复居民")).to_be_visible()
