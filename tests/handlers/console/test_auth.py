"""Logging in and out, and what a lost login does."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import Engine, select

from bot.audit import AuditEvent
from bot.db.engine import reading, transaction
from bot.people import staff
from bot.people.tables import Role, Staff
from bot.settings import Settings
from handlers.console.app import make_app
from tests.conftest import NOW
from tests.handlers.console.conftest import PASSWORD, Browser, Time

People = Callable[..., Staff]
Enter = Callable[[Role], Browser]


def deeds(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return list(session.scalars(select(AuditEvent.deed).order_by(AuditEvent.id)))


def test_a_right_pair_opens_the_console(visitor: Browser, person: People, engine: Engine) -> None:
    response = visitor.log_in(person().login)

    assert response.status_code == 302
    assert visitor.open("/me").status_code == 200
    assert deeds(engine) == ["login"]


def test_a_login_is_found_however_it_is_typed(visitor: Browser, person: People) -> None:
    assert visitor.log_in(f" {person().login.upper()} ").status_code == 302


def test_wrong_locked_inactive_and_unknown_get_the_same_answer(
    visitor: Browser, person: People
) -> None:
    locked = person(locked_until=NOW + timedelta(minutes=1))
    gone = person(active=False)

    answers = [
        visitor.log_in(person().login, "not the password"),
        visitor.log_in(locked.login),
        visitor.log_in(gone.login),
        visitor.log_in("nobody"),
    ]

    assert {answer.status_code for answer in answers} == {401}
    texts = [answer.text for answer in answers]
    assert all("登录名或密码不对" in text for text in texts)
    assert all("停用" not in text and "锁" not in text for text in texts)
    assert visitor.open("/me").status_code == 302


def test_an_unknown_login_costs_a_comparison_too(
    visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = []
    hasher = "argon2.PasswordHasher.verify"
    monkeypatch.setattr(hasher, lambda self, stored, given: compared.append(stored))

    visitor.log_in("nobody")

    assert len(compared) == 1


def test_five_wrong_tries_lock_the_account_for_a_minute(
    visitor: Browser, person: People, time: Time
) -> None:
    login = person().login
    for _ in range(5):
        visitor.log_in(login, "wrong password")

    assert visitor.log_in(login).status_code == 401
    time.at += timedelta(seconds=61)
    assert visitor.log_in(login).status_code == 302


def test_each_address_may_try_only_so_often(
    console_settings: Settings, engine: Engine, time: Time
) -> None:
    strict = console_settings.console.model_copy(update={"login_per_minute": 3})
    app = make_app(
        console_settings.model_copy(update={"console": strict}), engine=engine, now=time
    )
    browser = Browser(app.test_client())

    answers = [browser.log_in(f"nobody{number}").status_code for number in range(4)]

    assert answers == [401, 401, 401, 429]


def test_a_try_without_the_forms_token_is_refused(visitor: Browser, person: People) -> None:
    login = person().login
    visitor.open("/login")

    response = visitor.client.post("/login", data={"login": login, "password": PASSWORD})

    assert response.status_code == 400
    assert visitor.open("/me").status_code == 302


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    console_settings: Settings, engine: Engine, time: Time
) -> None:
    safe = console_settings.console.model_copy(
        update={"secure_cookies": True, "secret_key": SecretStr("s")}
    )
    app = make_app(console_settings.model_copy(update={"console": safe}), engine=engine, now=time)

    cookie = app.test_client().get("/login").headers["Set-Cookie"]

    assert all(flag in cookie for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/;"))
    assert cookie.startswith("__Host-")
    assert "Domain" not in cookie


def test_a_login_gets_a_session_of_its_own(visitor: Browser, person: People) -> None:
    visitor.open("/login")
    with visitor.client.session_transaction() as before:
        before["planted"] = "by somebody else"
        token = before["csrf_token"]

    visitor.log_in(person().login)

    with visitor.client.session_transaction() as after:
        assert "planted" not in after
        assert after.get("csrf_token") != token


def test_a_login_ends_after_its_hours(as_role: Enter, time: Time) -> None:
    browser = as_role(Role.CASEWORKER)

    time.at += timedelta(hours=12)

    response = browser.open("/me?from=bus")
    assert response.status_code == 302
    assert response.headers["Location"] == "/login?next=/me?from%3Dbus"


def test_logging_out_ends_the_login(as_role: Enter, engine: Engine) -> None:
    browser = as_role(Role.CASEWORKER)

    browser.send("/logout")

    assert browser.open("/me").status_code == 302
    assert deeds(engine)[-1] == "logout"


def test_ending_all_logins_keeps_only_this_one(app: Flask, person: People) -> None:
    login = person().login
    phone, desk = Browser(app.test_client()), Browser(app.test_client())
    phone.log_in(login)
    desk.log_in(login)
    desk.open("/me")

    desk.send("/me/end-logins")

    assert desk.open("/me").status_code == 200
    assert phone.open("/me").status_code == 302


def test_a_shut_account_is_out_with_its_next_request(as_role: Enter, engine: Engine) -> None:
    browser = as_role(Role.CASEWORKER)
    with transaction(engine) as session:
        admin = Staff(login="boss", name="周", role=Role.ADMIN, password_hash="!", created_at=NOW)
        session.add(admin)
        person = session.scalars(select(Staff).where(Staff.login != "boss")).one()
        staff.deactivate(session, person, by=admin, now=NOW)

    assert browser.open("/me").status_code == 302


def test_login_goes_on_to_where_the_person_was(visitor: Browser, person: People) -> None:
    response = visitor.log_in(person().login, next="/me?tab=1")

    assert response.headers["Location"] == "/me?tab=1"


@pytest.mark.parametrize(
    "target",
    ["https://evil.test/", "//evil.test/", "/\\evil.test", "\\\\evil.test", "javascript:alert(1)",
     "/\t/evil.test", " //evil.test", "evil.test", "/\n//evil.test", "http:evil.test"],
)  # fmt: skip
def test_login_never_leads_to_another_site(visitor: Browser, person: People, target: str) -> None:
    assert visitor.log_in(person().login, next=target).headers["Location"] == "/"


def test_a_text_sent_after_the_login_ended_stays_on_the_page(as_role: Enter, time: Time) -> None:
    browser = as_role(Role.CASEWORKER)
    time.at += timedelta(hours=13)

    response = browser.send(
        "/me/duty",
        {"on": "1", "text": "李大姐，您的材料<b>收到了</b>"},
        headers={"Referer": "http://localhost/me?x=1"},
    )

    assert response.status_code == 401
    assert "李大姐，您的材料&lt;b&gt;收到了" in response.text
    assert 'name="next" value="/me?x=1"' in response.text
    assert 'name="password"' in response.text


def test_a_part_of_a_page_is_not_replaced_when_the_login_ended(as_role: Enter, time: Time) -> None:
    browser = as_role(Role.CASEWORKER)
    time.at += timedelta(hours=13)

    response = browser.open("/me", headers={"HX-Request": "true"})

    assert response.status_code == 401
    assert response.headers["HX-Reswap"] == "none"
    assert "登录已过期" in response.text
    assert "<form" not in response.text


def test_a_first_password_must_be_replaced_before_anything_else(
    visitor: Browser, person: People
) -> None:
    visitor.log_in(person(must_change_password=True).login)
    assert visitor.open("/me").headers["Location"] == "/me/password"

    visitor.open("/me/password")
    new = "三个 不相干 的词 88"
    visitor.send("/me/password", {"old": PASSWORD, "new": new, "again": new})

    assert visitor.open("/me").status_code == 200


def test_an_unlocked_phone_does_not_let_a_stranger_guess_the_password(
    console_settings: Settings, engine: Engine, time: Time, person: People
) -> None:
    strict = console_settings.console.model_copy(update={"login_per_minute": 3})
    changed = console_settings.model_copy(update={"console": strict})
    phone = Browser(make_app(changed, engine=engine, now=time).test_client())
    phone.log_in(person().login)
    phone.open("/me/password")

    guess = {"old": "a guess", "new": "三个 不相干 的词 88", "again": "三个 不相干 的词 88"}
    answers = [phone.send("/me/password", guess).status_code for _ in range(4)]

    assert answers == [400, 400, 400, 429]
