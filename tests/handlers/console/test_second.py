"""Two-factor login in the console: set up, asked for at the door, and before data goes out."""

import re
from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from sqlalchemy import Engine

from bot.db.engine import transaction
from bot.people.signin import second
from bot.people.tables import Role, Staff
from bot.settings import Settings
from handlers.console.app import make_app
from tests.handlers.console.conftest import PASSWORD, Browser, Time

People = Callable[..., Staff]
EXPORTS = "/reports/exports/"


def phone_of(browser: Browser) -> pyotp.TOTP:
    """Begin the setting up and read the secret off the page, as somebody types it."""
    browser.open("/me/second")
    browser.send("/me/second", {"password": PASSWORD})
    found = re.search(r'id="second-secret">([A-Z2-7 ]+)<', browser.open("/me/second").text)
    assert found
    return pyotp.TOTP(found[1].replace(" ", ""))


def set_up(browser: Browser, at: Time) -> tuple[pyotp.TOTP, list[str]]:
    phone = phone_of(browser)
    page = browser.send("/me/second/confirm", {"code": phone.at(at())}).text
    browser.open("/me/second")  # a new login has a form token of its own
    return phone, re.findall(r"<code>([\w-]{19})</code>", page)


@pytest.fixture
def boss(person: People) -> Staff:
    return person(Role.SUPERVISOR)


@pytest.fixture
def own(visitor: Browser, boss: Staff) -> Browser:
    visitor.log_in(boss.login)
    return visitor


def real(settings: Settings, **console: object) -> Settings:
    """The same installation when it is no demo."""
    return settings.model_copy(
        update={
            "service": settings.service.model_copy(update={"mode": "production"}),
            "console": settings.console.model_copy(update=console),
        }
    )


def test_it_is_set_up_with_a_code_that_a_phone_can_scan(own: Browser, time: Time) -> None:
    phone = phone_of(own)

    picture = own.open("/me/second/code.svg")
    assert picture.content_type == "image/svg+xml"
    assert "style=" not in picture.text

    page = own.send("/me/second/confirm", {"code": phone.at(time())}).text
    assert len(re.findall(r"<code>[\w-]{19}</code>", page)) == 10
    assert "已设好" in own.open("/me/second").text
    assert own.open("/me/second/code.svg").status_code == 404


def test_a_desk_left_open_is_not_enough_to_set_one_up(own: Browser) -> None:
    own.open("/me/second")

    own.send("/me/second", {"password": "a guess"})

    page = own.open("/me/second").text
    assert "密码不对" in page
    assert "second-secret" not in page


def test_setting_it_up_ends_the_logins_without_it(
    app: Flask, own: Browser, boss: Staff, time: Time
) -> None:
    other = Browser(app.test_client())
    other.log_in(boss.login)

    set_up(own, time)

    assert own.open("/me").status_code == 200
    assert other.open("/me").status_code == 302


def test_the_door_asks_for_the_code_after_the_password(
    app: Flask, own: Browser, boss: Staff, time: Time
) -> None:
    phone, _ = set_up(own, time)
    time.at += timedelta(minutes=1)
    other = Browser(app.test_client())

    asked = other.log_in(boss.login, next="/me?from=bus")
    assert asked.headers["Location"] == "/login/code?next=/me?from%3Dbus"
    assert other.open("/me").status_code == 302
    other.open(asked.headers["Location"])
    assert other.send("/login/code", {"code": "000000"}).status_code == 401
    code = phone.at(time())
    entered = other.send("/login/code", {"code": code, "next": "/me?from=bus"})

    assert entered.headers["Location"] == "/me?from=bus"
    assert other.open("/me").status_code == 200
    third = Browser(app.test_client())
    third.log_in(boss.login)
    third.open("/login/code")
    assert third.send("/login/code", {"code": code}).status_code == 401  # it was taken


def test_the_right_password_does_not_take_wrong_codes_back(
    app: Flask, own: Browser, boss: Staff, time: Time
) -> None:
    phone, _ = set_up(own, time)
    time.at += timedelta(minutes=1)
    stranger = Browser(app.test_client())
    for _ in range(5):
        stranger.log_in(boss.login)
        stranger.open("/login/code")
        stranger.send("/login/code", {"code": "000000"})

    assert stranger.log_in(boss.login).status_code == 401
    assert stranger.send("/login/code", {"code": phone.at(time())}).status_code == 401


