"""A simulator with a clock of its own, a callback that answers as told, and one resident."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.settings import Console, Service, Settings, Simulator, WeChat
from handlers.simulator.app import make_app
from handlers.simulator.model import Json
from tests.handlers.simulator.stub import AES_KEY, APP_ID, APP_SECRET, TOKEN, Stub, running

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
LIMIT = 0.2


@dataclass
class Ticking:
    """A clock that a test moves."""

    moment: datetime = START

    def __call__(self) -> datetime:
        return self.moment

    def pass_by(self, **span: float) -> None:
        self.moment += timedelta(**span)


def a_settings(folder: Path, *, mode: str = "demo", enabled: bool = True) -> Settings:
    wechat = WeChat.model_validate(
        {"token": TOKEN, "aes_key": AES_KEY, "app_id": APP_ID, "app_secret": APP_SECRET}
    )
    return Settings.model_construct(
        service=Service.model_validate({"mode": mode, "data_dir": folder}),
        simulator=Simulator(enabled=enabled),
        console=Console(),
        wechat=wechat,
    )


@dataclass
class Driver:
    """Speaks to a simulator as a test and as the service."""

    app: Flask
    client: FlaskClient
    openid: str = ""
    token: str = ""

    def sim(self, path: str, /, **fields: object) -> Json:
        response = self.client.post(f"/sim/{path}", json=fields)
        assert response.status_code < 300, response.text
        answer: Json = response.get_json()
        return answer

    def look(self, path: str) -> Json:
        answer: Json = self.client.get(f"/sim/{path}").get_json()
        return answer

    def act(self, what: str, /, **fields: object) -> Json:
        return self.sim(f"residents/{self.openid}/{what}", **fields)

    def chat(self) -> list[Json]:
        bubbles: list[Json] = self.client.get(f"/sim/residents/{self.openid}/chat").get_json()
        return bubbles

    def fault(self, kind: str, **fields: object) -> None:
        self.sim("faults", kind=kind, **fields)

    def call(self, path: str, data: str | None = None, **query: str) -> TestResponse:
        method = "GET" if data is None else "POST"
        url = f"/cgi-bin/{path}"
        query = {"access_token": self.token or self.new_token()} | query
        return self.client.open(url, method=method, query_string=query, data=(data or "").encode())

    def new_token(self) -> str:
        asked = f'{{"grant_type":"client_credential","appid":"{APP_ID}","secret":"{APP_SECRET}"}}'
        answer = self.client.post("/cgi-bin/stable_token", data=asked).get_json()
        self.token = str(answer["access_token"])
        return self.token

    def wait_for(self, condition: Callable[[], bool], seconds: float = 60) -> None:
        """Wait for something that happens in the background."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "waited in vain"
            time.sleep(0.02)

    def say(self, text: str = "好的", **more: str) -> int:
        extra = "".join(f',"{name}":{value}' for name, value in more.items())
        data = (
            f'{{"touser":"{self.openid}","msgtype":"text","text":{{"content":"{text}"}}{extra}}}'
        )
        return int(self.call("message/custom/send", data).get_json()["errcode"])


@pytest.fixture
def ticking() -> Ticking:
    return Ticking()


@pytest.fixture
def stub() -> Iterator[Stub]:
    with running(Stub()) as stub:
        yield stub


@pytest.fixture
def driver(tmp_path: Path, ticking: Ticking, stub: Stub) -> Driver:
    app = make_app(a_settings(tmp_path), now=ticking, callback_url=stub.url, limit_seconds=LIMIT)
    driver = Driver(app, app.test_client())
    driver.openid = driver.sim("residents", name="小李", followed=True)["openid"]
    return driver
