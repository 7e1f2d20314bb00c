"""The calendar's page: what admins see of a year, and what they may change."""

import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, select

from bot.audit import AuditEvent
from bot.db.engine import reading, transaction
from bot.people.tables import Role, Staff
from bot.settings import Settings
from bot.tickets.tables import Ticket
from bot.workdays import calendar
from bot.workdays.calendar import Calendar
from tests.bot.workdays.announcement import as_csv
from tests.builders import a_ticket
from tests.handlers.console.conftest import Browser

Enter = Callable[[Role], Browser]
TORCHES = {"day": "2026-08-07", "works": "0", "why": "火把节"}


def stored(engine: Engine, settings: Settings) -> Calendar:
    with reading(engine) as session:
        return calendar.load(session, settings)


def deeds(engine: Engine) -> list[str]:
    with reading(engine) as session:
        found = session.scalars(select(AuditEvent.deed).order_by(AuditEvent.id)).all()
    return [deed for deed in found if deed.startswith("calendar.")]


def upload(browser: Browser, content: bytes) -> tuple[int, str]:
    file = (io.BytesIO(content), "2027.csv")
    answer = browser.send("/calendar/list", {"file": file}, content_type="multipart/form-data")
    text = browser.open(answer.headers["Location"]).text if answer.location else answer.text
    return answer.status_code, text


def test_an_announced_year_at_a_glance(as_role: Enter) -> None:
    page = as_role(Role.ADMIN).open("/calendar/").text

    assert "2026 年日历 <small>248 个工作日</small>" in page
    assert "已公布" in page
    assert "10月1日至7日" in page
    assert "9月20日（周日）、10月10日（周六）" in page
    assert '<span class="day made-up announced" title="国庆节">20<b>班</b></span>' in page
    assert '<span class="day off announced" title="国庆节">7<b>休</b></span>' in page
    assert re.search(r'class="day work  today"|class="day work today"', page)


def test_a_year_that_is_not_announced_says_that_it_is_provisional(as_role: Enter) -> None:
    page = as_role(Role.ADMIN).open("/calendar/?year=2027").text

    assert "2027 年的放假安排还没有载入" in page
    assert "暂定：法定假日" in page
    assert '<span class="day off statutory" title="国庆节">3<b>休</b></span>' in page
    assert "国务院公布</td>" not in page


def test_a_day_is_added_and_taken_back(as_role: Enter, engine: Engine, settings: Settings) -> None:
    admin = as_role(Role.ADMIN)

    admin.send("/calendar/day", TORCHES)
    page = admin.open("/calendar/").text
    off = stored(engine, settings).works(date(2026, 8, 7))
    admin.send("/calendar/day/remove", {"day": "2026-08-07"})

    assert "8月7日（周五）已定为放假" in page
    assert '<span class="day off own" title="火把节">' in page
    assert not off
    assert stored(engine, settings).works(date(2026, 8, 7))
    assert deeds(engine) == ["calendar.put", "calendar.remove"]
    assert "改日历的一天" in admin.open("/audit/").text


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({**TORCHES, "day": ""}, "请填日期"),
        ({**TORCHES, "day": "八月"}, "日期不是日期"),
        ({**TORCHES, "day": "2062-08-07"}, "核对年份"),
        ({**TORCHES, "why": " "}, "说明要有"),
    ],
)
def test_a_problem_is_said_and_nothing_changes(
    as_role: Enter, engine: Engine, form: dict[str, str], says: str
) -> None:
    page = as_role(Role.ADMIN).send("/calendar/day", form)

    assert page.status_code == 400
    assert says in page.text
    assert deeds(engine) == []


def test_an_announced_list_is_uploaded_and_taken_down(
    as_role: Enter, engine: Engine, settings: Settings
) -> None:
    admin = as_role(Role.ADMIN)

    _, page = upload(admin, as_csv())
    _, again = upload(admin, as_csv())
    loaded = stored(engine, settings)
    admin.send("/calendar/list/2027/drop")

    assert "2027 年的放假安排已载入" in page
    assert "改为放假：2月9日至12日、" in page
    assert "改为上班：2月20日、5月8日、10月9日。" in page
    assert "暂定：法定假日" not in page
    assert "与原来的一样" in again
    assert loaded.works(date(2027, 10, 9))
    assert stored(engine, settings).provisional(2027)
    assert deeds(engine) == ["calendar.load", "calendar.load", "calendar.drop"]


def test_a_list_with_one_wrong_day_changes_nothing(
    as_role: Enter, engine: Engine, settings: Settings
) -> None:
    status, page = upload(as_role(Role.ADMIN), as_csv(without="2027-10-02"))

    assert status == 400
    assert "没有载入：缺法定假日 2027-10-02 国庆节" in page
    assert stored(engine, settings).provisional(2027)
    assert deeds(engine) == []


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.SUPERVISOR])
def test_only_admins_see_and_change_it(
    as_role: Enter, engine: Engine, settings: Settings, role: Role
) -> None:
    other = as_role(role)

    answers = [
        other.open("/calendar/"),
        other.send("/calendar/day", TORCHES),
        other.send("/calendar/day/remove", {"day": "2026-08-07"}),
        other.send("/calendar/list/2027/drop"),
    ]

    assert [answer.status_code for answer in answers] == [403] * 4
    assert upload(other, as_csv())[0] == 403
    assert deeds(engine) == []


def test_what_is_already_taken_back_is_said(as_role: Enter) -> None:
    assert (
        as_role(Role.ADMIN).send("/calendar/day/remove", {"day": "2026-08-07"}).status_code == 404
    )


def test_a_due_date_in_a_provisional_year_says_so(
    desk: Browser, worker: Staff, ticket: Ticket, engine: Engine
) -> None:
    announced = desk.open(f"/tickets/{ticket.number}").text
    with transaction(engine) as session:
        later = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
        other = a_ticket(
            session, assignee=session.get_one(Staff, worker.id), reply_due_at=later
        ).number

    assert "放假安排还没公布" not in announced
    assert "放假安排还没公布" in desk.open(f"/tickets/{other}").text
