"""Taking tickets away in a file, in the console."""

import io
from collections.abc import Callable

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.audit import AuditEvent
from bot.db.engine import transaction
from bot.people.tables import Role
from bot.settings import Settings
from tests.bot.chat import a_line
from tests.bot.chores.doing import do_all
from tests.builders import a_ticket
from tests.fakes import FakeNlu, SetClock
from tests.handlers.console.conftest import Browser

Enter = Callable[[Role], Browser]
ASKED: dict[str, object] = {
    "topic": "wages",
    "columns": ["state", "area"],
    "reason": "给民政局报数",
}


@pytest.fixture
def boss(as_role: Enter, engine: Engine) -> Browser:
    with transaction(engine) as session:
        a_ticket(session, area_code="530111")
        a_ticket(session, topic="health")
    browser = as_role(Role.SUPERVISOR)
    browser.open("/reports/exports/")
    return browser


def write(engine: Engine, settings: Settings) -> None:
    """Do what the console asked for."""
    do_all(a_line(engine, settings, FakeNlu(), SetClock()))


def test_a_file_is_asked_for_written_and_fetched(
    boss: Browser, engine: Engine, console_settings: Settings
) -> None:
    assert boss.send("/reports/exports/", ASKED).status_code == 303
    assert "正在生成" in boss.open("/reports/exports/").text
    write(engine, console_settings)
    page = boss.open("/reports/exports/live").text
    assert "下载" in page
    assert "hx-get" not in page  # nothing is waited for any longer

    file = boss.send("/reports/exports/1")

    content = file.data
    file.close()
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert [row[1:] for row in rows] == [["状态", "县区"], ["办理中", "昆明市官渡区"]]
    assert "attachment" in file.headers["Content-Disposition"]
    with Session(engine) as session:
        deeds = list(session.scalars(select(AuditEvent.deed).order_by(AuditEvent.id)))
    assert deeds[-3:] == ["export.ask", "export.ready", "export.fetch"]


def test_another_supervisor_finds_nothing(
    boss: Browser, as_role: Enter, engine: Engine, console_settings: Settings
) -> None:
    boss.send("/reports/exports/", ASKED)
    write(engine, console_settings)
    other = as_role(Role.SUPERVISOR)

    assert other.send("/reports/exports/1").status_code == 404
    assert "给民政局报数" not in other.open("/reports/exports/").text


@pytest.mark.parametrize(
    ("changed", "says"),
    [({"reason": ""}, "请写清楚用途"), ({"topic": "housing"}, "没有工单，不用导出")],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    boss: Browser, changed: dict[str, str], says: str
) -> None:
    page = boss.send("/reports/exports/", ASKED | {"words": "1"} | changed)

    assert page.status_code == 400
    assert says in page.text
    assert 'name="words" value="1" checked' in page.text
    assert 'name="columns" value="area" checked' in page.text
    assert 'name="columns" value="team" checked' not in page.text


def test_admins_take_no_tickets_away(as_role: Enter) -> None:
    assert as_role(Role.ADMIN).open("/reports/exports/").status_code == 403


def test_the_page_says_how_many(boss: Browser) -> None:
    page = boss.open("/reports/exports/?topic=wages").text

    assert '<span class="number">1</span> 件' in page
    assert "欠薪与工资工时" in page
