"""Each channel really speaks: SMTP to a mail server, HTTP to a robot, JSON to WeChat's API."""

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import responses
from pydantic import SecretStr, ValidationError
from sqlalchemy import Engine

from bot.errors import SendLaterError, SendRefusedError
from bot.notices.mail import Mailer
from bot.notices.posts import MailPost, RobotPost, TemplatePost, make_posts
from bot.notices.robot import Robot
from bot.notices.sending import Parcel
from bot.notices.tables import Channel
from bot.sections import robot_may_call
from bot.settings import Alerts, Mail, Settings
from bot.wechat.client import make_wechat_api
from tests.bot.notices.mail_server import Mailbox, mail_server
from tests.bot.wechat import platform
from tests.conftest import NOW

BASE = "https://api.test"
TEMPLATE = f"{BASE}/cgi-bin/message/template/send"
PARCEL = Parcel(
    deliveries={7: 1},
    staff_id=1,
    channel=Channel.EMAIL,
    name="王芳",
    text="您有新的工单，请到工作台查看",
    numbers=("2611-0041",),
    at=NOW,
    address="wang@example.org",
)
LINK = "https://console.example.org/tickets/2611-0041"


@pytest.fixture
def linked(settings: Settings) -> Settings:
    ours = Alerts(template_id="t1", console_url="https://console.example.org/")
    return settings.model_copy(update={"alerts": ours})


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


def mailing(settings: Settings, box: Mailbox, **changes: object) -> MailPost:
    values = {
        "host": "127.0.0.1", "port": box.port, "security": "none",
        "sender": "云桥 <yunqiao@example.org>", "timeout_seconds": 2,
    }  # fmt: skip
    ours = settings.model_copy(update={"mail": Mail.model_validate(values | changes)})
    return MailPost(ours, Mailer(ours))


def test_a_mail_says_that_something_waits_and_where(linked: Settings, box: Mailbox) -> None:
    mailing(linked, box).send(PARCEL)

    [message] = box.took
    assert message["From"] == "云桥 <yunqiao@example.org>"
    assert message["To"] == "wang@example.org"
    assert message["Subject"] == "云桥：您有新的工单，请到工作台查看"
    assert "2611-0041" in message.get_content()
    assert LINK in message.get_content()


def test_the_same_mail_has_the_same_id_whenever_it_is_tried(
    linked: Settings, box: Mailbox
) -> None:
    mailing(linked, box).send(PARCEL)
    mailing(linked, box).send(replace(PARCEL, deliveries={7: 2}))
    mailing(linked, box).send(replace(PARCEL, deliveries={8: 1}))

    first, second, third = (message["Message-ID"] for message in box.took)
    assert first == second != third


def test_the_mail_server_is_logged_into(linked: Settings, box: Mailbox) -> None:
    mailing(linked, box, user="yunqiao", password="secret").send(PARCEL)

    assert any(line.startswith("AUTH PLAIN") for line in box.said)


def test_an_address_nobody_has_is_refused_for_good(linked: Settings, box: Mailbox) -> None:
    box.unknown.add("wang@example.org")

    with pytest.raises(SendRefusedError, match="mail_address"):
        mailing(linked, box).send(PARCEL)


@pytest.mark.parametrize(
    ("greeting", "password_ok", "outcome"),
    [
        ("220 ready", False, "mail_login"),
        ("421 too busy", True, "mail_server"),
        ("hello", True, "mail_server"),
    ],
)
def test_a_mail_server_that_takes_nothing_is_asked_again(
    linked: Settings, box: Mailbox, greeting: str, *, password_ok: bool, outcome: str
) -> None:
    box.greeting, box.password_ok = greeting, password_ok

    with pytest.raises(SendLaterError, match=outcome):
        mailing(linked, box, user="yunqiao", password="secret").send(PARCEL)


def test_no_mail_goes_out_in_the_clear_unless_that_is_set(linked: Settings, box: Mailbox) -> None:
    with pytest.raises(SendLaterError, match="mail_server"):
        mailing(linked, box, security="starttls").send(PARCEL)

    assert box.took == []


def test_a_mail_server_that_is_not_there_is_asked_again(linked: Settings) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        nobody = Mailbox(port=held.getsockname()[1])

        with pytest.raises(SendLaterError, match="network"):
            mailing(linked, nobody).send(PARCEL)


