"""Reports of weeks in the console."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine

from bot.db.engine import transaction
from bot.people.tables import Organisation, Role, Staff
from bot.reports import weekly
from bot.reports.periods import Period
from bot.settings import Settings
from bot.tickets import hours
from bot.tickets.change import note_event
from bot.tickets.tables import TicketEvent
from tests.builders import a_ticket
from tests.conftest import NOW
from tests.handlers.console.conftest import Browser
from tests.handlers.console.queries import MOST_QUERIES, counted

Enter = Callable[[Role], Browser]
WEEK = Period(date(2026, 2, 23), date(2026, 3, 1))


@pytest.fixture
def report(engine: Engine, settings: Settings) -> int:
    with transaction(engine) as session:
        for number in range(9):
            at = NOW - timedelta(days=4)
            yi = {"languages": ["彝语"]} if number < 2 else {}
            ticket = a_ticket(session, opened_at=at, facts=yi, area_code="530111")
            event = {"level": "ordinary", "urgency": "normal"}
            session.add(TicketEvent(ticket_id=ticket.id, kind="opened", data=event, at=at))
        session.flush()
        office = hours.office(session, settings)
        return weekly.make(session, WEEK, now=NOW, office=office).id


def test_of_several_organisations_one_sees_no_report_of_all(
    app: Flask, engine: Engine, report: int, person: Callable[..., Staff]
) -> None:
    with transaction(engine) as session:
        first = Organisation(name="官渡", created_at=NOW)
        session.add(first)
        session.flush()
        here = first.id
    browser = Browser(app.test_client())
    browser.log_in(person(Role.SUPERVISOR, organisation_id=here).login)
    path = f"/reports/weekly/{report}"

    alone = browser.open(path).status_code
    with transaction(engine) as session:
        session.add(Organisation(name="西山", created_at=NOW))

    assert (alone, browser.open(path).status_code) == (200, 404)
    assert path not in browser.open("/reports/weekly/").text


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.ADMIN])
def test_they_are_for_supervisors(as_role: Enter, role: Role, report: int) -> None:
    browser = as_role(role)

    assert browser.open("/reports/weekly/").status_code == 403
    assert browser.open(f"/reports/weekly/{report}").status_code == 403


def test_before_the_first_there_is_none(as_role: Enter) -> None:
    assert "还没有周报" in as_role(Role.SUPERVISOR).open("/reports/weekly/").text


def test_a_report_says_that_it_still_holds(as_role: Enter, engine: Engine, report: int) -> None:
    boss = as_role(Role.SUPERVISOR)
    assert "2026年2月23日至2026年3月1日" in boss.open("/reports/weekly/").text

    with counted(engine) as asked:
        page = boss.open(f"/reports/weekly/{report}").text

    assert len([one for one in asked if not one.startswith("BEGIN")]) <= MOST_QUERIES
    assert "重新数了一遍，一样" in page
    assert (
        '<a class="big" href="/tickets?view=all&amp;from=2026-02-23&amp;to=2026-03-01">9' in page
    )


def test_two_of_a_language_are_not_shown(as_role: Enter, report: int) -> None:
    page = as_role(Role.SUPERVISOR).open(f"/reports/weekly/{report}").text

    assert page.count("不显示</span>") == 2  # theirs, and the other that would give them away


def test_a_bent_log_raises_an_alarm(as_role: Enter, engine: Engine, report: int) -> None:
    with transaction(engine) as session:
        session.query(TicketEvent).filter(TicketEvent.kind == "opened").limit(
            1
        ).one().kind = "note"

    assert "对不上" in as_role(Role.SUPERVISOR).open(f"/reports/weekly/{report}").text


def test_what_happens_later_is_no_alarm(as_role: Enter, engine: Engine, report: int) -> None:
    with transaction(engine) as session:
        note_event(session, a_ticket(session), "note", now=NOW, text="后来的")

    assert "一样" in as_role(Role.SUPERVISOR).open(f"/reports/weekly/{report}").text
