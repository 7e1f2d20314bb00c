"""Where somebody is logged in: listed in plain words, ended one by one, and by doing nothing."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine

from bot.db.engine import transaction
from bot.people.signin import sessions
from bot.people.signin.devices import device_name
from bot.people.tables import Staff
from bot.settings import Settings
from tests.handlers.console.conftest import PASSWORD, Browser, Time

People = Callable[..., Staff]
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120.0 Mobile MicroMessenger/8.0"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36"


def entered(app: Flask, login: str, agent: str = DESK) -> Browser:
    browser = Browser(app.test_client())
    browser.open("/login")
    typed = {"login": login, "password": PASSWORD}
    assert browser.send("/login", typed, headers={"User-Agent": agent}).status_code == 302
    browser.open("/me")
    return browser


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (PHONE, "微信，安卓手机"),
        (DESK, "Chrome，Windows 电脑"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17) Version/17 Safari/604", "Safari，iPhone"),
        ("curl/8", "认不出的设备"),
    ],
)
def test_a_device_is_named_in_plain_words(agent: str, name: str) -> None:
    assert device_name(agent) == name


def test_one_of_several_logins_is_ended(app: Flask, person: People, time: Time) -> None:
    login = person().login
    phone = entered(app, login, PHONE)
    time.at += timedelta(minutes=5)
    desk = entered(app, login)

    page = desk.open("/me").text
    assert "微信，安卓手机" in page
    ends = re.findall(r"/me/logins/\d+/end", page)
    assert len(ends) == 2
    desk.send(ends[1])

    assert phone.open("/me").status_code == 302
    assert desk.open("/me").status_code == 200
    assert "微信，安卓手机" not in desk.open("/me").text


def test_nobody_ends_anothers_login(app: Flask, person: People) -> None:
    one, other = entered(app, person().login), entered(app, person().login)
    [theirs, *_] = re.findall(r"/me/logins/\d+/end", one.open("/me").text)

    assert other.send(theirs).status_code == 404
    assert one.open("/me").status_code == 200


def test_a_login_ends_when_nobody_does_anything(app: Flask, person: People, time: Time) -> None:
    browser = entered(app, person().login)
    for _ in range(3):
        time.at += timedelta(minutes=100)
        assert browser.open("/me").status_code == 200

    for _ in range(3):  # an open page asks by itself
        time.at += timedelta(minutes=45)
        browser.open("/tickets/live")

    assert browser.open("/me").status_code == 302


def test_a_cookie_is_worth_nothing_after_logging_out(app: Flask, person: People) -> None:
    browser = entered(app, person().login)
    kept = browser.client.get_cookie("yunqiao_console")
    assert kept is not None

    browser.send("/logout")
    browser.client.set_cookie("yunqiao_console", kept.value)

    assert browser.open("/me").status_code == 302


def test_a_changed_password_ends_the_other_logins(app: Flask, person: People) -> None:
    login = person().login
    phone, desk = entered(app, login, PHONE), entered(app, login)
    new = "三个 不相干 的词 88"

    desk.send("/me/password", {"old": PASSWORD, "new": new, "again": new})

    assert phone.open("/me").status_code == 302
    page = desk.open("/me").text
    assert len(re.findall(r"/me/logins/\d+/end", page)) == 1


def test_logins_long_over_are_taken_away(
    app: Flask, person: People, time: Time, engine: Engine, settings: Settings
) -> None:
    entered(app, person().login)

    def tidied() -> int:
        with transaction(engine) as session:
            return sessions.tidy(session, now=time(), settings=settings)

    time.at += timedelta(days=29)
    assert tidied() == 0
    time.at += timedelta(days=2)
    assert tidied() == 1
