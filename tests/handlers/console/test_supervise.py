"""The supervisor's board: what it shows, what is behind each number, and that it keeps up."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import Engine

from bot.contracts import Urgency
from bot.db.engine import transaction
from bot.people.tables import DutyRole, DutyShift, Leave, LeaveKind, Role
from bot.tickets.alarm.tables import Page
from bot.tickets.approvals.tables import Approval, ApprovalKind
from bot.tickets.clocks.tables import TicketClock
from tests.builders import a_caseworker, a_ticket
from tests.conftest import NOW
from tests.handlers.console.conftest import Browser
from tests.handlers.console.queries import MOST_QUERIES, counted
from tests.handlers.console.test_tickets_list import numbers

Enter = Callable[[Role], Browser]
HOUR = timedelta(hours=1)


def text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.fixture
def busy(engine: Engine) -> None:
    """One of everything a supervisor must see."""
    with transaction(engine) as session:
        worker = a_caseworker(session, name="李明", capacity=2)
        other = a_caseworker(session, name="王芳", on_duty=False)
        a_ticket(session, assignee=worker, reply_due_at=NOW - HOUR)
        extended = a_ticket(session, assignee=worker, supervised_at=NOW)
        a_ticket(session, assignee=worker, state="waiting_resident")
        a_ticket(session, assignee=other, state="dispatched")
        a_ticket(session, assignee=other, state="resolved")
        a_ticket(session, state="closed", closed_at=NOW)
        a_ticket(session, state="triage", opened_at=NOW - 3 * HOUR, state_at=NOW - 3 * HOUR)
        crisis = a_ticket(
            session, assignee=other, state="dispatched", urgency=Urgency.CRISIS,
            opened_at=NOW - HOUR / 4,
        )  # fmt: skip
        session.add_all([
            Approval(ticket_id=extended.id, kind=ApprovalKind.EXTENSION, asked_by_id=worker.id,
                     asked_at=NOW - HOUR, reason="要等仲裁委的回信"),
            TicketClock(ticket_id=extended.id, kind="resolve", started_at=NOW - HOUR,
                        due_at=NOW - HOUR / 2, rule="ordinary.1"),
            Page(ticket_id=crisis.id, staff_id=other.id, rung=1, paged_at=NOW - HOUR / 4),
            Leave(staff_id=other.id, starts_at=NOW - HOUR, ends_at=NOW + 24 * HOUR,
                  kind=LeaveKind.SICK, set_at=NOW),
            DutyShift(staff_id=worker.id, role=DutyRole.CRISIS, rung=1, starts_at=NOW - HOUR,
                      ends_at=NOW + HOUR),
        ])  # fmt: skip


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.ADMIN])
@pytest.mark.parametrize("page", ["/supervise/", "/supervise/live"])
def test_the_board_is_for_supervisors(as_role: Enter, role: Role, page: str) -> None:
    assert as_role(role).open(page).status_code == 403


@pytest.mark.usefixtures("busy")
def test_every_number_opens_as_many_tickets_as_it_says(as_role: Enter) -> None:
    browser = as_role(Role.SUPERVISOR)
    page = browser.open("/supervise/").text
    found = re.findall(r'href="(/tickets\?[^"]+)"[^>]*>(?:<svg.*?</svg>)?(?:<b[^>]*>)?(\d+)', page)

    assert len(found) >= 13
    assert {"0", "1", "3"} <= {number for _, number in found}
    for address, number in found:
        assert len(numbers(browser.open(unescape(address)).text)) == int(number), address


@pytest.mark.usefixtures("busy")
def test_what_must_not_be_overlooked_is_named(as_role: Enter) -> None:
    page = text(as_role(Role.SUPERVISOR).open("/supervise/").text)

    assert "还没有人签收，已过15分" in page
    assert "等了3小时" in page
    assert "申请延期 李明" in page
    assert "要等仲裁委的回信" in page
    assert "办理超时 1 件" in page


@pytest.mark.usefixtures("busy")
def test_people_are_shown_with_what_they_carry(as_role: Enter) -> None:
    page = text(as_role(Role.SUPERVISOR).open("/supervise/").text)

    assert re.search(r"李明 在岗 危机值班1 3 3/2 满 1", page)
    assert re.search(r"王芳 请假到3月3日 10:00 2 4/30 0", page)


def test_an_accepted_crisis_says_who_came_and_how_soon(as_role: Enter, engine: Engine) -> None:
    with transaction(engine) as session:
        worker = a_caseworker(session, name="李明")
        a_ticket(
            session, assignee=worker, urgency=Urgency.CRISIS, opened_at=NOW - HOUR,
            accepted_at=NOW - HOUR + timedelta(minutes=4),
        )  # fmt: skip

    page = text(as_role(Role.SUPERVISOR).open("/supervise/").text)

    assert "李明 今天 09:04 签收，用了4分" in page


def test_an_empty_board_says_that_all_is_well(as_role: Enter) -> None:
    page = text(as_role(Role.SUPERVISOR).open("/supervise/").text)

    assert "都有人负责了" in page
    assert "没有等您批的" in page


def test_nothing_is_sent_while_nothing_changes(as_role: Enter, engine: Engine) -> None:
    browser = as_role(Role.SUPERVISOR)
    first = browser.open("/supervise/live")

    same = browser.open(f"/supervise/live?v={first.headers['X-Version']}")
    with transaction(engine) as session:
        a_ticket(session, state="triage")
    other = browser.open(f"/supervise/live?v={first.headers['X-Version']}")

    assert (first.status_code, same.status_code, other.status_code) == (200, 204, 200)


@pytest.mark.usefixtures("busy")
def test_the_board_asks_little(as_role: Enter, engine: Engine) -> None:
    browser = as_role(Role.SUPERVISOR)

    with counted(engine) as asked:
        browser.open("/supervise/")

    assert len([one for one in asked if not one.startswith("BEGIN")]) <= MOST_QUERIES