class Group(HTTPServer):
    """A WeCom group with a robot."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Listener)
        self.heard: list[dict[str, Any]] = []
        self.answer = (200, b'{"errcode": 0, "errmsg": "ok"}')
        self.headers: dict[str, str] = {}

    @property
    def where(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class Listener(BaseHTTPRequestHandler):
    server: Group

    def do_POST(self) -> None:
        size = int(self.headers["Content-Length"])
        self.server.heard.append(json.loads(self.rfile.read(size)))
        status, body = self.server.answer
        self.send_response(status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def group() -> Iterator[Group]:
    with Group() as group:
        thread = threading.Thread(target=group.serve_forever, daemon=True)
        thread.start()
        yield group
        group.shutdown()
        thread.join()


def robot(settings: Settings, group: Group) -> RobotPost:
    ours = Alerts(
        wecom_webhook=SecretStr(f"http://{group.where}/cgi-bin/webhook/send?key=k"),
        wecom_hosts=(group.where,),
        console_url="https://console.example.org",
    )
    own = settings.model_copy(update={"alerts": ours})
    return RobotPost(own, Robot(own))


def test_the_robot_names_the_person_and_the_number(settings: Settings, group: Group) -> None:
    robot(settings, group).send(replace(PARCEL, address="wangfang"))
    robot(settings, group).send(replace(PARCEL, address="@"))

    named, unnamed = group.heard
    assert named == {
        "msgtype": "markdown",
        "markdown": {
            "content": f"<@wangfang> 您有新的工单，请到工作台查看\n2611-0041\n[打开工作台]({LINK})"
        },
    }
    assert unnamed["markdown"]["content"].startswith("王芳 您有新的工单")


@pytest.mark.parametrize(
    ("code", "error", "outcome"),
    [
        (93000, SendRefusedError, "bad_robot"),
        (40058, SendRefusedError, "robot_refused"),
        (45009, SendLaterError, "too_fast"),
        (-1, SendLaterError, "busy"),
    ],
)
def test_what_a_robot_answers_is_understood(
    settings: Settings, group: Group, code: int, error: type[Exception], outcome: str
) -> None:
    group.answer = (200, json.dumps({"errcode": code}).encode())

    with pytest.raises(error, match=outcome):
        robot(settings, group).send(PARCEL)


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [(500, b"", "http_error"), (200, b"<html>", "unreadable"), (302, b"", "redirected")],
)
def test_a_robot_leads_nowhere_else(
    settings: Settings, group: Group, status: int, body: bytes, outcome: str
) -> None:
    group.answer, group.headers = (status, body), {"Location": "http://169.254.169.254/"}

    with pytest.raises(SendLaterError, match=outcome):
        robot(settings, group).send(PARCEL)


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k", True),
        ("http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k", False),
        ("https://qyapi.weixin.qq.com.evil.example/send", False),
        ("https://qyapi.weixin.qq.com@evil.example/send", False),
        ("https://user@qyapi.weixin.qq.com/send", False),
        ("https://qyapi.weixin.qq.com:8443/send", False),
        ("https://127.0.0.1/send", False),
        ("http://169.254.169.254/latest", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_a_robots_address_is_wecoms_own(url: str, *, may: bool) -> None:
    assert robot_may_call(url, ("qyapi.weixin.qq.com",)) is may


def test_another_address_stops_the_start_and_is_not_shown() -> None:
    with pytest.raises(ValidationError, match="wecom_hosts") as error:
        Alerts(wecom_webhook=SecretStr("https://evil.example/cgi-bin/webhook/send?key=s3cret"))

    assert "s3cret" not in str(error.value)


@pytest.fixture
def http() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        token = {"access_token": "a", "expires_in": 7200}
        mock.post(f"{BASE}/cgi-bin/stable_token", json=token)
        yield mock


def templates(settings: Settings, engine: Engine) -> TemplatePost:
    ours = settings.model_copy(update={"wechat": platform.settings(api_base=BASE)})
    return TemplatePost(ours, make_wechat_api(ours, engine=engine, clock=lambda: NOW))


def test_a_template_message_holds_the_number_and_no_more(
    linked: Settings, engine: Engine, http: responses.RequestsMock
) -> None:
    http.post(TEMPLATE, json={"errcode": 0, "msgid": 200})

    number = templates(linked, engine).send(replace(PARCEL, address="o-wang"))

    sent = json.loads(http.calls[-1].request.body or b"")
    assert number == "200"
    assert sent == {
        "touser": "o-wang",
        "template_id": "t1",
        "url": LINK,
        "client_msg_id": "notice-7",
        "data": {
            "thing1": {"value": "您有新的工单，请到工作台查看"},
            "character_string2": {"value": "2611-0041"},
            "time3": {"value": "2026年3月2日 10:00"},
        },
    }


@pytest.mark.parametrize(
    ("code", "error", "outcome"),
    [
        (43004, SendRefusedError, "not_following"),
        (40037, SendRefusedError, "bad_template"),
        (47003, SendRefusedError, "bad_template"),
        (45009, SendLaterError, "daily_limit"),
    ],
)
def test_what_wechat_answers_is_understood(
    linked: Settings, engine: Engine, http: responses.RequestsMock, code: int,
    error: type[Exception], outcome: str,
) -> None:  # fmt: skip
    http.post(TEMPLATE, json={"errcode": code})

    with pytest.raises(error, match=outcome):
        templates(linked, engine).send(replace(PARCEL, address="o-wang"))


def test_only_what_is_set_up_is_offered(open_settings: Settings, engine: Engine) -> None:
    api = make_wechat_api(open_settings, engine=engine, clock=lambda: NOW)
    bare = open_settings.model_copy(
        update={
            "alerts": Alerts(),
            "mail": Mail(),
            "simulator": open_settings.simulator.model_copy(update={"enabled": False}),
        }
    )

    assert set(make_posts(open_settings, api)) == {"wechat", "wecom", "email"}
    assert set(make_posts(bare, api)) == set()
