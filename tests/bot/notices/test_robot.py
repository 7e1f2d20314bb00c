"""The group robot says things over HTTP, and leads nowhere but to WeCom."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from bot.errors import SendLaterError, SendRefusedError
from bot.notices.posts import RobotPost
from bot.notices.robot import Robot
from bot.sections_alerts import robot_may_call
from bot.settings import Alerts, Settings
from tests.bot.notices.parcels import LINK, PARCEL


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
