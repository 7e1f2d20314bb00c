"""WeChat's calls, made by code that is not ours, against the public app."""

import re
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from bot.settings import Settings
from handlers.web.app import make_app
from tests.bot.chat import a_line
from tests.bot.wechat import platform
from tests.fakes import FakeNlu, SetClock


@dataclass(frozen=True)
class Phone:
    """Pushes as the platform does, and reads what comes back."""

    client: FlaskClient
    clock: SetClock

    def push(self, xml: str, *, key: str = platform.KEY) -> TestResponse:
        stamp = str(int(self.clock().timestamp()))
        args, body = platform.call(platform.encrypt(xml, key=key), stamp=stamp)
        return self.client.post("/wechat", query_string=args, data=body)

    def says(self, text: str) -> str:
        return reply_of(self.push(platform.text(text)))


def reply_of(response: TestResponse, *, key: str = platform.KEY) -> str:
    """Return the decrypted reply, or the bare body when there is none to decrypt."""
    sealed = re.search(r"<Encrypt><!\[CDATA\[(.+?)]]>", response.text)
    return platform.decrypt(sealed.group(1), key=key) if sealed else response.text


@pytest.fixture
def engine(stocked_engine: Engine) -> Engine:
    return stocked_engine


@pytest.fixture
def public_settings(settings: Settings) -> Settings:
    return settings.model_copy(
        update={"wechat": platform.settings(previous_aes_key=platform.OLD_KEY)}
    )


@pytest.fixture
def phone(engine: Engine, public_settings: Settings) -> Phone:
    clock = SetClock()
    line = a_line(engine, public_settings, FakeNlu(), clock)
    return Phone(make_app(public_settings, line).test_client(), clock)
