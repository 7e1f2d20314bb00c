"""Complaint 4: a half-written answer is lost when the ticket changes hands or is merged."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.db.engine import make_engine, transaction
from bot.desk import drafts
from bot.desk.drafts import Box
from bot.desk.tables import Draft
from bot.errors import RefusedError
from bot.jobs import TIMETABLE
from bot.people.tables import Role, Staff
from bot.settings import Settings
from bot.tickets import joining, moves, outcome, resident_moves, watching
from bot.tickets.tables import CloseCode, Level, Ticket, TicketEvent
from tests.browsing import log_in
from tests.builders import a_caseworker, a_ticket
from tests.conftest import NOW
from tests.handlers.console import conftest as console
from tests.handlers.console import test_tickets_browser as browser_parts
from tests.handlers.console.conftest import PASSWORD, Time

address = browser_parts.address
app, console_settings, time, person = (
    console.app, console.console_settings, console.time, console.person,
)  # fmt: skip

TYPED = "您先别急，我明天一早给您"
Deed = Callable[[Session, str, str, moves.Act, Settings], object]
DEEDS: dict[str, Deed] = {
    "accept": lambda s, n, _, by, __: moves.accept(s, n, by=by),
    "assign": lambda s, n, _, by, __: moves.assign(s, n, by=by, to=1 + by.now.minute % 3),
    "hand_back": lambda s, n, _, by, __: moves.hand_back(s, n, by=by, reason="不归我管"),
    "note": lambda s, n, _, by, __: moves.note(s, n, by=by, text=TYPED),
    "reply": lambda s, n, _, by, __: moves.reply(s, n, by=by, text=TYPED, once=str(by.now)),
    "wait": lambda s, n, _, by, __: moves.wait_for_resident(s, n, by=by),
    "resolve": lambda s, n, _, by, __: outcome.resolve(s, n, by=by, outcome="办好了"),
    "close": lambda s, n, _, by, __: outcome.close_without_answer(
        s, n, by=by, code=CloseCode.DUPLICATE, reason="重复"
    ),
    "reopen": lambda s, n, _, by, __: outcome.reopen(s, n, by=by),
    "merge": lambda s, n, o, by, __: joining.merge(s, n, by=by, into=o, other_person=True),
    "unmerge": lambda s, n, _, by, __: joining.unmerge(s, n, by=by),
    "split": lambda s, n, _, by, __: joining.split(s, n, by=by, summary="另一件"),
    "link": lambda s, n, o, by, __: joining.link(s, n, by=by, other=o),
    "relevel": lambda s, n, _, by, __: watching.relevel(
        s, n, by=by, level=Level.URGENT, reason="没饭吃"
    ),
    "supervise": lambda s, n, _, by, __: watching.supervise(s, n, by=by, reason="盯紧"),
    "withdraw": lambda s, n, _, by, __: resident_moves.withdraw(s, _ticket(s, n), now=by.now),
    "leave duty": lambda s, _, __, ___, ____: _all_off_duty(s),
    "the timetable": lambda s, _, __, by, own: [
        job(s, now=by.now, settings=own) for job in TIMETABLE
    ],
}


def _ticket(session: Session, number: str) -> Ticket:
    return session.scalars(select(Ticket).where(Ticket.number == number)).one()


def _all_off_duty(session: Session) -> None:
    for person in session.scalars(select(Staff)):
        person.on_duty = not person.on_duty


@pytest.fixture(scope="module")
def empty_engine(empty_database: Path) -> Engine:
    return make_engine(f"sqlite:///{empty_database}")


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(sorted(DEEDS)), st.integers(0, 2), st.booleans()), max_size=25
    )
)
def test_no_event_deletes_a_draft_text(
    steps: list[tuple[str, int, bool]], empty_engine: Engine, request: pytest.FixtureRequest
) -> None:
    own: Settings = request.getfixturevalue("settings")
    with Session(empty_engine) as session:  # never committed
        people = [a_caseworker(session), a_caseworker(session)]
        people.append(a_caseworker(session, role=Role.SUPERVISOR))
        numbers = [a_ticket(session, assignee=one).number for one in people[:2]]
        for one in people:
            for number in numbers:
                box = Box(one.id, _ticket(session, number).id, "reply.text", "a-page-of-it")
                drafts.keep(session, box, f"{TYPED}{one.id}", now=NOW)
        before = sorted(session.scalars(select(Draft.text)))
        for at, (deed, who, other) in enumerate(steps):
            newest = max(session.scalars(select(TicketEvent.id)), default=0)
            act = moves.Act(people[who], newest, NOW + timedelta(hours=7 * at))
            first, second = reversed(numbers) if other else numbers
            try:
                with session.begin_nested():
                    DEEDS[deed](session, first, second, act, own)
            except RefusedError:
                pass  # not to be done from here: nothing has happened
            session.flush()
            assert sorted(session.scalars(select(Draft.text))) == before, deed
    assert len(before) == 6


@pytest.fixture
def half_written(
    app: Flask, address: str, engine: Engine, person: Callable[..., Staff], page: Page
) -> dict[str, Any]:
    """Somebody has begun to answer, and the page says that it is kept."""
    worker = person(name="王芳")
    with transaction(engine) as session:
        number = a_ticket(session, assignee=session.get_one(Staff, worker.id)).number
    log_in(page, address, worker.login, PASSWORD, then=f"/tickets/{number}")
    page.get_by_label("回复居民").press_sequentially(TYPED)
    expect(page.get_by_text("草稿已存")).to_be_visible()
    return {"page": page, "number": number, "worker": worker, "address": address}


def test_a_crashed_browser_loses_nothing(half_written: dict[str, Any], browser: Browser) -> None:
    another = browser.new_context().new_page()
    number, worker = half_written["number"], half_written["worker"]

    log_in(another, half_written["address"], worker.login, PASSWORD, then=f"/tickets/{number}")

    expect(another.get_by_label("回复居民")).to_have_value(TYPED)
    another.context.close()


def test_a_ticket_that_went_to_somebody_else_leaves_the_text_with_its_author(
    half_written: dict[str, Any], engine: Engine
) -> None:
    page, number = half_written["page"], half_written["number"]
    with transaction(engine) as session:
        boss = a_caseworker(session, role=Role.SUPERVISOR)
        act = moves.Act(boss, 10**6, NOW)
        moves.assign(session, number, by=act, to=a_caseworker(session).id)
    expect(page.get_by_text("已经转给别人")).to_be_visible()

    page.get_by_label("回复居民").press_sequentially("打电话")  # the hand was quicker than the eye
    expect(page.get_by_text("草稿已存")).to_be_visible()
    page.goto(f"{half_written['address']}/drafts")

    draft = page.get_by_label(f"{number} 的草稿")
    expect(draft).to_contain_text(TYPED + "打电话")
    expect(draft).to_contain_text("已经不归您看")
    expect(draft.get_by_role("link")).to_have_count(0)


def test_after_a_login_that_ended_the_text_is_there(
    half_written: dict[str, Any], time: Time
) -> None:
    page, number = half_written["page"], half_written["number"]
    time.at += timedelta(hours=13)
    page.get_by_label("回复居民").press_sequentially("打电话")  # no longer kept by the server
    expect(page.locator("#notices").get_by_text("登录已过期")).to_be_visible()

    login = half_written["worker"].login
    log_in(page, half_written["address"], login, PASSWORD, then=f"/tickets/{number}")

    expect(page.get_by_label("回复居民")).to_have_value(TYPED + "打电话")
    expect(page.get_by_text("草稿已存")).to_be_visible()


def test_only_sending_it_lets_go(half_written: dict[str, Any]) -> None:
    page = half_written["page"]

    page.locator("#send").click()
    expect(page.get_by_label("回复居民")).to_have_value("")
    page.goto(f"{half_written['address']}/drafts")

    expect(page.get_by_text("没有草稿")).to_be_visible()