def test_a_password_typed_long_ago_opens_nothing(
    app: Flask, own: Browser, boss: Staff, time: Time
) -> None:
    phone, _ = set_up(own, time)
    other = Browser(app.test_client())
    other.log_in(boss.login)
    other.open("/login/code")

    time.at += timedelta(minutes=6)

    sent = other.send("/login/code", {"code": phone.at(time())})
    assert sent.headers["Location"].startswith("/login?")
    assert other.open("/me").status_code == 302


def test_a_code_on_paper_opens_the_door_once(
    app: Flask, own: Browser, boss: Staff, time: Time
) -> None:
    _, codes = set_up(own, time)
    answers = []
    for _ in range(2):
        other = Browser(app.test_client())
        other.log_in(boss.login)
        other.open("/login/code")
        answers.append(other.send("/login/code", {"code": codes[0]}).status_code)

    assert answers == [302, 401]


def test_whoever_takes_data_away_is_led_to_set_it_up(
    console_settings: Settings, engine: Engine, boss: Staff, time: Time
) -> None:
    app = make_app(real(console_settings), engine=engine, now=time)
    browser = Browser(app.test_client())
    browser.log_in(boss.login)

    led = browser.open(EXPORTS)
    assert led.headers["Location"] == f"/me/second?next={EXPORTS}"
    assert "先设好两步验证" in browser.open(led.headers["Location"]).text
    assert browser.send(EXPORTS, {"reason": "报数用"}).headers["Location"].startswith("/me/second")
    assert browser.open("/privacy/").headers["Location"] == "/me/second?next=/privacy/"
    assert browser.open("/tickets").status_code == 200

    set_up(browser, time)
    assert browser.open(EXPORTS).status_code == 200


def test_taking_data_away_later_asks_for_a_new_code(own: Browser, time: Time) -> None:
    assert own.open(EXPORTS).status_code == 200  # in a demo, without one
    phone, _ = set_up(own, time)
    time.at += timedelta(minutes=14)
    assert own.open(EXPORTS).status_code == 200

    time.at += timedelta(minutes=2)
    assert own.send(EXPORTS, {"reason": "报数用一下"}).status_code == 400  # no tickets: heard
    asked = own.open(EXPORTS)
    assert asked.headers["Location"] == f"/me/prove?next={EXPORTS}"
    own.open(asked.headers["Location"])
    wrong = own.send("/me/prove", {"code": "000000", "next": EXPORTS})
    assert wrong.headers["Location"].startswith("/me/prove")
    right = own.send("/me/prove", {"code": phone.at(time()), "next": EXPORTS})

    assert right.headers["Location"] == EXPORTS
    assert own.open(EXPORTS).status_code == 200
    time.at += timedelta(minutes=31)
    assert own.send(EXPORTS, {}).headers["Location"].startswith("/me/prove")


def test_it_can_be_made_obligatory_for_everybody(
    console_settings: Settings, engine: Engine, person: People, time: Time
) -> None:
    app = make_app(real(console_settings, second_factor="everybody"), engine=engine, now=time)
    browser = Browser(app.test_client())
    browser.log_in(person().login)

    assert browser.open("/tickets").headers["Location"] == "/me/second?next=/tickets"
    set_up(browser, time)
    assert browser.open("/tickets").status_code == 200


def test_wrong_codes_at_ones_own_desk_are_counted_too(own: Browser, time: Time) -> None:
    phone, _ = set_up(own, time)
    time.at += timedelta(minutes=1)
    for _ in range(5):
        assert own.send("/me/second/remove", {"code": "000000"}).status_code == 303

    own.send("/me/second/remove", {"code": phone.at(time())})

    assert "已设好" in own.open("/me/second").text


def test_it_is_taken_away_with_a_code(own: Browser, time: Time) -> None:
    _, codes = set_up(own, time)

    own.send("/me/second/remove", {"code": codes[3]})

    assert "开始设置" in own.open("/me/second").text


def test_an_admin_resets_what_was_lost(
    app: Flask, own: Browser, boss: Staff, person: People, time: Time, engine: Engine
) -> None:
    set_up(own, time)
    admin = Browser(app.test_client())
    admin.log_in(person(Role.ADMIN).login)
    assert "重设两步验证" in admin.open(f"/staff/{boss.id}").text

    admin.send(f"/staff/{boss.id}/second")

    assert own.open("/me").status_code == 302
    assert own.log_in(boss.login).headers["Location"] == "/"
    assert "重设两步验证" in admin.open("/audit/?deed=second.reset").text
    with transaction(engine) as session:
        assert not second.has(session, boss.id)
