"""The pages of accounts."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select

from bot.db.engine import transaction
from bot.notices.tables import StaffNotice
from bot.people.tables import Organisation, Role, Staff
from tests.conftest import NOW
from tests.handlers.console.conftest import Browser

People = Callable[..., Staff]
Enter = Callable[[Role], Browser]
NEW = {"login": "lihua", "name": "李华", "role": "caseworker", "services": ["法律援助", "教育"],
       "areas": "官渡区、昭通", "languages": ["汉语", "彝语"]}  # fmt: skip


def by_login(engine: Engine, login: str) -> Staff:
    with transaction(engine) as session:
        return session.scalars(select(Staff).where(Staff.login == login)).one()


def test_an_admin_opens_an_account_and_sees_its_password_once(
    as_role: Enter, visitor: Browser, engine: Engine
) -> None:
    admin = as_role(Role.ADMIN)

    page = admin.send("/staff/new", NEW)

    shown = re.search(r'id="first-password">([^<]+)<', page.text)
    assert shown
    person = by_login(engine, "lihua")
    assert (person.services, person.area_codes) == (["法律援助", "教育"], ["530111", "530600"])
    assert shown.group(1) not in admin.open(f"/staff/{person.id}").text
    assert visitor.log_in("lihua", shown.group(1)).status_code == 302
    assert visitor.open("/").headers["Location"] == "/me/password"


def test_a_problem_stands_beside_its_field_and_nothing_typed_is_lost(as_role: Enter) -> None:
    page = as_role(Role.ADMIN).send("/staff/new", {**NEW, "areas": "火星"})

    assert page.status_code == 400
    assert "没有找到地区“火星”" in page.text
    assert 'value="李华"' in page.text
    assert 'value="教育" checked' in page.text
    assert re.search(r'name="areas"[^>]*aria-invalid="true"', page.text)


def test_a_profile_is_changed(as_role: Enter, person: People, engine: Engine) -> None:
    colleague = person()

    as_role(Role.ADMIN).send(
        f"/staff/{colleague.id}", {"name": "王小芳", "role": "supervisor", "areas": ""}
    )

    changed = by_login(engine, colleague.login)
    assert (changed.name, changed.role) == ("王小芳", "supervisor")


def test_a_shut_account_can_be_opened_again(
    as_role: Enter, person: People, engine: Engine
) -> None:
    admin, colleague = as_role(Role.ADMIN), person()

    admin.send(f"/staff/{colleague.id}/active", {"on": "0"})
    assert not by_login(engine, colleague.login).active

    admin.send(f"/staff/{colleague.id}/active", {"on": "1"})
    assert by_login(engine, colleague.login).active


def test_the_last_admin_is_told_why_not(as_role: Enter, engine: Engine) -> None:
    admin = as_role(Role.ADMIN)
    with transaction(engine) as session:
        own = session.scalars(select(Staff)).one()

    page = admin.send(f"/staff/{own.id}/active", {"on": "0"})

    assert page.status_code == 403
    assert "不能停用自己" in page.text


def test_a_reset_shows_a_new_password(as_role: Enter, person: People, visitor: Browser) -> None:
    colleague = person()

    page = as_role(Role.ADMIN).send(f"/staff/{colleague.id}/password")

    shown = re.search(r'id="first-password">([^<]+)<', page.text)
    assert shown
    assert visitor.log_in(colleague.login, shown.group(1)).status_code == 302


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.SUPERVISOR])
@pytest.mark.parametrize("path", ["/staff/new", "/staff/1"])
def test_accounts_are_for_admins_only(as_role: Enter, role: Role, path: str) -> None:
    page = as_role(role).open(path)

    assert page.status_code == 403
    assert "您的角色不能打开这一页" in page.text


@pytest.mark.parametrize("deed", ["password", "active", "duty", ""])
def test_a_caseworker_cannot_act_on_accounts(
    as_role: Enter, person: People, engine: Engine, deed: str
) -> None:
    colleague = person()

    page = as_role(Role.CASEWORKER).send(
        f"/staff/{colleague.id}/{deed}".rstrip("/"), {"on": "0", "role": "admin", "name": "x"}
    )

    assert page.status_code == 403
    same = by_login(engine, colleague.login)
    assert (same.active, same.on_duty, same.role) == (True, True, "caseworker")
    assert same.password_hash == colleague.password_hash


def test_a_caseworker_goes_off_duty_from_any_page(as_role: Enter, engine: Engine) -> None:
    browser = as_role(Role.CASEWORKER)

    back = browser.send("/me/duty", {"on": "0", "next": "/help"})

    assert back.headers["Location"] == "/help"
    with transaction(engine) as session:
        assert not session.scalars(select(Staff)).one().on_duty


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/staff/{}/password", {}),
        ("/staff/{}/second", {}),
        ("/staff/{}", {"name": "王芳", "role": "supervisor"}),
    ],
)
def test_nobody_is_made_a_reader_or_taken_over_unseen(
    as_role: Enter, person: People, engine: Engine, path: str, form: dict[str, str]
) -> None:
    victim, boss, other = person(), person(Role.SUPERVISOR), person(Role.ADMIN)
    elsewhere, colleague = person(Role.SUPERVISOR), person()
    with transaction(engine) as session:
        houses = [Organisation(name=name, created_at=NOW) for name in ("甲", "乙")]
        session.add_all(houses)
        session.flush()
        for one, house in ((victim, 0), (boss, 0), (elsewhere, 1), (colleague, 0)):
            session.get_one(Staff, one.id).organisation_id = houses[house].id

    as_role(Role.ADMIN).send(path.format(victim.id), form)

    with transaction(engine) as session:
        told = select(StaffNotice.staff_id).where(StaffNotice.kind == "account")
        assert set(session.scalars(told)) == {victim.id, boss.id, other.id}


def test_supervisors_learn_of_an_account_that_is_opened(as_role: Enter, engine: Engine) -> None:
    boss = as_role(Role.SUPERVISOR)

    as_role(Role.ADMIN).send("/staff/new", {**NEW, "role": "supervisor"})

    page = boss.open("/notices").text
    assert "管理员新开、改了或重设了一个账号" in page
    assert 'href="/staff/"' in page
