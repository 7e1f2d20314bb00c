"""WeChat's template message holds a number and no more; only what is set up is offered."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
import responses
from sqlalchemy import Engine

from bot.errors import SendLaterError, SendRefusedError
from bot.notices.posts import TemplatePost, make_posts
from bot.settings import Alerts, Mail, Settings
from bot.wechat.client import make_wechat_api
from tests.bot.notices.parcels import LINK, PARCEL
from tests.bot.wechat import platform
from tests.conftest import NOW

BASE = "https://api.test"
TEMPLATE = f"{BASE}/cgi-bin/message/template/send"


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
