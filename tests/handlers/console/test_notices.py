"""What somebody was told: the bell, the list, and what counts as seen."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select

from bot.db.engine import reading, transaction
from bot.notices import trouble
from bot.notices.queue import notify
from bot.notices.tables import Fate, NoticeDelivery, NoticeKind, StaffNotice
from bot.people.tables import Role, Staff
from bot.tickets.tables import Ticket
from tests.builders import a_caseworker, a_ticket
from tests.conftest import NOW
from tests.handlers.console.conftest import Browser, Time

UNSEEN = re.compile(r'class="count">(\d+)<')


def tell(engine: Engine, person: Staff, kind: NoticeKind, **more: object) -> None:
    with transaction(engine) as session:
        values = {"once": f"{kind}", "now": NOW} | more
        notify(session, staff_id=person.id, kind=kind, **values)  # type: ignore[arg-type]


def seen(engine: Engine) -> list[bool]:
    with reading(engine) as session:
        rows = session.scalars(select(StaffNotice).order_by(StaffNotice.id))
        return [row.seen_at is not None for row in rows]


def test_every_page_says_how_many_are_unseen(
    desk: Browser, engine: Engine, worker: Staff, ticket: Ticket
) -> None:
    assert not UNSEEN.search(desk.open("/me").text)

    tell(engine, worker, NoticeKind.MENTIONED, ticket_id=ticket.id)
    tell(engine, worker, NoticeKind.TASK_DUE)

    for path in ("/me", "/knowledge/", f"/tickets/{ticket.number}"):
        found = UNSEEN.search(desk.open(path).text)
        assert found, path
        assert found.group(1) == "2"


def test_a_page_learns_of_a_new_notice_by_asking_again(
    desk: Browser, engine: Engine, worker: Staff
) -> None:
    page = desk.open("/me").text
    again = re.search(r'hx-get="(/notices/bell[^"]*)"', page)
    assert again
    assert desk.open(again.group(1)).status_code == 204

    tell(engine, worker, NoticeKind.CRISIS_PAGE)

    fresh = desk.open(again.group(1)).text
    assert "bell ringing urgent" in fresh
    assert "其中有紧急的" in fresh


def test_the_list_says_what_and_which_ticket_and_how_it_went(
    desk: Browser, engine: Engine, worker: Staff, ticket: Ticket
) -> None:
    tell(engine, worker, NoticeKind.ASSIGNED, ticket_id=ticket.id)
    with transaction(engine) as session:
        notice = session.scalars(select(StaffNotice)).one()
        refused = NoticeDelivery(
            notice_id=notice.id, channel="wechat", state=Fate.REFUSED, reason="user_block",
            not_before=NOW, at=NOW,
        )  # fmt: skip
        session.add(refused)

    page = desk.open("/notices").text

    assert f'href="/tickets/{ticket.number}"' in page
    assert "工作台：还没看" in page
    assert "微信：没发出去" in page
    assert "屏蔽" in page


def test_a_ticket_that_is_no_longer_ones_own_is_no_link(
    desk: Browser, engine: Engine, worker: Staff
) -> None:
    with transaction(engine) as session:
        other = a_ticket(session, assignee=a_caseworker(session))
    tell(engine, worker, NoticeKind.MENTIONED, ticket_id=other.id)

    page = desk.open("/notices").text

    assert f"/tickets/{other.number}" not in page
    assert "现在不归您看" in page


def test_nobody_reads_what_another_was_told(
    desk: Browser, engine: Engine, person: Callable[..., Staff]
) -> None:
    tell(engine, person(), NoticeKind.APPROVAL_WANTED)

    assert "还没有提醒" in desk.open("/notices").text
    desk.send("/notices/seen", {"up_to": "1"})
    assert seen(engine) == [False]


def test_looking_at_the_list_counts_up_to_what_was_shown(
    desk: Browser, engine: Engine, worker: Staff
) -> None:
    tell(engine, worker, NoticeKind.MENTIONED)
    page = desk.open("/notices").text
    shown = re.search(r'name="up_to" value="(\d+)"', page)
    assert shown
    tell(engine, worker, NoticeKind.TASK_DUE)

    desk.send("/notices/seen", {"up_to": shown.group(1)})

    assert seen(engine) == [True, False]


def test_opening_the_ticket_counts_for_its_notices(
    desk: Browser, engine: Engine, worker: Staff, ticket: Ticket
) -> None:
    tell(engine, worker, NoticeKind.ASSIGNED, ticket_id=ticket.id)
    tell(engine, worker, NoticeKind.TASK_DUE)
    desk.open(f"/tickets/{ticket.number}")

    desk.send(f"/tickets/{ticket.number}/seen")

    assert seen(engine) == [True, False]


def test_the_live_list_is_sent_only_when_it_changed(
    desk: Browser, engine: Engine, worker: Staff, time: Time
) -> None:
    tell(engine, worker, NoticeKind.MENTIONED)
    page = desk.open("/notices").text
    again = re.search(r'hx-get="(/notices/live[^"]*)"', page)
    assert again
    assert desk.open(again.group(1)).status_code == 204

    tell(engine, worker, NoticeKind.TASK_DUE)

    assert "有任务到时间了" in desk.open(again.group(1)).text


def test_a_test_notice_goes_over_every_channel_once(
    desk: Browser, engine: Engine, worker: Staff
) -> None:
    desk.open("/notices")
    for _ in range(2):
        assert desk.send("/notices/test").status_code == 303

    assert "这是一条测试提醒" in desk.open("/notices").text
    assert len(seen(engine)) == 1


def test_a_broken_channel_is_said_on_every_page(
    desk: Browser, engine: Engine, worker: Staff
) -> None:
    assert "到不了您那里" not in desk.open("/me").text

    with transaction(engine) as session:
        trouble.warn(session, staff_id=worker.id, channel="wechat", reason="user_block", now=NOW)

    assert "到不了您那里" in desk.open("/knowledge/").text
    assert "您把服务号的消息屏蔽了" in desk.open("/notices/ways").text


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.SUPERVISOR, Role.ADMIN])
def test_only_an_admin_sees_whom_nothing_reaches(
    as_role: Callable[[Role], Browser], engine: Engine, worker: Staff, role: Role
) -> None:
    browser = as_role(role)
    with transaction(engine) as session:
        trouble.warn(
            session, staff_id=worker.id, channel="wechat", reason="not_following", now=NOW
        )

    page = browser.open("/notices/ways").text

    assert ("谁现在收不到提醒" in page) is (role == Role.ADMIN)
    assert ("王芳</strong> · 微信" in page) is (role == Role.ADMIN)


def test_the_notice_of_a_week_leads_to_its_report(
    as_role: Callable[[Role], Browser], engine: Engine
) -> None:
    boss = as_role(Role.SUPERVISOR)
    with reading(engine) as session:
        person = session.scalars(select(Staff).where(Staff.role == Role.SUPERVISOR)).one()
    tell(engine, person, NoticeKind.WEEKLY_REPORT)

    found = re.search(r'href="([^"]+)">上周的周报做好了', boss.open("/notices").text)

    assert found
    assert boss.open(found.group(1)).status_code == 200
