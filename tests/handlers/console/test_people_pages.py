"""The pages of roster, leave, codes, organisations and work."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import Engine, select

from bot.db.engine import reading, transaction
from bot.people.tables import DutyShift, OfficeShift, Organisation, Role, Scene, Staff
from tests.conftest import NOW
from tests.handlers.console.conftest import Browser

People = Callable[..., Staff]
Enter = Callable[[Role], Browser]
CRISIS = {"role": "crisis", "rung": "2", "on": "2026-03-03", "from": "18:00", "until": "08:30"}


def rows(engine: Engine, table: type) -> list[object]:
    with reading(engine) as session:
        return list(session.scalars(select(table)))


def test_a_night_of_the_roster_ends_on_the_next_day(
    as_role: Enter, person: People, engine: Engine
) -> None:
    boss, worker = as_role(Role.SUPERVISOR), person(name="杨梅")

    answer = boss.send("/roster/", {**CRISIS, "staff_id": worker.id, "week": "2026-03-02"})

    (shift,) = rows(engine, DutyShift)
    assert isinstance(shift, DutyShift)
    assert answer.status_code == 302
    assert (shift.staff_id, shift.rung) == (worker.id, 2)
    assert shift.ends_at - shift.starts_at == timedelta(hours=14.5)
    page = boss.open("/roster/?week=2026-03-02").text
    assert page.count("18:00 – 次日 08:30") == 1
    assert page.count("前日 18:00 – 08:30") == 1
    boss.send(f"/roster/{shift.id}/remove", {"week": "2026-03-02"})
    assert rows(engine, DutyShift) == []


def test_a_problem_of_the_roster_stands_beside_its_field(as_role: Enter, person: People) -> None:
    boss, admin = as_role(Role.SUPERVISOR), person(Role.ADMIN)

    page = boss.send("/roster/", {**CRISIS, "staff_id": admin.id})

    assert page.status_code == 400
    assert "这个人不接工单" in page.text
    assert 'value="2026-03-03"' in page.text


def test_a_caseworker_reads_the_roster_and_changes_nothing(
    desk: Browser, worker: Staff, engine: Engine
) -> None:
    page = desk.open("/roster/").text

    assert "排一个班" not in page
    assert desk.send("/roster/", {**CRISIS, "staff_id": worker.id}).status_code == 403
    assert desk.send("/roster/copy", {"week": "2026-03-02"}).status_code == 403
    assert rows(engine, DutyShift) == []


def test_a_code_is_made_and_its_poster_printed(as_role: Enter, engine: Engine) -> None:
    boss = as_role(Role.SUPERVISOR)

    boss.send("/codes/", {"name": "关上社区", "area": "官渡区", "organisation_id": ""})
    (scene,) = rows(engine, Scene)
    assert isinstance(scene, Scene)
    assert scene.area_code == "530111"
    assert "正在向微信要" in boss.open("/codes/").text
    assert boss.open(f"/codes/{scene.code}/poster.pdf").status_code == 404
    with transaction(engine) as session:
        session.get_one(Scene, scene.code).url = "http://weixin.qq.com/q/02abc"
    pdf, png = (boss.client.get(f"/codes/{scene.code}/poster.{kind}") for kind in ("pdf", "png"))

    assert "关上社区" in PdfReader(io.BytesIO(pdf.data)).pages[0].extract_text()
    assert png.data.startswith(b"\x89PNG")
    assert "attachment" in pdf.headers["Content-Disposition"]
    boss.send(f"/codes/{scene.code}/active", {"on": "0"})
    assert "已停用" in boss.open("/codes/").text


def test_a_code_for_an_unknown_place_is_refused_beside_the_field(as_role: Enter) -> None:
    page = as_role(Role.ADMIN).send("/codes/", {"name": "某社区", "area": "火星"})

    assert page.status_code == 400
    assert "没有找到地区“火星”" in page.text
    assert 'value="某社区"' in page.text


def test_what_wechat_refused_can_be_asked_again(as_role: Enter, engine: Engine) -> None:
    with transaction(engine) as session:
        session.add(Scene(code="abc", name="某村", area_code="530111", problem="x", made_at=NOW))
    boss = as_role(Role.SUPERVISOR)

    assert "微信不给" in boss.open("/codes/").text
    boss.send("/codes/abc/again")

    assert "正在向微信要" in boss.open("/codes/").text


def test_an_organisation_with_team_and_hours(as_role: Enter, engine: Engine) -> None:
    admin = as_role(Role.ADMIN)
    form = {"name": "官渡站", "area": "官渡区", "hours": "8:30-12:00\n14:00-18:00"}

    assert admin.send("/organisations/new", form).status_code == 302
    admin.send("/organisations/1/teams", {"team": "外展队"})
    page = admin.open("/organisations/").text

    assert "昆明市官渡区" in page
    assert "外展队" in page
    assert "08:30–12:00，14:00–18:00" in page
    wrong = admin.send("/organisations/1", {**form, "hours": "全天"})
    assert wrong.status_code == 400
    assert "上班时间“全天”看不懂" in wrong.text
    assert len(rows(engine, OfficeShift)) == 2


def test_general_hours_are_set(as_role: Enter, engine: Engine) -> None:
    admin = as_role(Role.ADMIN)

    admin.send("/organisations/hours", {"hours": "9:00-12:00"})

    (shift,) = rows(engine, OfficeShift)
    assert isinstance(shift, OfficeShift)
    assert (shift.organisation_id, shift.starts, shift.ends) == (None, "09:00", "12:00")
    assert admin.send("/organisations/hours", {"hours": "??"}).status_code == 400


def test_a_supervisor_sets_somebodys_work(as_role: Enter, person: People, engine: Engine) -> None:
    with transaction(engine) as session:
        session.add(Organisation(name="官渡站", created_at=NOW))
    boss, worker, stand_in = as_role(Role.SUPERVISOR), person(name="杨梅"), person(name="李明昌")
    form = {"organisation_id": "1", "team_id": "", "lanes": ["minor"], "capacity": "12",
            "substitutes": [str(stand_in.id), "", ""], "phone": "13800000000"}  # fmt: skip

    assert boss.send(f"/staff/{worker.id}/work", form).status_code == 302

    with reading(engine) as session:
        saved = session.get_one(Staff, worker.id)
        assert (saved.organisation_id, saved.lanes, saved.capacity) == (1, ["minor"], 12)
        assert saved.substitutes == [stand_in.id]
    listed = boss.open("/staff/").text
    assert "0 / 12" in listed
    assert "新增账号" not in listed
    wrong = boss.send(f"/staff/{worker.id}/work", {**form, "capacity": "many"})
    assert wrong.status_code == 400
    assert "上限要是1到200的数" in wrong.text
    assert 'value="13800000000"' in wrong.text


@pytest.mark.parametrize(
    ("path", "roles"),
    [
        ("/roster/", {Role.CASEWORKER, Role.SUPERVISOR, Role.ADMIN}),
        ("/leave/", {Role.CASEWORKER, Role.SUPERVISOR, Role.ADMIN}),
        ("/staff/", {Role.SUPERVISOR, Role.ADMIN}),
        ("/codes/", {Role.SUPERVISOR, Role.ADMIN}),
        ("/codes/abc/poster.pdf", set()),
        ("/organisations/", {Role.ADMIN}),
        ("/organisations/new", {Role.ADMIN}),
    ],
)
def test_each_page_opens_for_its_roles(as_role: Enter, path: str, roles: set[Role]) -> None:
    opened = {role for role in Role if as_role(role).open(path).status_code == 200}

    assert opened == roles
