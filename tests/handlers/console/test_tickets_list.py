"""The board: what is in which list, for whom, and how it is found."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.contracts import Urgency
from bot.db.engine import transaction
from bot.finding import index
from bot.inbox import InboundMessage
from bot.people.tables import Role, Staff
from bot.tickets.clocks.tables import TicketClock
from bot.tickets.tables import Ticket
from tests.builders import a_ticket
from tests.conftest import NOW
from tests.handlers.console.conftest import Browser


def numbers(page: str) -> list[str]:
    return re.findall(r'id="row-([\d-]+)"', page)


def count_of(page: str, label: str) -> str:
    found = re.search(rf"<span>{label}</span><b class=\"number[^\"]*\">(\d+)</b>", page)
    return found.group(1) if found else ""


def heard(session: Session, ticket: Ticket, text: str) -> None:
    message = InboundMessage(
        key=f"k{ticket.id}{text}", resident_id=ticket.resident_id, kind="text", text=text,
        sent_at=NOW, received_at=NOW, lease_until=NOW, ticket_id=ticket.id,
    )  # fmt: skip
    session.add(message)
    session.flush()
    index.add(session, ticket.id, text)


def test_a_caseworker_sees_own_tickets_and_the_queue_only(
    desk: Browser, engine: Engine, worker: Staff
) -> None:
    with transaction(engine) as session:
        own = a_ticket(session, assignee=session.get_one(Staff, worker.id))
        waiting = a_ticket(session, state="triage")
        others = a_ticket(session, summary="别人的事")

    mine, queue = desk.open("/tickets").text, desk.open("/tickets?view=queue").text
    team = desk.open("/tickets?view=team").text

    assert numbers(mine) == [own.number]
    assert numbers(queue) == [waiting.number]
    assert others.number not in mine + queue + team
    assert "团队" not in mine


def test_a_supervisor_sees_the_whole_team(
    as_role: Callable[[Role], Browser], engine: Engine
) -> None:
    with transaction(engine) as session:
        tickets = [a_ticket(session), a_ticket(session)]

    page = as_role(Role.SUPERVISOR).open("/tickets?view=team").text

    assert set(numbers(page)) == {ticket.number for ticket in tickets}
    assert count_of(page, "团队") == "2"


def test_an_admin_reads_nobodys_story(as_role: Callable[[Role], Browser], engine: Engine) -> None:
    with transaction(engine) as session:
        number = a_ticket(session).number
    admin = as_role(Role.ADMIN)

    answers = [admin.open(path) for path in ("/tickets", "/tickets/live", f"/tickets/{number}")]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert "老板跑了" not in "".join(answer.text for answer in answers)


def test_every_view_is_counted_within_the_scope(
    desk: Browser, engine: Engine, worker: Staff
) -> None:
    with transaction(engine) as session:
        own = session.get_one(Staff, worker.id)
        a_ticket(session, assignee=own, state="dispatched", reply_due_at=NOW)
        a_ticket(session, assignee=own, state="waiting_resident", last_reply_at=NOW)
        a_ticket(session, assignee=own, state="closed")
        a_ticket(session, state="triage")
        a_ticket(session, reply_due_at=NOW)

    page = desk.open("/tickets").text

    labels = ("我的", "待签收", "等居民", "快超时", "已超时", "未分派", "已办结")
    assert [count_of(page, label) for label in labels] == ["2", "1", "1", "0", "1", "1", "1"]


def test_a_crisis_stands_on_top_then_what_is_due_first(
    desk: Browser, engine: Engine, worker: Staff
) -> None:
    with transaction(engine) as session:
        own = session.get_one(Staff, worker.id)
        later = a_ticket(session, assignee=own, reply_due_at=NOW + timedelta(hours=9))
        sooner = a_ticket(session, assignee=own, reply_due_at=NOW + timedelta(hours=3))
        crisis = a_ticket(
            session, assignee=own, urgency=Urgency.CRISIS, reply_due_at=NOW + timedelta(hours=20)
        )

    page = desk.open("/tickets").text

    assert numbers(page) == [crisis.number, sooner.number, later.number]
    assert "危机" in page


@pytest.mark.parametrize(
    ("due_in", "says"),
    [
        (timedelta(hours=2, minutes=10), "还剩2小时10分"),
        (-timedelta(minutes=35), "已超35分"),
        (timedelta(days=1, hours=3), "还剩1天3小时"),
    ],
)
def test_the_clock_says_how_long_is_left(
    desk: Browser, engine: Engine, worker: Staff, due_in: timedelta, says: str
) -> None:
    with transaction(engine) as session:
        own = session.get_one(Staff, worker.id)
        a_ticket(session, assignee=own, reply_due_at=NOW + due_in)

    page = desk.open("/tickets").text

    assert says in page
    assert "前回复" in page


@pytest.mark.parametrize(
    ("kind", "due_in", "says"),
    [
        ("resolve", timedelta(hours=1), "办结还剩1小时"),
        ("accept", -timedelta(minutes=5), "签收已超5分"),
        ("resolve", timedelta(days=30), "还剩1天"),
    ],
)
def test_the_clock_that_is_due_next_is_shown_and_counted(
    desk: Browser, engine: Engine, worker: Staff, kind: str, due_in: timedelta, says: str
) -> None:
    with transaction(engine) as session:
        ticket = a_ticket(session, assignee=session.get_one(Staff, worker.id))
        session.add(
            TicketClock(
                ticket_id=ticket.id, kind=kind, started_at=NOW, due_at=NOW + due_in, rule="test"
            )
        )

    page = desk.open("/tickets").text

    assert f"</svg>{says}</span>" in page
    soon, late = count_of(page, "快超时"), count_of(page, "已超时")
    hours = due_in / timedelta(hours=1)
    assert (soon, late) == (str(int(0 < hours <= 2)), str(int(hours < 0)))


@pytest.mark.parametrize("words", ["小板桥的", "13800001234", "老板跑了"])
def test_finds_by_what_was_said(desk: Browser, engine: Engine, worker: Staff, words: str) -> None:
    with transaction(engine) as session:
        own = a_ticket(session, assignee=session.get_one(Staff, worker.id))
        heard(session, own, "在小板桥的工地上，电话13800001234")
        others = a_ticket(session)
        heard(session, others, "也在小板桥的工地上")

    page = desk.open("/tickets", query_string={"q": words}).text

    assert numbers(page) == [own.number]


def test_finds_by_part_of_a_number(desk: Browser, engine: Engine, worker: Staff) -> None:
    with transaction(engine) as session:
        own = a_ticket(session, assignee=session.get_one(Staff, worker.id), number="2603-4711")
        a_ticket(session, number="2603-4712")

    assert numbers(desk.open("/tickets?q=471").text) == [own.number]


def test_a_list_is_narrowed_by_its_address(desk: Browser, engine: Engine, worker: Staff) -> None:
    with transaction(engine) as session:
        own = session.get_one(Staff, worker.id)
        a_ticket(session, assignee=own)
        land = a_ticket(session, assignee=own, topic="land", urgency=Urgency.URGENT)

    assert numbers(desk.open("/tickets?topic=land").text) == [land.number]
    assert numbers(desk.open("/tickets?urgency=urgent").text) == [land.number]


def test_finds_by_alias(desk: Browser, engine: Engine, worker: Staff) -> None:
    with transaction(engine) as session:
        ticket = a_ticket(session, assignee=session.get_one(Staff, worker.id))
        a_ticket(session, assignee=session.get_one(Staff, worker.id))
    alias = re.search(
        rf'row-{ticket.number}.*?class="alias">(\w+)<', desk.open("/tickets").text, re.DOTALL
    )
    assert alias is not None

    page = desk.open("/tickets", query_string={"q": alias.group(1).lower()}).text

    assert numbers(page) == [ticket.number]


def test_the_last_words_are_shown_and_unread_is_counted(
    desk: Browser, engine: Engine, worker: Staff
) -> None:
    with transaction(engine) as session:
        ticket = a_ticket(session, assignee=session.get_one(Staff, worker.id))
        heard(session, ticket, "第一句")
        heard(session, ticket, "最后一句<b>")

    page = desk.open("/tickets").text

    assert "最后一句&lt;b&gt;" in page
    assert '<meta name="unread" content="1">' in page


def test_an_empty_list_says_what_would_be_there(desk: Browser) -> None:
    assert "新的事分给您时会出现在这里" in desk.open("/tickets").text


def test_a_long_list_has_pages(desk: Browser, engine: Engine, worker: Staff) -> None:
    with transaction(engine) as session:
        own = session.get_one(Staff, worker.id)
        for _ in range(51):
            a_ticket(session, assignee=own)

    first, second = desk.open("/tickets").text, desk.open("/tickets?page=2").text

    assert (len(numbers(first)), len(numbers(second))) == (50, 1)
