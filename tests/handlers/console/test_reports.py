"""The pages of numbers: who reads them, what they show, and the list behind each."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from sqlalchemy import Engine

from bot.db.engine import transaction
from bot.people.tables import Role
from bot.tickets.tables import CloseCode
from tests.builders import a_caseworker, a_ticket
from tests.conftest import NOW
from tests.handlers.console.conftest import Browser
from tests.handlers.console.queries import MOST_QUERIES, counted
from tests.handlers.console.test_tickets_list import numbers

Enter = Callable[[Role], Browser]
PAGES = ("/reports/", "/reports/equal")


@pytest.fixture
def month(engine: Engine) -> None:
    with transaction(engine) as session:
        worker = a_caseworker(session)
        for number in range(9):
            yi = {"languages": ["彝语"]} if number < 3 else {}
            a_ticket(session, assignee=worker, facts=yi, area_code="530111", first_reply_at=NOW)
        for code in (CloseCode.SOLVED, CloseCode.SOLVED, CloseCode.ANSWERED_UNCONFIRMED):
            a_ticket(session, assignee=worker, state="closed", close_code=code, closed_at=NOW)


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.ADMIN])
@pytest.mark.parametrize("page", PAGES)
def test_numbers_are_for_supervisors(as_role: Enter, role: Role, page: str) -> None:
    assert as_role(role).open(page).status_code == 403


@pytest.mark.parametrize("page", [*PAGES, "/reports/?by=area", "/reports/?by=scene"])
def test_empty_pages_say_so(as_role: Enter, page: str) -> None:
    response = as_role(Role.SUPERVISOR).open(page)

    assert response.status_code == 200
    assert "这些天没有" in response.text


@pytest.mark.usefixtures("month")
def test_every_number_opens_as_many_tickets_as_it_says(as_role: Enter) -> None:
    browser = as_role(Role.SUPERVISOR)
    page = browser.open("/reports/").text
    links = re.findall(r'<a class="(?:big|number)" href="(/tickets[^"]+)">(\d+)</a>', page)

    assert len(links) > 8
    for address, number in links:
        assert len(numbers(browser.open(unescape(address)).text)) == int(number), address


@pytest.mark.usefixtures("month")
def test_rates_stand_beside_what_they_are_made_of(as_role: Enter) -> None:
    page = re.sub(r"<[^>]+>", "", as_role(Role.SUPERVISOR).open("/reports/").text)
    page = re.sub(r"\s+", " ", page)

    assert "居民亲口说解决 2 · 说没有 0" in page
    assert "问过 3，答了的占 66.7%" in page
    assert "没回音 1 · 联系不上 0" in page


@pytest.mark.usefixtures("month")
def test_a_small_group_is_not_shown(as_role: Enter) -> None:
    page = as_role(Role.SUPERVISOR).open("/reports/?by=language").text

    assert "彝语" in page
    assert "不显示" in page
    assert "language=%E5%BD%9D%E8%AF%AD" not in page


@pytest.mark.usefixtures("month")
@pytest.mark.parametrize(
    "page", [*PAGES, *(f"/reports/?by={by}" for by in ("area", "team", "person", "scene"))]
)
def test_a_page_asks_little(as_role: Enter, engine: Engine, page: str) -> None:
    browser = as_role(Role.SUPERVISOR)

    with counted(engine) as asked:
        assert browser.open(page).status_code == 200

    assert len([one for one in asked if not one.startswith("BEGIN")]) <= MOST_QUERIES


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("period=7d", "2026年2月24日至2026年3月2日，共7天"),
        ("period=last_month", "2026年2月1日至2026年2月28日，共28天"),
        ("period=custom&first=2026-02-10&last=2026-02-01", "2026年2月1日至2026年2月10日"),
        ("period=custom&first=x&last=", "共30天"),
    ],
)
def test_the_days_are_chosen_by_the_address(as_role: Enter, query: str, says: str) -> None:
    assert says in as_role(Role.SUPERVISOR).open(f"/reports/?{query}").text


def test_satisfaction_is_shown_with_its_coverage_and_opens_its_list(
    as_role: Enter, engine: Engine
) -> None:
    with transaction(engine) as session:
        worker = a_caseworker(session)
        for satisfied in (True, True, False, None):
            a_ticket(session, assignee=worker, state="closed", closed_at=NOW, satisfied=satisfied)
    desk = as_role(Role.SUPERVISOR)

    page = desk.open("/reports/").text
    behind = unescape(re.findall(r'href="([^"]*satisfied=unhappy[^"]*)"', page)[0])

    assert "66.7%" in page
    assert re.search(r"问过 <a[^>]*>3</a>，占办结的 75%", page)
    assert len(numbers(desk.open(behind).text)) == 1
    assert "居民说不满意" in desk.open(behind).text
